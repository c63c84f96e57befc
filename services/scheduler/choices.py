"""For each session the starts and rooms to choose from, and what each is worth in person-minutes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from services.scheduler.candidates import Candidates
from services.scheduler.problem import Problem, Session
from services.scheduler.timeline import Answers, Flags, Seconds, Standing
from services.scheduler.weights import (
    LEVEL_SHARE,
    MOVED_ROOM,
    MOVED_TIME,
    PRESENTER_IF_NEED_BE,
    WHOLE,
    attendee_share,
    disturbed_people,
    seats_for_attendees,
)

Minutes = NDArray[np.int64]
Kind = tuple[str, Standing]

KINDS: list[Kind] = sorted(
    ((level, standing) for level in LEVEL_SHARE for standing in Standing if standing != Standing.NO),
    key=lambda kind: -attendee_share(*kind),
)
"""The kinds of attendees, those who add most first: where seats are few, they go to these."""


@dataclass(frozen=True)
class Choices:
    """The (start, room) pairs that one session may take, in order, as parallel arrays, and the worth of each."""

    session: Session
    start: Seconds
    day: NDArray[np.int64]
    room: NDArray[np.int64]
    attendance: Minutes
    worth: Minutes

    def __len__(self) -> int:
        return len(self.start)

    def only(self, kept: Flags | NDArray[np.int64]) -> Choices:
        arrays = ("start", "day", "room", "attendance", "worth")
        return replace(self, **{name: getattr(self, name)[kept] for name in arrays})


def best_worth(choices: Choices) -> int:
    """The worth of the best choice; 0 when there is none."""
    return int(choices.worth.max()) if len(choices) else 0


def find_choices(candidates: Candidates, *, keep_published: bool) -> dict[str, Choices]:
    """Every free start and room of every session with its worth: attendance less what it costs those it troubles."""
    pricing = _Pricing(candidates, keep_published=keep_published)
    return {session.id: pricing.choices(session) for session in candidates.problem.sessions}


class _Pricing:
    def __init__(self, candidates: Candidates, *, keep_published: bool) -> None:
        self._candidates = candidates
        self._problem: Problem = candidates.problem
        self._keep_published = keep_published
        self._disturbed = disturbed_people(self._problem)
        self._wishes: dict[str, list[tuple[str, str]]] = {}
        for wish in self._problem.wishes:
            self._wishes.setdefault(wish.proposal, []).append((wish.person, wish.level))
        self._standings = _Standings(candidates)

    def choices(self, session: Session) -> Choices:
        place, room = np.nonzero(self._candidates.options[session.id].free().T)
        used, at = np.unique(place, return_inverse=True)
        starts = self._candidates.grid.starts[used]
        attendance = self._attendance(session, used)[room, at] if len(used) else np.zeros(0, dtype=np.int64)
        trouble = self._presenters_trouble(session, used)[at]
        moves = self._moves(session, starts[at], room)
        return Choices(
            session, starts[at], self._candidates.grid.day[place], room, attendance, attendance - trouble - moves
        )

    def _attendance(self, session: Session, used: NDArray[np.int64]) -> Minutes:
        """Person-minutes per room and start: the seats beside the presenters', filled by those who add most."""
        crowd: dict[Kind, Minutes] = {kind: np.zeros(len(used), dtype=np.int64) for kind in KINDS}
        for person, level in self._wishes.get(session.proposal, []):
            if person not in session.presenters:
                standing = self._standings.of(person, session.minutes, used)
                for kind in KINDS:
                    if kind[0] == level:
                        crowd[kind] += standing == kind[1]
        return np.array(
            [self._seated(session, crowd, room.capacity) for room in self._problem.rooms], dtype=np.int64
        ).reshape(len(self._problem.rooms), len(used))

    def _seated(self, session: Session, crowd: dict[Kind, Minutes], capacity: int) -> Minutes:
        left: Minutes | int = seats_for_attendees(session, capacity)
        shares: Minutes | int = 0
        for kind in KINDS:
            seated = np.minimum(crowd[kind], left)
            shares = shares + seated * attendee_share(*kind)
            left = left - seated
        return np.asarray(shares * session.minutes // WHOLE)

    def _presenters_trouble(self, session: Session, used: NDArray[np.int64]) -> Minutes:
        if_need_be = np.zeros(len(used), dtype=np.int64)
        for presenter in session.presenters:
            if_need_be += self._standings.of(presenter, session.minutes, used) == Standing.IF_NEED_BE
        return if_need_be * PRESENTER_IF_NEED_BE * session.minutes

    def _moves(self, session: Session, starts: Seconds, room: NDArray[np.int64]) -> Minutes:
        if not (self._keep_published and session.published):
            return np.zeros(len(starts), dtype=np.int64)
        rooms = np.array([place.id == session.published.room for place in self._problem.rooms], dtype=np.bool_)
        same_time = starts == int(session.published.start.timestamp())
        inconvenience = np.where(same_time, np.where(rooms[room], 0, MOVED_ROOM), MOVED_TIME)
        return np.asarray(inconvenience * self._disturbed[session.id], dtype=np.int64)


@dataclass
class _Standings:
    """Each person's standing at all starts that any session of a length can use, looked up once."""

    candidates: Candidates
    _useful: dict[int, NDArray[np.int64]] = field(default_factory=dict)
    _known: dict[tuple[str, int], Answers] = field(default_factory=dict)

    def of(self, person: str, minutes: int, used: NDArray[np.int64]) -> Answers:
        useful = self._useful_starts(minutes)
        key = person, minutes
        if key not in self._known:
            starts = self.candidates.grid.starts[useful]
            self._known[key] = self.candidates.diaries[person].standing(starts, minutes)
        return self._known[key][np.searchsorted(useful, used)]

    def _useful_starts(self, minutes: int) -> NDArray[np.int64]:
        if minutes not in self._useful:
            self._useful[minutes] = np.flatnonzero(np.any(list(self._free_starts(minutes)), axis=0))
        return self._useful[minutes]

    def _free_starts(self, minutes: int) -> Iterator[Flags]:
        for options in self.candidates.options.values():
            if options.session.minutes == minutes:
                yield np.asarray(options.free().any(axis=0))
