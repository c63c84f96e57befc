"""Commands of the registrations service, and the questions it answers."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from pydantic import Field

from shared.contract.facts.registrations import Call, Community, Programme, Room
from shared.contract.message import Command, Ids, Reply
from shared.contract.values import (
    Address,
    DateSpan,
    Domain,
    Id,
    InterestLevel,
    Line,
    Minutes,
    Prose,
    Tag,
    Value,
    Window,
    Zone,
)


class EstablishCommunity(Command):
    """Set up a community, or change how it is set up."""

    name: Line
    zone: Zone
    domain: Domain
    organiser: Line
    mailbox: Address
    policy_pack: Id = "no-lunch-no-friday"

    example: ClassVar[dict[str, Any]] = {k: v for k, v in Community.example.items() if k != "community"}


class AnnounceProgramme(Command):
    """Announce a programme, or change one: its dates, closures and call."""

    programme: Id
    title: Line
    zone: Zone
    first_day: date
    last_day: date
    closures: tuple[DateSpan, ...] = ()
    nation: str | None = Field(default=None, pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")
    policy_pack: Id = "no-lunch-no-friday"
    grid_minutes: int = Field(default=15, ge=5, le=60)
    call: Call | None = None

    example: ClassVar[dict[str, Any]] = Programme.example


class PersonDetails(Value):
    """A person as a command states them."""

    person: Id
    name: Line
    address: Address
    zone: Zone = "Europe/London"
    name_public: bool = False
    school: Line
    department: Line | None = None


_PERSON: dict[str, Any] = {
    "person": "p-001",
    "name": "Amara Osei",
    "address": "amara.osei@hillside.example",
    "school": "Hillside School",
    "department": "Science",
}


class RegisterPerson(Command):
    """Register a person, or change their name, address or affiliation. An address belongs to one person."""

    person: Id
    name: Line
    address: Address
    zone: Zone = "Europe/London"
    name_public: bool = False
    school: Line
    department: Line | None = None

    example: ClassVar[dict[str, Any]] = _PERSON

    def details(self) -> PersonDetails:
        return PersonDetails.model_validate(self.model_dump())


class PersonRow(PersonDetails):
    """One person of an import, with the windows that the importing source knows."""

    windows: tuple[Window, ...] = Field(default=(), max_length=1000)


class ImportPeople(Command):
    """Register many people at once, each with their availability. Rows stand alone: a bad one costs no other."""

    people: tuple[dict[str, Any], ...] = Field(
        min_length=1, max_length=250, description="rows of the form PersonRow; each is checked on its own"
    )

    example: ClassVar[dict[str, Any]] = {"people": [_PERSON]}


class AddRoom(Command):
    """Add a room, or change it."""

    room: Id
    name: Line
    site: Line
    capacity: int = Field(ge=1, le=100_000)
    features: tuple[Tag, ...] = ()
    online: bool = False
    join_url: str | None = Field(default=None, pattern=r"^https://[^\s<>\"]{1,300}$")
    unavailable: tuple[Window, ...] = ()

    example: ClassVar[dict[str, Any]] = Room.example


class WithdrawRoom(Command):
    """A room is lost. Nothing is placed there from the next solve on."""

    room: Id

    example: ClassVar[dict[str, Any]] = {"room": "library"}


class DraftProposal(Command):
    """Save a proposal without submitting it."""

    proposal: Id
    programme: Id
    title: Line
    abstract: Prose = ""
    format: Tag
    minutes: Minutes
    presenters: Ids = Field(min_length=1, max_length=20)
    parts: int = Field(default=1, ge=1, le=12)
    part_gap_days: tuple[int, int] = (1, 21)
    needs: tuple[Tag, ...] = ()
    seats: int = Field(default=1, ge=1, le=100_000)

    example: ClassVar[dict[str, Any]] = {
        "proposal": "retrieval-practice",
        "programme": "spring-2027",
        "title": "Retrieval practice in ten minutes",
        "format": "workshop",
        "minutes": 60,
        "presenters": ["p-001"],
    }


class SubmitProposal(DraftProposal):
    """Submit a proposal to a programme's call, or change one that is not yet accepted."""


class AcceptProposal(Command):
    """Accept a submitted proposal: it becomes a session, to be placed by the next solve."""

    proposal: Id

    example: ClassVar[dict[str, Any]] = {"proposal": "retrieval-practice"}


class WithdrawProposal(Command):
    """Withdraw a proposal. A session of it that was released leaves calendars with the next release."""

    proposal: Id

    example: ClassVar[dict[str, Any]] = {"proposal": "retrieval-practice"}


class StateAvailability(Command):
    """Say when a person can come. Replaces what the same source said before; other sources stay."""

    person: Id
    source: Id = Field(
        default="self",
        description="whose word this is: the person's own, or the name of a calendar; a partner's is its own name",
    )
    windows: tuple[Window, ...] = Field(default=(), max_length=1000)

    example: ClassVar[dict[str, Any]] = {
        "person": "p-001",
        "windows": [
            {
                "kind": "weekly",
                "answer": "if-need-be",
                "weekdays": ["tue"],
                "start": "15:30",
                "end": "17:00",
                "zone": "Europe/London",
                "first": "2027-01-05",
                "last": "2027-04-30",
            }
        ],
    }


class StateInterest(Command):
    """Say whether a person wants to come to a proposal."""

    person: Id
    session: Id
    level: InterestLevel

    example: ClassVar[dict[str, Any]] = {"person": "p-002", "session": "retrieval-practice", "level": "coming"}


class AskNames(Command):
    """Ask for the names that people allow the programme page to show."""

    people: Ids = Field(max_length=1000)

    example: ClassVar[dict[str, Any]] = {"people": ["p-001"]}


class Names(Reply):
    """Names by person; people who did not consent are left out."""

    names: dict[Id, str]

    example: ClassVar[dict[str, Any]] = {"names": {"p-001": "Amara Osei"}}


class AskPerson(Command):
    """Ask for what a person's own page shows. The link's generation must be the present one."""

    person: Id
    generation: int = Field(ge=1)

    example: ClassVar[dict[str, Any]] = {"person": "p-002", "generation": 1}


class OwnPage(Reply):
    """What a person's own page shows besides the programme."""

    name: str
    zone: Zone
    sessions: Ids = Field(description="sessions in which the person has a seat")

    example: ClassVar[dict[str, Any]] = {
        "name": "Ben Ito",
        "zone": "Europe/London",
        "sessions": ["retrieval-practice"],
    }


class RowResult(Value):
    """What became of one row of an import."""

    row: int = Field(ge=0, description="place in the command, from 0")
    person: str | None = None
    status: str = Field(pattern=r"^(accepted|rejected)$")
    errors: tuple[dict[str, str], ...] = ()


class PeopleImported(Reply):
    """The outcome of an import, row by row."""

    status: str = Field(default="accepted", pattern=r"^accepted$")
    seq: int = Field(ge=0)
    rows: tuple[RowResult, ...]

    example: ClassVar[dict[str, Any]] = {
        "status": "accepted",
        "seq": 17,
        "rows": [{"row": 0, "person": "p-001", "status": "accepted"}],
    }
