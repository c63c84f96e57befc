"""Facts of the registrations service: who, what, when they can, who has a seat."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field

from shared.contract.details import (
    COMMUNITY_EXAMPLE,
    PROGRAMME_EXAMPLE,
    PROPOSAL_EXAMPLE,
    ROOM_EXAMPLE,
    CommunityDetails,
    ProgrammeDetails,
    ProposalDetails,
    RoomDetails,
)
from shared.contract.facts.seats import LetGo, Offer, Pool, Waiting
from shared.contract.groups import Sector
from shared.contract.message import Fact, Ids
from shared.contract.values import (
    Address,
    Answer,
    Id,
    Instant,
    InterestLevel,
    Language,
    Line,
    Tag,
    Value,
    Window,
    Zone,
)
from shared.time.intervals import Interval

ORIGIN = Field(
    default="own", description="who brought it: a partner, which may change it, or the community's own people"
)


class Community(CommunityDetails, Fact):
    """A community of educators: the tenant. Its domain makes the UIDs of its calendar entries."""

    community: Id

    example: ClassVar[dict[str, Any]] = {"community": "northgate", **COMMUNITY_EXAMPLE}


class Programme(ProgrammeDetails, Fact):
    """The thing that is planned: a term of light lunches, a TeachMeet evening, an unconference day."""

    example: ClassVar[dict[str, Any]] = PROGRAMME_EXAMPLE


class Contact(Fact):
    """Name and address of a person. Read by registrations and notifier only."""

    person: Id
    name: Line
    address: Address
    zone: Zone
    name_public: bool = Field(default=False, description="may the programme page show this name")
    language: Language | None = Field(default=None, description="of the mails to this person; none: the community's")
    link_generation: int = Field(default=1, ge=1, description="raising it revokes every signed link")
    verified: bool = Field(
        default=True, description="false: a stranger gave this address; until its owner follows a link, it gets no more"
    )
    origin: Id = ORIGIN

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
    """Where and how a person works; no name and no address."""

    person: Id
    school: Line
    department: Line | None = None
    pattern: Tag | None = Field(default=None, description="working pattern, such as part-time")
    zone: Zone | None = Field(default=None, description="where they are, as far as somebody stated it")
    sector: Sector | None = None
    tags: tuple[Tag, ...] = Field(default=(), max_length=20, description="disciplines")
    groups: tuple[Tag, ...] = Field(default=(), max_length=20, description="of the community's own")

    example: ClassVar[dict[str, Any]] = {"person": "p-001", "school": "Hillside School", "department": "Science"}


class Room(RoomDetails, Fact):
    """A physical or online room. The join link is for people with a seat, never for public pages."""

    withdrawn: bool = False
    join_secret: Id | None = Field(default=None, description="from which the token of each session's link is made")
    origin: Id = ORIGIN

    example: ClassVar[dict[str, Any]] = ROOM_EXAMPLE


class ProposalStatus(StrEnum):
    DRAFTED = "drafted"
    SUBMITTED = "submitted"
    MAYBE = "maybe"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class Proposal(ProposalDetails, Fact):
    """What somebody offers to run. Accepted, it is one session, or several parts that follow one another."""

    status: ProposalStatus
    origin: Id = ORIGIN
    begun_at: Instant | None = Field(default=None, description="when somebody began it without an account")
    link_wanted: Instant | None = Field(
        default=None, description="its first presenter gets a link to it by mail, one for each such instant"
    )
    links_wanted: int = Field(default=0, ge=0, description="how often; the next time takes longer to come")
    submitted_at: Instant | None = Field(default=None, description="when it was first submitted")
    accepted_at: Instant | None = None
    presenters_declined: Ids = Field(default=(), description="presenters who cannot present it after all")
    access: Id | None = Field(default=None, description="label of the access code by which it came in")
    called_off: Ids = Field(default=(), description="sessions of it that are not held: single parts")

    example: ClassVar[dict[str, Any]] = {**PROPOSAL_EXAMPLE, "status": "accepted"}

    def sessions(self) -> Ids:
        """The ids of this proposal's sessions: its own, or one for each part."""
        if self.parts == 1:
            return (self.proposal,)
        return tuple(f"{self.proposal}-part-{number}" for number in range(1, self.parts + 1))

    def to_hold(self) -> Ids:
        """The sessions that are to get a place: all but those that were called off."""
        return tuple(session for session in self.sessions() if session not in self.called_off)

    @property
    def is_series(self) -> bool:
        """Whether calendars hold its parts as one entry that recurs, under the proposal's id."""
        return self.weekly and self.parts > 1


class StatedWindows(Value):
    """What one source (the person, or a partner system) said last."""

    source: Id
    windows: tuple[Window, ...] = Field(default=(), max_length=1000)
    unknown_since: Instant | None = Field(
        default=None,
        description="a calendar that cannot be read since then: its windows count for some days more, then not",
    )


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
    presenters_declined: Ids = Field(
        default=(), description="presenters who cannot come at this time: the session needs re-planning"
    )
    input_seq: int = Field(ge=0, description="highest sequence of the REGISTRATIONS stream that went in")
    online: Ids = Field(default=(), description="those of the people who have an online seat")
    capacity: dict[Pool, int] = Field(default={}, description="seats of each kind; none: not known, or a drop-in")
    waiting: tuple[Waiting, ...] = Field(default=(), description="who asked when no seat was free; order: by policy")
    offers: tuple[Offer, ...] = Field(default=(), description="seats that are held for somebody until they answer")
    let_go: tuple[LetGo, ...] = Field(
        default=(), description="who gave a seat back or let an offer go: they get one again only if they ask"
    )
    drop_in: bool = Field(default=False, description="no seats: people just come; `people` have it in their calendars")

    example: ClassVar[dict[str, Any]] = {
        "session": "retrieval-practice",
        "proposal": "retrieval-practice",
        "programme": "spring-2027",
        "release": 1,
        "people": ["p-001", "p-002"],
        "place": {"name": "Library", "site": "Hillside School"},
        "input_seq": 412,
    }
