"""Conferences of the Conference Scheduling Problem Library (CSPLib), as its workbooks hold them.

Submissions belong to tracks. A track takes cells, each a session in a room, and its submissions take the slots of the
cell. `bench.csplib.reading` reads a workbook, `bench.csplib.objective` says what a schedule costs. Sessions, rooms,
tracks and submissions are known by their position. Source: github.com/ahmedkheiri/CSPLib.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

Matrix = tuple[tuple[int, ...], ...]


class Term(StrEnum):
    """The weighed terms of the published objective; each value is the label of its weight in sheet `parameters`."""

    TRACK_SESSION = "Tracks_Sessions|Penalty"
    TRACK_ROOM = "Tracks_Rooms|Penalty"
    SESSION_ROOM = "Sessions_Rooms|Penalty"
    SIMILAR_TRACKS = "Similar Tracks"
    ROOMS_PER_TRACK = "Number of Rooms per Track"
    PARALLEL_TRACKS = "Parallel Tracks"
    CONSECUTIVE_TRACKS = "Consecutive Tracks"
    TIME_ZONES = "Submissions_Timezones"
    ORDER = "Submissions Order"
    SUBMISSION_SESSION = "Submissions_Sessions|Penalty"
    SUBMISSION_ROOM = "Submissions_Rooms|Penalty"
    PRESENTER_CONFLICTS = "Presenters Conflicts"
    ATTENDEE_CONFLICTS = "Attendees Conflicts"
    CHAIR_CONFLICTS = "Chairs Conflicts"
    PRESENTER_CONFLICTS_IN_SLOT = "Presenters Conflicts Timeslot Level"
    ATTENDEE_CONFLICTS_IN_SLOT = "Attendees Conflicts Timeslot Level"


@dataclass(frozen=True)
class Session:
    """`slots` is how many slots each of its cells has; the times are clock times in the conference's zone."""

    name: str
    slots: int
    day: date | None
    start: time
    end: time


@dataclass(frozen=True)
class Track:
    name: str
    chairs: tuple[str, ...]


@dataclass(frozen=True)
class Submission:
    """`reference` is exactly as written, outer blanks included. `order` is its wanted place in the running order of its
    track, counted from 1, or 0. `zone` is minutes east of Greenwich. The penalties are by session and by room."""

    reference: str
    track: int
    slots: int
    order: int
    zone: int
    presenters: tuple[str, ...]
    attendees: tuple[str, ...]
    session_penalties: tuple[int, ...]
    room_penalties: tuple[int, ...]


@dataclass(frozen=True)
class Hours:
    """From one clock time to another."""

    start: time
    end: time


@dataclass(frozen=True)
class ZoneRules:
    """What a slot costs whose session is outside the suitable, or even the less suitable, hours of a submission's zone.
    `local` is the conference's zone, in minutes east of Greenwich."""

    local: int
    suitable: Hours
    less_suitable: Hours
    less_suitable_penalty: int
    unsuitable_penalty: int


@dataclass(frozen=True)
class Instance:
    """`similar_tracks` is symmetric with zeros on its diagonal."""

    name: str
    sessions: tuple[Session, ...]
    rooms: tuple[str, ...]
    tracks: tuple[Track, ...]
    submissions: tuple[Submission, ...]
    track_session: Matrix
    track_room: Matrix
    session_room: Matrix
    similar_tracks: Matrix
    weights: Mapping[Term, int]
    zones: ZoneRules

    @property
    def slots_per_room(self) -> int:
        return sum(session.slots for session in self.sessions)


class Names:
    """Positions by name: exactly as written, or else without outer blanks where only one fits."""

    def __init__(self, names: list[str]) -> None:
        self._exact = {name: position for position, name in enumerate(names)}
        stripped = [name.strip() for name in names]
        self._stripped = {name: at for at, name in enumerate(stripped) if stripped.count(name) == 1}

    def position(self, name: str) -> int | None:
        return self._exact.get(name, self._stripped.get(name.strip()))
