"""A session that could be placed alone: what the other sessions leave it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from services.scheduler import wording
from services.scheduler.candidates import Candidates
from services.scheduler.entities import After, Session
from services.scheduler.lines import Line, line_of, out_of_line
from services.scheduler.problem import Problem
from services.scheduler.rules.names import MustHold
from services.scheduler.rules.weekly_series import keeps_room
from shared.contract.facts.scheduler import Placement

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class _Spot:
    """A free start and room, and which sessions stand in its way by which rule."""

    start: datetime
    room: str
    blockers: dict[str, str]


def others_stand_in_the_way(
    candidates: Candidates, placed: Mapping[str, Placement], session: Session
) -> tuple[str, tuple[str, ...]]:
    """The reason in one sentence: which sessions leave it no place, where they are fewest."""
    if session.after and session.after.session not in placed:
        return f"The part before it, {session.after.session}, has no place.", (MustHold.PREREQUISITE,)
    line = line_of(candidates.board, session, placed)
    spots = list(_spots(candidates, placed, session, line))
    if not spots and line:
        return out_of_line(candidates, session, line)
    if not spots and session.after:
        return _too_near_or_far(candidates.problem, placed, session.after), (MustHold.PREREQUISITE,)
    spot = min(spots, key=lambda one: (len(one.blockers), one.start, one.room))
    if not spot.blockers:
        return "The search ended before it was placed; ask for a schedule again, with a longer limit.", ()
    return _taken(candidates.problem, spots, spot), tuple(sorted(set(spot.blockers.values())))


def _taken(problem: Problem, spots: list[_Spot], spot: _Spot) -> str:
    starts = len({one.start for one in spots})
    suited = "The one start that suits it is" if starts == 1 else f"All {starts} starts that suit it are"
    stand = "stands" if len(spot.blockers) == 1 else "stand"
    where = f"on {wording.local_time(problem, spot.start)} in room {spot.room}"
    return f"{suited} taken by others; {where}, {wording.listed(sorted(spot.blockers))} {stand} in its way."


def _too_near_or_far(problem: Problem, placed: Mapping[str, Placement], after: After) -> str:
    before = wording.local_time(problem, placed[after.session].start)
    gap = f"{after.fewest_days} to {after.most_days} days"
    return f"No start that suits it lies {gap} after the part before it, {after.session}, on {before}."


def _spots(
    candidates: Candidates, placed: Mapping[str, Placement], session: Session, line: Line | None
) -> Iterator[_Spot]:
    problem, others = candidates.problem, _Others.of(candidates.problem, placed, session)
    free = candidates.options(session.id).free()
    if line:
        free &= line.starts(candidates.board, session)
        if keeps_room(session):
            free &= np.array([[room.id == line.room] for room in problem.rooms])
    for place in np.flatnonzero(free.any(axis=0)).tolist():
        if session.after and not _in_order(candidates, placed, session.after, int(candidates.board.grid.day[place])):
            continue
        begins = int(candidates.board.grid.starts[place])
        start, going = datetime.fromtimestamp(begins, UTC), others.going(begins, session.minutes)
        for room in np.flatnonzero(free[:, place]).tolist():
            yield _Spot(start, problem.rooms[room].id, others.blockers(going, room))


@dataclass(frozen=True)
class _Others:
    """The placed sessions: when, in which room (its number), and whether they share a presenter with the one asked."""

    names: tuple[str, ...]
    begin: Integers
    end: Integers
    room: Integers
    has_presenter: Flags

    @classmethod
    def of(cls, problem: Problem, placed: Mapping[str, Placement], session: Session) -> _Others:
        presenters = {one.id: set(one.presenters) for one in problem.sessions}
        rooms = {room.id: number for number, room in enumerate(problem.rooms)}
        shared = [not presenters[name].isdisjoint(session.presenters) for name in placed]
        begin = np.array([int(one.start.timestamp()) for one in placed.values()], dtype=np.int64)
        return cls(
            names=tuple(placed),
            begin=begin,
            end=begin + 60 * np.array([one.minutes for one in placed.values()], dtype=np.int64),
            room=np.array([rooms[one.room] for one in placed.values()], dtype=np.int64),
            has_presenter=np.array(shared, dtype=np.bool_),
        )

    def going(self, begin: int, minutes: int) -> Flags:
        """Which of them go on at some time of that stretch."""
        return (self.begin < begin + 60 * minutes) & (begin < self.end)

    def blockers(self, going: Flags, room: int) -> dict[str, str]:
        """By session that is in the way in that room, the rule that says so."""
        in_way = np.flatnonzero(going & (self.has_presenter | (self.room == room)))
        rules = (MustHold.ROOM_CONFLICT, MustHold.PRESENTER_CONFLICT)
        return {self.names[at]: rules[int(self.has_presenter[at])] for at in in_way.tolist()}


def _in_order(candidates: Candidates, placed: Mapping[str, Placement], after: After, day: int) -> bool:
    grid, start = candidates.board.grid, int(placed[after.session].start.timestamp())
    gap = day - int(grid.day[np.searchsorted(grid.starts, start)])
    return after.fewest_days <= gap <= after.most_days
