"""Conferences of Timefold's (formerly OptaPlanner's) conference scheduling example.

A talk takes a timeslot and a room, both of those that its type allows. `bench.conference_scheduling.reading` reads the
JSON, `bench.conference_scheduling.objective` says what a schedule scores. Objects refer to each other by the `@id` that
the file gives them. Source: github.com/TimefoldAI/timefold-solver-benchmarks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

Tags = frozenset[str]


@dataclass(frozen=True)
class Timeslot:
    """Start and end are local, without a zone, as in the source."""

    id: str
    start: datetime
    end: datetime
    tags: Tags

    @property
    def minutes(self) -> int:
        return (self.end - self.start) // timedelta(minutes=1)

    @property
    def day(self) -> date:
        return self.start.date()

    def overlaps(self, other: Timeslot) -> bool:
        return self.start < other.end and other.start < self.end

    def shared_minutes(self, other: Timeslot) -> int:
        return max(0, (min(self.end, other.end) - max(self.start, other.start)) // timedelta(minutes=1))


@dataclass(frozen=True)
class Room:
    id: str
    name: str
    capacity: int
    tags: Tags
    unavailable: frozenset[str]


@dataclass(frozen=True)
class TagWishes:
    """Of a talk or a speaker, about its timeslot or its room."""

    required: Tags = frozenset()
    preferred: Tags = frozenset()
    prohibited: Tags = frozenset()
    undesired: Tags = frozenset()


@dataclass(frozen=True)
class Speaker:
    """`unavailable` are timeslots; one that merely overlaps them does not count."""

    id: str
    name: str
    unavailable: frozenset[str]
    timeslot: TagWishes
    room: TagWishes


@dataclass(frozen=True)
class TalkType:
    id: str
    name: str
    timeslots: frozenset[str]
    rooms: frozenset[str]


@dataclass(frozen=True)
class Place:
    """Where and when a talk is: the ids of a timeslot and a room."""

    timeslot: str
    room: str


@dataclass(frozen=True)
class Talk:
    """`place` is what the file says; only where `pinned` it has to stay. `prerequisites` are talks."""

    id: str
    code: str
    title: str
    type: str
    speakers: tuple[str, ...]
    themes: Tags
    sectors: Tags
    audience_types: Tags
    audience_level: int
    content: Tags
    language: str
    timeslot: TagWishes
    room: TagWishes
    mutually_exclusive: Tags
    prerequisites: frozenset[str]
    favorites: int
    crowd_risk: int
    pinned: bool
    place: Place | None


@dataclass(frozen=True)
class Weight:
    """What one unit of a constraint weighs on each level."""

    hard: int = 0
    soft: int = 0


@dataclass(frozen=True)
class Conference:
    """By id. `pause` is the least number of minutes between two talks of a speaker on a day. `weights` are those that
    the file sets in place of the default, by the name of the constraint."""

    name: str
    pause: int
    weights: Mapping[str, Weight]
    talk_types: Mapping[str, TalkType]
    timeslots: Mapping[str, Timeslot]
    rooms: Mapping[str, Room]
    speakers: Mapping[str, Speaker]
    talks: Mapping[str, Talk]
