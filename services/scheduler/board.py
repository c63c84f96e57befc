"""What rules need to know about a problem as arrays: the starts of its grid, its rooms, and who can come when."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from services.scheduler.entities import Person, Session, Timeslot
from services.scheduler.errors import ProblemError
from services.scheduler.problem import Problem
from services.scheduler.timeline import Answers, Diary, Seconds
from shared.time.intervals import days, local_instant
from shared.time.zones import zone

Integers = NDArray[np.int64]
Remembered = TypeVar("Remembered")

MOST_STARTS = 1_000_000


@dataclass(frozen=True)
class StartGrid:
    """The starts at which sessions may begin (seconds since the epoch), in order, and the local day of each."""

    starts: Seconds
    day: Integers
    """Counted from the first day."""
    week: Integers
    """ISO weeks, counted from the week of the first day."""

    @classmethod
    def of(cls, problem: Problem) -> StartGrid:
        """Raises ``ProblemError`` for timeslots with more starts than can be looked at."""
        starts = sorted(_timeslot_starts(problem) if problem.timeslots else _grid_starts(problem))
        local = zone(problem.zone)
        dates = [datetime.fromtimestamp(start, UTC).astimezone(local).date() for start in starts]
        day = np.array([(date - problem.first_day).days for date in dates], dtype=np.int64)
        # Steps of a long timeslot go on after the last day; a day that a zone skipped begins on the next.
        within = (day >= 0) & (day <= (problem.last_day - problem.first_day).days)
        day = day[within]
        return cls(np.array(starts, dtype=np.int64)[within], day, (day + problem.first_day.weekday()) // 7)


def _grid_starts(problem: Problem) -> set[int]:
    local = zone(problem.zone)
    walls = [time(*divmod(minute, 60)) for minute in range(0, 24 * 60, problem.grid_minutes)]
    return {
        int(local_instant(day, wall, local).timestamp())
        for day in days(problem.first_day, problem.last_day)
        for wall in walls
    }


def _timeslot_starts(problem: Problem) -> set[int]:
    steps = list(map(_steps, problem.timeslots))
    if sum(map(len, steps)) > MOST_STARTS:
        raise ProblemError(
            f"timeslots: {sum(map(len, steps))} starts are more than {MOST_STARTS}; "
            "shorten the timeslots, or take longer steps"
        )
    return set().union(*steps)


def _steps(timeslot: Timeslot) -> range:
    first, end = int(timeslot.start.timestamp()), int(timeslot.end.timestamp())
    return range(first, end, 60 * timeslot.step_minutes) if timeslot.step_minutes else range(first, first + 1)


@dataclass
class Board:
    """A problem as rules look at it while they state themselves. ``keep_published``: a re-solve with few moves."""

    problem: Problem
    keep_published: bool
    grid: StartGrid = field(init=False)
    _memory: dict[Hashable, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.grid = StartGrid.of(self.problem)

    def remembered(self, key: Hashable, make: Callable[[], Remembered]) -> Remembered:
        """What ``make`` gives, made once for each key."""
        if key not in self._memory:
            self._memory[key] = make()
        return self._memory[key]  # type: ignore[return-value]  # whoever stored it under this key knows its type

    @cached_property
    def sessions(self) -> dict[str, Session]:
        return {session.id: session for session in self.problem.sessions}

    @cached_property
    def people(self) -> dict[str, Person]:
        return {person.id: person for person in self.problem.people}

    @cached_property
    def diaries(self) -> dict[str, Diary]:
        return {person.id: Diary.of(person) for person in self.problem.people}

    @cached_property
    def capacities(self) -> Integers:
        return np.array([room.capacity for room in self.problem.rooms], dtype=np.int64)

    @cached_property
    def wishes(self) -> dict[str, list[tuple[str, str]]]:
        """By proposal, the persons who want to come, each with the level of the wish."""
        wishes: dict[str, list[tuple[str, str]]] = {session.proposal: [] for session in self.problem.sessions}
        for wish in self.problem.wishes:
            wishes[wish.proposal].append((wish.person, wish.level))
        return wishes

    @cached_property
    def timeslots(self) -> list[int]:
        """The numbers of the problem's timeslots in order of time."""
        slots = self.problem.timeslots
        return sorted(range(len(slots)), key=lambda number: (slots[number].start, slots[number].end, slots[number].id))

    def timeslot_at(self, session: Session) -> Integers:
        """For every start, the rank in time of the timeslot that the session would lie in; -1 for none.

        In a problem without timeslots every start is a timeslot of its own.
        """
        if not self.problem.timeslots:
            return np.arange(len(self.grid.starts), dtype=np.int64)
        return self.remembered(
            ("timeslots", session.format, session.minutes), lambda: self._timeslots_for(session.format, session.minutes)
        )

    def _timeslots_for(self, session_format: str, minutes: int) -> Integers:
        found = np.full(len(self.grid.starts), -1, dtype=np.int64)
        for rank, number in enumerate(self.timeslots):
            timeslot = self.problem.timeslots[number]
            if timeslot.formats and session_format not in timeslot.formats:
                continue
            first, end = int(timeslot.start.timestamp()), int(timeslot.end.timestamp())
            fits = (self.grid.starts >= first) & (self.grid.starts + 60 * minutes <= end)
            if timeslot.step_minutes:
                fits &= (self.grid.starts - first) % (60 * timeslot.step_minutes) == 0
            else:
                fits &= (self.grid.starts == first) & (self.grid.starts + 60 * minutes == end)
            found[fits & (found < 0)] = rank
        return found

    def standing(self, person: str, minutes: int, at: Integers) -> Answers:
        """What a person's availability says of a session of that length at each of these starts."""
        return self.remembered(
            ("standing", person, minutes), lambda: self.diaries[person].standing(self.grid.starts, minutes)
        )[at]
