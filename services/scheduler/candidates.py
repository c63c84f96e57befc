"""For each session, every start of the grid and every room, and the rules that stand against it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import time, timedelta

import numpy as np
from numpy.typing import NDArray

from services.scheduler.problem import Problem, Session
from services.scheduler.rules import MIDNIGHT, MustHold, RequiredTimes, Rule, closed_days
from services.scheduler.timeline import Diary, Flags, Seconds, Timeline, spans_timeline
from shared.time.intervals import Interval, days, local_instant, local_interval
from shared.time.zones import zone

Masks = NDArray[np.uint64]
NONE = np.uint64(0)

BUILT_IN = (
    MustHold.PROGRAMME_DATES,
    MustHold.PRESENTER_UNAVAILABLE,
    MustHold.ROOM_UNAVAILABLE,
    MustHold.ROOM_CAPACITY,
    MustHold.ROOM_FEATURES,
)


@dataclass(frozen=True)
class StartGrid:
    """The starts of a programme's grid, in order, and the local day of each (counted from the first day)."""

    starts: Seconds
    day: NDArray[np.int64]

    @classmethod
    def of(cls, problem: Problem) -> StartGrid:
        local = zone(problem.zone)
        walls = [time(*divmod(minute, 60)) for minute in range(0, 24 * 60, problem.grid_minutes)]
        day_of_start: dict[int, int] = {}
        for number, day in enumerate(days(problem.first_day, problem.last_day)):
            for wall in walls:
                day_of_start.setdefault(int(local_instant(day, wall, local).timestamp()), number)
        starts = sorted(day_of_start)
        return cls(np.array(starts, dtype=np.int64), np.array([day_of_start[start] for start in starts]))


@dataclass(frozen=True)
class Options:
    """What stands against one session, as bits of ``Candidates.rules``: per start, and per room and start."""

    session: Session
    against_time: Masks
    against_room: Masks

    def free(self) -> Flags:
        """Per room and start, whether nothing stands against it."""
        return np.asarray((self.against_time | self.against_room) == NONE)


@dataclass(frozen=True)
class Candidates:
    """Where each session of a problem could go, seen for itself."""

    problem: Problem
    grid: StartGrid
    rules: tuple[str, ...]
    options: dict[str, Options]
    diaries: dict[str, Diary]

    def bit(self, rule: str) -> np.uint64:
        return np.uint64(1 << self.rules.index(rule))

    def named(self, mask: int | np.uint64) -> tuple[str, ...]:
        """The ids of the rules in a mask."""
        return tuple(rule for number, rule in enumerate(self.rules) if int(mask) >> number & 1)


def find_candidates(problem: Problem) -> Candidates:
    """Weigh every start and room against every rule that concerns one session by itself."""
    grid = StartGrid.of(problem)
    diaries = {person.id: Diary.of(person) for person in problem.people}
    rules = (*map(str, BUILT_IN), *(rule.id for rule in problem.policy.rules))
    times = _TimeRules(problem, grid, rules, diaries)
    rooms = _RoomRules(problem, grid, rules)
    options = {
        session.id: Options(session, times.against(session), rooms.against(session)) for session in problem.sessions
    }
    return Candidates(problem, grid, rules, options, diaries)


@dataclass
class _TimeRules:
    """The rules about time. Sessions of one format and length, or of one presenter and length, are weighed once."""

    problem: Problem
    grid: StartGrid
    rules: tuple[str, ...]
    diaries: dict[str, Diary]
    _by_policy: dict[tuple[str, int], Masks] = field(default_factory=dict)
    _busy: dict[tuple[str, int], Flags] = field(default_factory=dict)

    def against(self, session: Session) -> Masks:
        against = self._policy(session.format, session.minutes).copy()
        for presenter in session.presenters:
            against |= _masked(self._is_busy(presenter, session.minutes), self.rules, MustHold.PRESENTER_UNAVAILABLE)
        return against

    def _policy(self, session_format: str, minutes: int) -> Masks:
        key = session_format, minutes
        if key not in self._by_policy:
            against = _masked(self._outside_programme(minutes), self.rules, MustHold.PROGRAMME_DATES)
            for rule in self.problem.policy.rules:
                if rule.binds(session_format):
                    against |= _masked(self._broken(rule, minutes), self.rules, rule.id)
            self._by_policy[key] = against
        return self._by_policy[key]

    def _broken(self, rule: Rule, minutes: int) -> Flags:
        timeline = Timeline.of(self._intervals(rule))
        if isinstance(rule, RequiredTimes):
            return ~timeline.contains(self.grid.starts, minutes)
        return timeline.overlaps(self.grid.starts, minutes)

    def _intervals(self, rule: Rule) -> Iterable[Interval]:
        """Those that can touch a session of the horizon, the night before its first day included."""
        first = self.problem.first_day - timedelta(days=1)
        last = self.problem.last_day + timedelta(days=1)
        return rule.intervals(first, last, self.problem.zone)

    def _outside_programme(self, minutes: int) -> Flags:
        problem, local = self.problem, zone(self.problem.zone)
        end = local_interval(problem.last_day, MIDNIGHT, MIDNIGHT, local).end
        late = self.grid.starts + 60 * minutes > int(end.timestamp())
        closed = Timeline.of(closed_days(problem.closures, problem.first_day, problem.last_day, problem.zone))
        return np.asarray(late | closed.overlaps(self.grid.starts, minutes))

    def _is_busy(self, person: str, minutes: int) -> Flags:
        key = person, minutes
        if key not in self._busy:
            self._busy[key] = self.diaries[person].no.overlaps(self.grid.starts, minutes)
        return self._busy[key]


class _RoomRules:
    """The rules about rooms."""

    def __init__(self, problem: Problem, grid: StartGrid, rules: tuple[str, ...]) -> None:
        self._problem, self._grid, self._rules = problem, grid, rules
        self._taken = [spans_timeline(room.unavailable) for room in problem.rooms]

    def against(self, session: Session) -> Masks:
        against = np.zeros((len(self._problem.rooms), len(self._grid.starts)), dtype=np.uint64)
        for number, room in enumerate(self._problem.rooms):
            taken = self._taken[number].overlaps(self._grid.starts, session.minutes)
            against[number] = _masked(taken, self._rules, MustHold.ROOM_UNAVAILABLE)
            if room.capacity < session.seats:
                against[number] |= _bit(self._rules, MustHold.ROOM_CAPACITY)
            if not set(session.needs) <= set(room.features):
                against[number] |= _bit(self._rules, MustHold.ROOM_FEATURES)
        return against


def _bit(rules: tuple[str, ...], rule: str) -> np.uint64:
    return np.uint64(1 << rules.index(rule))


def _masked(flags: Flags, rules: tuple[str, ...], rule: str) -> Masks:
    return np.where(flags, _bit(rules, rule), NONE)
