"""Facts of the registrations service: who, what, when they can, who has a seat."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field

from shared.contract.message import Fact, Ids
from shared.contract.values import (
    Address,
    Answer,
    DateSpan,
    Domain,
    Id,
    Instant,
    InterestLevel,
    Line,
    Minutes,
    Prose,
    Tag,
    Value,
    Window,
    Zone,
)
from shared.time.intervals import Interval


class Community(Fact):
    """A community of educators: the tenant. Its domain makes the UIDs of its calendar entries."""

    community: Id
    name: Line
    zone: Zone
    domain: Domain
    organiser: Line = Field(description="name shown as organiser of invitations")
    mailbox: Address = Field(description="mailbox that invitations come from and replies go to")
    policy_pack: Id = "no-lunch-no-friday"

    example: ClassVar[dict[str, Any]] = {
        "community": "northgate",
        "name": "Northgate Learning Alliance",
        "zone": "Europe/London",
        "domain": "northgate.example",
        "organiser": "Northgate sessions",
        "mailbox": "sessions@northgate.example",
    }


class Call(Value):
    """The window in which a programme takes proposals."""

    opens: Instant
    closes: Instant


class Programme(Fact):
    """The thing that is planned: a term of light lunches, a TeachMeet evening, an unconference day."""

    programme: Id
    title: Line
    zone: Zone
    first_day: date
    last_day: date
    closures: tuple[DateSpan, ...] = ()
    nation: str | None = Field(
        default=None,
        pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$",
        description="whose bank holidays stay free: ISO 3166 country, with subdivision where holidays differ (GB-ENG)",
    )
    policy_pack: Id = "no-lunch-no-friday"
    grid_minutes: int = Field(default=15, ge=5, le=60, description="sessions start on this grid of local time")
    call: Call | None = None

    example: ClassVar[dict[str, Any]] = {
        "programme": "spring-2027",
        "title": "Spring term 2027",
        "zone": "Europe/London",
        "first_day": "2027-01-05",
        "last_day": "2027-04-30",
        "closures": [{"first": "2027-02-15", "last": "2027-02-19", "reason": "half-term"}],
        "nation": "GB-ENG",
    }


class Contact(Fact):
    """Name and address of a person. Read by registrations and notifier only."""

    person: Id
    name: Line
    address: Address
    zone: Zone
    name_public: bool = Field(default=False, description="may the programme page show this name")
    link_generation: int = Field(default=1, ge=1, description="raising it revokes every signed link")

    example: ClassVar[dict[str, Any]] = {
        "person": "p-001",
        "name": "Amara Osei",
        "address": "amara.osei@hillside.example",
        "zone": "Europe/London",
        "name_public": True,
    }


class PersonKey(Fact):
    """An address is claimed by one person. The subject holds a keyed digest, never the address."""

    person: Id

    example: ClassVar[dict[str, Any]] = {"person": "p-001"}


class Affiliation(Fact):
    """Where a person works; no name and no address."""

    person: Id
    school: Line
    department: Line | None = None

    example: ClassVar[dict[str, Any]] = {"person": "p-001", "school": "Hillside School", "department": "Science"}


class Room(Fact):
    """A physical or online room. The join link is for people with a seat, never for public pages."""

    room: Id
    name: Line
    site: Line
    capacity: int = Field(ge=1, le=100_000)
    features: tuple[Tag, ...] = ()
    online: bool = False
    join_url: str | None = Field(default=None, pattern=r"^https://[^\s<>\"]{1,300}$")
    unavailable: tuple[Window, ...] = Field(default=(), description="windows in which the room is taken (answer no)")
    withdrawn: bool = False

    example: ClassVar[dict[str, Any]] = {
        "room": "library",
        "name": "Library",
        "site": "Hillside School",
        "capacity": 24,
        "features": ["projector", "step-free"],
    }


class ProposalStatus(StrEnum):
    DRAFTED = "drafted"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class Proposal(Fact):
    """What somebody offers to run. Accepted, it is one session, or several parts that follow one another."""

    proposal: Id
    programme: Id
    title: Line
    abstract: Prose = ""
    format: Tag = Field(description="nano, micro, soapbox, workshop, light-lunch, ...")
    minutes: Minutes
    presenters: Ids = Field(min_length=1, max_length=20)
    parts: int = Field(default=1, ge=1, le=12)
    part_gap_days: tuple[int, int] = Field(default=(1, 21), description="fewest and most days from part to part")
    needs: tuple[Tag, ...] = Field(default=(), description="features that the room must have")
    seats: int = Field(default=1, ge=1, le=100_000, description="the room must hold at least so many people")
    status: ProposalStatus

    example: ClassVar[dict[str, Any]] = {
        "proposal": "retrieval-practice",
        "programme": "spring-2027",
        "title": "Retrieval practice in ten minutes",
        "format": "workshop",
        "minutes": 60,
        "presenters": ["p-001"],
        "status": "accepted",
    }

    def sessions(self) -> Ids:
        """The ids of this proposal's sessions: its own, or one for each part."""
        if self.parts == 1:
            return (self.proposal,)
        return tuple(f"{self.proposal}-part-{number}" for number in range(1, self.parts + 1))


class StatedWindows(Value):
    """What one source (the person, or a partner system) said last."""

    source: Id
    windows: tuple[Window, ...] = Field(default=(), max_length=1000)


class Availability(Fact):
    """When a person can come. Where sources or windows overlap, the most cautious answer holds: no, if-need-be, yes."""

    person: Id
    sources: tuple[StatedWindows, ...] = ()

    example: ClassVar[dict[str, Any]] = {
        "person": "p-001",
        "sources": [
            {
                "source": "timetables",
                "windows": [
                    {"kind": "dated", "answer": "no", "start": "2027-01-12T09:00:00Z", "end": "2027-01-12T10:00:00Z"}
                ],
            }
        ],
    }

    def windows(self) -> tuple[Window, ...]:
        return tuple(window for source in self.sources for window in source.windows)

    def answer_at(self, time: Interval) -> Answer | None:
        """The most cautious answer that holds at some moment of ``time``; None where nothing was said."""
        first, last = time.start.date() - timedelta(days=2), time.end.date() + timedelta(days=2)
        given = {
            window.answer
            for window in self.windows()
            if any(interval.overlaps(time) for interval in window.intervals(first, last))
        }
        return next((answer for answer in (Answer.NO, Answer.IF_NEED_BE, Answer.YES) if answer in given), None)


class Interest(Fact):
    """Whether a person wants to come to a proposal (all of its parts)."""

    person: Id
    session: Id = Field(description="the proposal's id")
    level: InterestLevel

    example: ClassVar[dict[str, Any]] = {"person": "p-002", "session": "retrieval-practice", "level": "coming"}


class Place(Value):
    """A room as an invitation names it."""

    name: Line
    site: Line
    join_url: str | None = None

    def line(self) -> str:
        return f"{self.name}, {self.site}"


class Seating(Fact):
    """Who has a seat in a session of a release, and where. A session that left the programme seats nobody."""

    session: Id
    proposal: Id
    programme: Id
    release: int = Field(ge=1)
    people: Ids = ()
    place: Place | None = None
    input_seq: int = Field(ge=0, description="highest sequence of the REGISTRATIONS stream that went in")

    example: ClassVar[dict[str, Any]] = {
        "session": "retrieval-practice",
        "proposal": "retrieval-practice",
        "programme": "spring-2027",
        "release": 1,
        "people": ["p-001", "p-002"],
        "place": {"name": "Library", "site": "Hillside School"},
        "input_seq": 412,
    }
