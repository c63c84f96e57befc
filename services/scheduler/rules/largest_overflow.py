"""Equity: no session is much shorter of seats than another needs to be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal

from services.scheduler.rules.base import Finding, GroupRule, Level
from services.scheduler.terms import GroupTerm, Measure
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.finished import FinishedPlan


class LargestOverflow(GroupRule):
    """Counts the people by whom demand exceeds the room, in the session where it does so most.

    Below zero where every session has seats to spare: then it is the smallest spare that counts. Without a placed
    session it is what an empty session in the largest room would have. After PyConUK's conference-scheduler, which
    calls it equity. Demand is a session's ``popularity``; sessions that state none are left aside.
    """

    kind: Literal["largest-overflow"] = "largest-overflow"
    id: Id = "largest-overflow"
    sentence: Line = "The session that is shortest of seats is as little short as can be"
    level: Level = Level.WARN
    weight: int = 10

    def groups(self, board: Board) -> Iterator[GroupTerm]:
        stated = [one for one in board.problem.sessions if one.popularity is not None and self.scope.covers(one)]
        if stated and board.problem.rooms:
            demands = [one.popularity or 0 for one in stated]
            lowest = -int(board.capacities.max())
            members = tuple(one.id for one in stated)
            yield GroupTerm(members, Measure.LARGEST_OVERFLOW, table=(*demands, lowest))

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        stated = [one for one in plan.problem.sessions if one.popularity is not None and self.scope.covers(one)]
        if not stated or not plan.problem.rooms:
            return
        largest = -max(room.capacity for room in plan.problem.rooms)
        worst: tuple[str, ...] = ()
        for placed in plan.within(self.scope):
            demand = placed.session.popularity
            if demand is not None and demand - placed.room.capacity > largest:
                largest, worst = demand - placed.room.capacity, (placed.session.id,)
        if largest:
            yield Finding(worst, largest, f"{', '.join(worst) or 'no session'} is {largest} people over its room")
