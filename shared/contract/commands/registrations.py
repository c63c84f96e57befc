"""Commands of the registrations service, and the questions it answers."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from shared.contract.commands.checking import Effect
from shared.contract.details import (
    COMMUNITY_EXAMPLE,
    PERSON_EXAMPLE,
    PROGRAMME_EXAMPLE,
    PROPOSAL_EXAMPLE,
    ROOM_EXAMPLE,
    CommunityDetails,
    PersonDetails,
    ProgrammeDetails,
    ProposalTerms,
    RoomDetails,
)
from shared.contract.externals import ByExternalId, ByExternalIdOrAddress
from shared.contract.message import Command, Ids, Reply
from shared.contract.values import (
    Id,
    InterestLevel,
    Minutes,
    Value,
    Window,
    Zone,
)


class EstablishCommunity(CommunityDetails, Command):
    """Set up a community, or change how it is set up."""

    example: ClassVar[dict[str, Any]] = COMMUNITY_EXAMPLE


class AnnounceProgramme(ProgrammeDetails, Command):
    """Announce a programme, or change one: its dates, closures and call."""

    example: ClassVar[dict[str, Any]] = PROGRAMME_EXAMPLE


class RegisterPerson(ByExternalId, PersonDetails, Command):
    """Register a person, or change their name, address or affiliation. An address belongs to one person."""

    example: ClassVar[dict[str, Any]] = PERSON_EXAMPLE


class PersonRow(ByExternalIdOrAddress, PersonDetails, Value):
    """One person of an import, with the windows that the importing source knows."""

    windows: tuple[Window, ...] = Field(default=(), max_length=1000)


class ImportPeople(Command):
    """Register many people at once, each with their availability. Rows stand alone: a bad one costs no other."""

    people: tuple[dict[str, Any], ...] = Field(
        min_length=1, max_length=250, description="rows of the form PersonRow; each is checked on its own"
    )

    example: ClassVar[dict[str, Any]] = {"people": [PERSON_EXAMPLE]}


class AddRoom(RoomDetails, Command):
    """Add a room, or change it."""

    example: ClassVar[dict[str, Any]] = ROOM_EXAMPLE


class WithdrawRoom(Command):
    """A room is lost. Nothing is placed there from the next solve on."""

    room: Id

    example: ClassVar[dict[str, Any]] = {"room": "library"}


class DraftProposal(ProposalTerms, Command):
    """Save a proposal without submitting it."""

    minutes: Minutes | None = Field(default=None, description="minutes; none given: as long as its format is")
    access_code: str | None = Field(
        default=None,
        min_length=8,
        max_length=100,
        pattern=r"^[!-~]+$",
        description="an access code, by which a proposal comes in while the call is closed",
    )

    example: ClassVar[dict[str, Any]] = PROPOSAL_EXAMPLE


class SubmitProposal(DraftProposal):
    """Submit a proposal to a programme's call, or change one that is not yet accepted."""


class AcceptProposal(Command):
    """Accept a submitted proposal: it becomes a session, to be placed by the next solve."""

    proposal: Id
    ask: bool = Field(default=True, description="have every presenter confirm; false: they have said yes already")

    example: ClassVar[dict[str, Any]] = {"proposal": "retrieval-practice"}


class WithdrawProposal(Command):
    """Withdraw a proposal. A session of it that was released leaves calendars with the next release."""

    proposal: Id

    example: ClassVar[dict[str, Any]] = {"proposal": "retrieval-practice"}


class StateAvailability(ByExternalId, Command):
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


class StateInterest(ByExternalId, Command):
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
    effect: Effect | None = Field(default=None, description="what the row does; told to the organiser")
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
