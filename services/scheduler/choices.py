"""For each session the starts and rooms to choose from, and what each costs in person-minutes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from services.scheduler.candidates import Candidates
from services.scheduler.entities import Session
from services.scheduler.rules.attendance import AttendanceMaximisation
from services.scheduler.rules.base import UnaryRule
from services.scheduler.timeline import Flags, Seconds

Integers = NDArray[np.int64]
ARRAYS = ("start", "grid", "day", "week", "timeslot", "room", "cost", "attendance")


@dataclass(frozen=True)
class Choices:
    """The (start, room) pairs that one session may take, in that order, as parallel arrays.

    ``cost`` is what all rules about one session by itself have against it, in person-minutes; gains are negative.
    ``attendance`` is the part of it that people can attend, as a gain. ``grid`` is the start's index in the grid.
    """

    session: Session
    start: Seconds
    grid: Integers
    day: Integers
    week: Integers
    timeslot: Integers
    room: Integers
    cost: Integers
    attendance: Integers

    def __len__(self) -> int:
        return len(self.start)

    def only(self, kept: Flags | Integers) -> Choices:
        return replace(self, **{name: getattr(self, name)[kept] for name in ARRAYS})


def least_cost(choices: Choices) -> int:
    """The cost of the cheapest choice; 0 when there is none."""
    return int(choices.cost.min()) if len(choices) else 0


def find_choices(candidates: Candidates) -> dict[str, Choices]:
    """Every free start and room of every session with its cost."""
    weighed = [
        rule for rule in candidates.problem.policy.in_force() if isinstance(rule, UnaryRule) and not rule.must_hold()
    ]
    return {session.id: _choices(candidates, session, weighed) for session in candidates.problem.sessions}


def _choices(candidates: Candidates, session: Session, weighed: list[UnaryRule]) -> Choices:
    board = candidates.board
    at, room = np.nonzero(candidates.options(session.id).free().T)
    used, column = np.unique(at, return_inverse=True)
    shape = (len(board.problem.rooms), len(used))
    cost, attendance = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for rule in weighed if len(used) else ():
        if rule.scope.covers(session):
            amounts = rule.weight * rule.amounts(session, used, board)
            cost += amounts
            if isinstance(rule, AttendanceMaximisation):
                attendance -= amounts
    return Choices(
        session=session,
        start=board.grid.starts[at],
        grid=at,
        day=board.grid.day[at],
        week=board.grid.week[at],
        timeslot=board.timeslot_at(session)[at],
        room=room,
        cost=cost[room, column],
        attendance=attendance[room, column],
    )
