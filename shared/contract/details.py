"""What commands state and facts keep alike: the fields of a community, a programme, a person, a room, a proposal."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from shared.contract.facts.seats import SeatPolicy
from shared.contract.formats import OfferedFormat
from shared.contract.groups import Sector
from shared.contract.message import Ids
from shared.contract.rooms import JoinTemplate, OpenHours
from shared.contract.values import (
    Address,
    DateSpan,
    Domain,
    Id,
    Instant,
    Language,
    Line,
    Minutes,
    Prose,
    Tag,
    Value,
    Weekday,
    Window,
    Zone,
)

PolicyLayers = Annotated[
    tuple[Id, ...],
    Field(
        max_length=8, description="packs laid over the policy pack, the topmost last: calendar, faith days, own rules"
    ),
]
Weekend = Annotated[
    tuple[Weekday, ...] | None,
    Field(description="days off the working week; none given: those of the nation, or of the zone's country"),
]


class _Details(BaseModel):
    """Fields that a command and a fact share; each brings its own rule for fields that it does not know."""

    model_config = ConfigDict(frozen=True)


class WeeklyDigest(Value):
    """When the weekly letters go out, and how far they look ahead. One that is late by a day is skipped."""

    weekday: Weekday = Weekday.MON
    hour: int = Field(default=7, ge=0, le=23, description="local time")
    zone: Zone | None = Field(default=None, description="whose clocks tell the hour; none given: the community's")
    days: int = Field(default=14, ge=1, le=60, description="sessions that begin within so many days")


class CommunityDetails(_Details):
    name: Line
    zone: Zone
    domain: Domain = Field(description="makes the UIDs of calendar entries")
    organiser: Line = Field(description="name shown as organiser of invitations")
    mailbox: Address = Field(description="mailbox that invitations come from and replies go to")
    language: Language = "en"
    alarm_minutes: int | None = Field(
        default=None,
        ge=0,
        le=10_080,
        description="an alarm in people's calendars so long before a session; none: what each calendar does by itself",
    )
    policy_pack: Id = Field(default="no-lunch-no-friday", description="of programmes that name none when announced")
    policy_layers: PolicyLayers = ()
    weekend: Weekend = None
    reminder_hours: int = Field(
        default=24, ge=0, le=336, description="how long before a session who has a seat is reminded; 0: never"
    )
    reminder_hours_of: dict[Id, Annotated[int, Field(ge=0, le=336)]] = Field(
        default={}, max_length=200, description="the same, by programme, where it differs"
    )
    digest: WeeklyDigest | None = Field(default=None, description="the weekly letters; none: there are none")
    colour: str = Field(default="teal", pattern=r"^[a-z]{3,20}$", description="of its calendars: a colour name of CSS")
    linking_partners: Ids = Field(
        default=(),
        max_length=50,
        description="partners whose person with an address that is known here is taken to be the same person",
    )
    cancelled_days: int = Field(
        default=30, ge=0, le=366, description="how long calendars still show, as cancelled, what was taken out"
    )
    retention_days: int | None = Field(
        default=None,
        ge=30,
        le=36_500,
        description="how long after the last sign of activity people are kept, then erased; none: until they ask",
    )


COMMUNITY_EXAMPLE: dict[str, Any] = {
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


class ProgrammeDetails(_Details):
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
    policy_layers: PolicyLayers = ()
    weekend: Weekend = None
    grid_minutes: int = Field(default=15, ge=5, le=60, description="sessions start on this grid of local time")
    call: Call | None = None
    template: Id | None = Field(default=None, description="the template that it was made from")
    formats: tuple[OfferedFormat, ...] = Field(
        default=(), max_length=30, description="the formats that proposals may have; none listed: any"
    )
    seats: SeatPolicy = Field(default=SeatPolicy(), description="how its seats are given")


PROGRAMME_EXAMPLE: dict[str, Any] = {
    "programme": "spring-2027",
    "title": "Spring term 2027",
    "zone": "Europe/London",
    "first_day": "2027-01-05",
    "last_day": "2027-04-30",
    "closures": [{"first": "2027-02-15", "last": "2027-02-19", "reason": "half-term"}],
    "nation": "GB-ENG",
}


class PersonDetails(_Details):
    person: Id
    name: Line
    address: Address
    zone: Zone = "Europe/London"
    name_public: bool = Field(default=False, description="may the programme page show this name")
    language: Language | None = Field(default=None, description="of the mails to this person; none: the community's")
    school: Line
    department: Line | None = None
    pattern: Tag | None = Field(default=None, description="working pattern, such as part-time, for fair planning")
    sector: Sector | None = None
    tags: tuple[Tag, ...] = Field(default=(), max_length=20, description="disciplines, such as maths")
    groups: tuple[Tag, ...] = Field(default=(), max_length=20, description="of the community's own: new-teachers, ...")


PERSON_EXAMPLE: dict[str, Any] = {
    "person": "p-001",
    "name": "Amara Osei",
    "address": "amara.osei@hillside.example",
    "school": "Hillside School",
    "department": "Science",
}


class RoomDetails(_Details):
    room: Id
    name: Line
    site: Line
    capacity: int = Field(ge=1, le=100_000)
    online_capacity: int | None = Field(
        default=None, ge=1, le=100_000, description="seats of those who join online, beside capacity: a hybrid room"
    )
    features: tuple[Tag, ...] = ()
    online: bool = False
    join_url: str | None = Field(default=None, pattern=r"^https://[^\s<>\"]{1,300}$")
    join_template: JoinTemplate | None = None
    zone: Zone | None = Field(default=None, description="whose clock its hours are told by; none: the programme's")
    hours: tuple[OpenHours, ...] = Field(
        default=(), max_length=50, description="when it is open, by weekday; none stated: at any time"
    )
    unavailable: tuple[Window, ...] = Field(default=(), description="windows in which the room is taken (answer no)")


ROOM_EXAMPLE: dict[str, Any] = {
    "room": "library",
    "name": "Library",
    "site": "Hillside School",
    "capacity": 24,
    "features": ["projector", "step-free"],
}


class ProposalWords(_Details):
    """What may be changed in a proposal that is accepted: none of it moves the session."""

    title: Line
    abstract: Prose = ""
    kit: tuple[Line, ...] = Field(default=(), max_length=50, description="what people should bring along")
    recording: bool | None = Field(default=None, description="whether it may be recorded; none: nobody said so yet")


class ProposalTerms(ProposalWords):
    """Everything about a proposal but its length, which its format may tell."""

    proposal: Id
    programme: Id
    format: Tag = Field(description="of a-z, 0-9 and '-': nano, micro, soapbox, workshop, light-lunch, ...")
    presenters: Ids = Field(min_length=1, max_length=20)
    parts: int = Field(default=1, ge=1, le=12)
    part_gap_days: tuple[int, int] = Field(default=(1, 21), description="fewest and most days from part to part")
    weekly: bool = Field(
        default=False,
        description="its parts are one series: week by week on one weekday, at one time and in one room; weeks in which"
        " the programme is closed on that day are passed over, and part_gap_days says nothing",
    )
    needs: tuple[Tag, ...] = Field(default=(), description="features that the room must have")
    seats: int = Field(default=1, ge=1, le=100_000, description="the room must hold at least so many people")
    tags: tuple[Tag, ...] = Field(default=(), max_length=20, description="what it is about, for calendars and digests")
    audience: tuple[Tag, ...] = Field(
        default=(), max_length=20, description="whom it is for: early-years, primary, secondary, new-teachers, ..."
    )
    prerequisites: Ids = Field(
        default=(), max_length=20, description="proposals of the same programme that must come before it"
    )
    preferred: tuple[Window, ...] = Field(
        default=(), max_length=50, description="times at which it had better be (answer yes)"
    )
    impossible: tuple[Window, ...] = Field(
        default=(), max_length=50, description="times at which it cannot be (answer no), whoever presents it"
    )


class ProposalDetails(ProposalTerms):
    minutes: Minutes


PROPOSAL_EXAMPLE: dict[str, Any] = {
    "proposal": "retrieval-practice",
    "programme": "spring-2027",
    "title": "Retrieval practice in ten minutes",
    "format": "workshop",
    "minutes": 60,
    "presenters": ["p-001"],
}
