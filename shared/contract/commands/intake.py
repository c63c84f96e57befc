"""Questions of whoever feeds registrations: what is known of a person, a proposal, a programme; and data in bulk."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field

from shared.contract.details import PROGRAMME_EXAMPLE, PROPOSAL_EXAMPLE
from shared.contract.externals import ByExternalId
from shared.contract.facts.registrations import Programme, Proposal, ProposalStatus
from shared.contract.groups import Sector
from shared.contract.message import Command, Ids, Reply
from shared.contract.values import Address, Id, InterestLevel, Language, Line, Minutes, Prose, Tag, Value, Zone


class AskPersonState(ByExternalId, Command):
    """Ask what is known of a person. A partner is told of the people that it brought, and what it said of them."""

    person: Id

    example: ClassVar[dict[str, Any]] = {"person": "p-001"}


class SourceShown(Value):
    """Somebody's word on when the person can come."""

    source: Id
    windows: int = Field(ge=0, description="how many windows it has")


class InterestShown(Value):
    """What the person says of a proposal."""

    session: Id
    level: InterestLevel


class PersonShown(Reply):
    """What is known of a person, as far as the asker may know it."""

    person: Id
    name: Line
    address: Address
    zone: Zone
    language: Language | None = None
    name_public: bool = False
    school: Line | None = None
    department: Line | None = None
    pattern: Tag | None = None
    sector: Sector | None = None
    tags: tuple[Tag, ...] = ()
    groups: tuple[Tag, ...] = ()
    origin: Id = Field(description="who brought the person: a partner, or 'own'")
    sources: tuple[SourceShown, ...] = Field(default=(), description="who said when the person can come")
    proposals: Ids = Field(default=(), description="proposals that the person presents")
    interests: tuple[InterestShown, ...] = Field(default=(), description="not told to partners")
    sessions: Ids = Field(default=(), description="sessions in which the person has a seat; not told to partners")

    example: ClassVar[dict[str, Any]] = {
        "person": "p-001",
        "name": "Amara Osei",
        "address": "amara.osei@hillside.example",
        "zone": "Europe/London",
        "school": "Hillside School",
        "origin": "timetables",
        "sources": [{"source": "timetables", "windows": 14}],
    }


class AskProposal(Command):
    """Ask for a proposal: all of it for its presenters and whoever brought it, the public part once it is accepted."""

    proposal: Id

    example: ClassVar[dict[str, Any]] = {"proposal": "retrieval-practice"}


class ProposalShown(Reply):
    """A proposal, as far as the asker may know it."""

    proposal: Id
    programme: Id
    title: Line
    abstract: Prose = ""
    format: Tag
    minutes: Minutes
    status: ProposalStatus
    sessions: Ids = Field(description="the ids of its sessions")
    whole: Proposal | None = Field(default=None, description="everything that is kept of it, for whom it concerns")

    example: ClassVar[dict[str, Any]] = {
        **{name: PROPOSAL_EXAMPLE[name] for name in ("proposal", "programme", "title", "format", "minutes")},
        "status": "accepted",
        "sessions": ["retrieval-practice"],
    }


class AskProgramme(Command):
    """Ask for a programme, whether its call is open, and how far it is."""

    programme: Id

    example: ClassVar[dict[str, Any]] = {"programme": "spring-2027"}


class ProgrammeShown(Reply):
    """A programme and where it stands."""

    programme: Programme
    takes_proposals: bool = Field(description="whether its call is open now, or it has none")
    release: int | None = Field(default=None, ge=1, description="number of the last release")
    proposals: dict[ProposalStatus, int] = Field(default={}, description="how many there are; told to the organiser")

    example: ClassVar[dict[str, Any]] = {"programme": PROGRAMME_EXAMPLE, "takes_proposals": True, "release": 1}


class DataKind(StrEnum):
    """What can be exported in bulk."""

    COMMUNITY = "community"
    PEOPLE = "people"
    PROGRAMMES = "programmes"
    ROOMS = "rooms"
    PROPOSALS = "proposals"
    INTERESTS = "interests"
    AVAILABILITY = "availability"
    SEATS = "seats"
    GROUPS = "groups"


class AskData(Command):
    """Ask for all data of one kind, a page at a time."""

    kind: DataKind
    after: str | None = Field(default=None, max_length=200, description="`next` of the page before; none: the first")

    example: ClassVar[dict[str, Any]] = {"kind": "rooms"}


class DataPage(Reply):
    """Some rows, in order of their ids. Their fields are those of the command that would bring them in again."""

    kind: DataKind
    rows: tuple[dict[str, Any], ...]
    next: str | None = Field(default=None, description="ask for rows after this; none: that was all")

    example: ClassVar[dict[str, Any]] = {
        "kind": "rooms",
        "rows": [{"room": "library", "name": "Library", "site": "Hillside School", "capacity": 24}],
    }
