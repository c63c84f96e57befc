"""What a planning problem is made of: rooms, timeslots, tracks, sessions, people, wishes. Ids only: no names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, Field, model_validator

from shared.contract.values import Id, Instant, Minutes, Tag, Value, Zone
from shared.time.intervals import Interval

Item = TypeVar("Item")
GroupKind = Literal["school", "department", "pattern"]
PersonMinutes = Annotated[int, Field(ge=0, le=10**9, description="person-minutes of inconvenience")]
MOST = 10**6
"""Of people, ranks and levels: far more than there are, and few enough for sums of 64 bits."""


EARLIEST, LATEST = date(1973, 1, 1), date(2199, 12, 31)
"""Between them, every zone is whole minutes from UTC, and there is room for the days around a programme."""


def _whole_minute(instant: datetime) -> datetime:
    if instant.second or instant.microsecond:
        raise ValueError("must be a whole minute, without seconds")
    if not EARLIEST <= instant.date() <= LATEST:
        raise ValueError(f"must lie between {EARLIEST} and {LATEST}")
    return instant


WholeMinute = Annotated[Instant, AfterValidator(_whole_minute), Field(description="UTC instant, a whole minute")]


def in_order(key: Callable[[Any], Any]) -> Callable[[tuple[Item, ...]], tuple[Item, ...]]:
    """Canonical order. Raises ``ValueError`` for a key that occurs twice."""

    def ordered(items: tuple[Item, ...]) -> tuple[Item, ...]:
        by_key = {key(item): item for item in items}
        if len(by_key) < len(items):
            keys = [key(item) for item in items]
            twice = next(name for name in keys if keys.count(name) > 1)
            raise ValueError(f"{twice!r} is there twice; each is allowed once")
        return tuple(by_key[name] for name in sorted(by_key))

    return ordered


def id_of(item: Any) -> str:
    return str(item.id)


def _itself(item: Any) -> Any:
    return item


SortedIds = Annotated[tuple[Id, ...], AfterValidator(in_order(_itself))]
SortedTags = Annotated[tuple[Tag, ...], AfterValidator(in_order(_itself))]


class Span(Value):
    """A stretch of time, from instant to instant; the end is not part of it."""

    start: Instant
    end: Instant

    @model_validator(mode="after")
    def _ends_after_start(self) -> Span:
        if self.end <= self.start:
            raise ValueError("end must be after start")
        return self

    def interval(self) -> Interval:
        return Interval(self.start, self.end)


def _span_order(span: Span) -> tuple[Any, Any]:
    return span.start, span.end


def overlaps_any(spans: Iterable[Span], interval: Interval) -> bool:
    """Whether one of these spans shares an instant with that time."""
    return any(span.start < interval.end and interval.start < span.end for span in spans)


Spans = Annotated[tuple[Span, ...], AfterValidator(in_order(_span_order))]


class TagDemand(Value):
    """Which tags a timeslot or room must, must not, should and should not have."""

    required: SortedTags = ()
    prohibited: SortedTags = ()
    preferred: SortedTags = ()
    undesired: SortedTags = ()


class Room(Value):
    """Where sessions can happen."""

    id: Id
    capacity: int = Field(ge=1, le=MOST, description="people, presenters included")
    features: SortedTags = Field(default=(), description="what the room has: the room tags of rules and sessions")
    site: Id | None = Field(default=None, description="where the room is; rooms without a site are all at one")
    formats: SortedTags = Field(default=(), description="the formats it takes; none named means all")
    unavailable: Spans = ()


class Timeslot(Span):
    """A stretch of time made for sessions. A programme with timeslots places every session within one of them."""

    start: WholeMinute
    end: WholeMinute
    id: Id
    tags: SortedTags = ()
    formats: SortedTags = Field(default=(), description="the formats it takes; none named means all")
    step_minutes: int | None = Field(
        default=None, ge=1, le=1440, description="sessions start every so many minutes; none: one session fills it"
    )
    room_costs: dict[Id, PersonMinutes] = Field(default={}, description="by room: what a track's use of it costs")


class Track(Value):
    """A theme whose sessions belong together. Chairs are people who should be free for all of it."""

    id: Id
    chairs: SortedIds = ()
    similar: SortedIds = Field(default=(), description="tracks that should not run in parallel with this one")
    similarity: dict[Id, Annotated[int, Field(ge=0, le=10**6)]] = Field(
        default={}, description="by track: how much it counts that both run in parallel; 1 for other similar tracks"
    )
    timeslot_costs: dict[Id, PersonMinutes] = Field(default={})
    room_costs: dict[Id, PersonMinutes] = Field(default={})


MOST_DAYS = 999
"""Between two sessions of which one follows the other."""


class After(Value):
    """The session that comes before, and how many local days lie between the two."""

    session: Id
    fewest_days: int = Field(default=1, ge=0, le=MOST_DAYS)
    most_days: int = Field(default=21, ge=0, le=MOST_DAYS)

    @model_validator(mode="after")
    def _fewest_first(self) -> After:
        if self.most_days < self.fewest_days:
            raise ValueError("most_days must not be less than fewest_days")
        return self


class Weekly(Value):
    """A part of a weekly series: one weekday, local time and room for all parts, in one open week after the other."""

    series: Id
    number: int = Field(ge=1, le=100, description="its turn in the series; parts with turns apart are weeks apart")


class Published(Value):
    """Where the last release put a session. The room may be gone since."""

    room: Id
    start: WholeMinute


class Pinned(Value):
    """Where an organiser fixed a session: a start, a room, or both."""

    room: Id | None = None
    start: WholeMinute | None = None


class Session(Value):
    """What is to be placed."""

    id: Id
    proposal: Id
    format: Tag
    minutes: Minutes
    presenters: SortedIds = ()
    needs: SortedTags = Field(default=(), description="features that the room must have")
    seats: int = Field(default=1, ge=1, le=MOST, description="the room must hold at least so many people")
    after: After | None = None
    weekly: Weekly | None = None
    published: Published | None = None
    pinned: Pinned | None = None
    room_tags: TagDemand = TagDemand()
    timeslot_tags: TagDemand = TagDemand()
    prerequisites: SortedIds = Field(default=(), description="sessions that end before this one begins")
    exclusive: SortedTags = Field(default=(), description="sessions that share one of these tags never overlap")
    series: Id | None = Field(default=None, description="repeats of one session share this")
    organiser: Id | None = None
    track: Id | None = None
    position: int | None = Field(
        default=None, ge=1, le=MOST, description="its place in the running sequence of its track"
    )
    themes: SortedTags = ()
    sectors: SortedTags = ()
    audience_types: SortedTags = ()
    audience_level: int | None = Field(default=None, ge=0, le=MOST)
    contents: SortedTags = ()
    language: Tag | None = None
    impossible: Spans = Field(default=(), description="times at which it cannot be, whoever presents it")
    preferred: Spans = Field(default=(), description="times at which it had better be; none named: any")
    popularity: int | None = Field(
        default=None, ge=0, le=MOST, description="people expected to want it; from wishes when none"
    )
    crowd_risk: int = Field(default=0, ge=0, le=MOST, description="above 0: it may draw a crowd that should be shared")
    timeslot_costs: dict[Id, PersonMinutes] = Field(default={})
    room_costs: dict[Id, PersonMinutes] = Field(default={})


class Person(Value):
    """When somebody can come. Where spans overlap, the most cautious answer holds; a time in none is unknown."""

    id: Id
    no: Spans = ()
    if_need_be: Spans = ()
    yes: Spans = ()
    zone: Zone | None = Field(default=None, description="where they are, when that is not the programme's zone")
    timeslot_tags: TagDemand = TagDemand()
    room_tags: TagDemand = TagDemand()
    school: Id | None = None
    department: Id | None = None
    pattern: Tag | None = Field(default=None, description="working pattern, such as part-time")


class Wish(Value):
    """Somebody wants to come to a proposal, and so to each of its sessions."""

    person: Id
    proposal: Id
    level: Literal["coming", "interested"]


def wish_order(wish: Wish) -> tuple[str, str]:
    return wish.person, wish.proposal


class Carried(Value):
    """What a group could attend in past programmes of the community: an entry of the fairness ledger."""

    kind: GroupKind
    group: Id
    wished: int = Field(ge=0, le=10**12, description="person-minutes its people wanted to attend")
    attended: int = Field(ge=0, le=10**12, description="person-minutes of those that they could attend")


def carried_order(entry: Carried) -> tuple[str, str]:
    return entry.kind, entry.group
