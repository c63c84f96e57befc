"""Sessions lie within the programme's dates, and not in its closures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

import numpy as np

from services.scheduler.rules.base import Amounts, Finding, Indices, UnaryRule
from services.scheduler.rules.windows import MIDNIGHT, closed_days
from services.scheduler.timeline import Timeline
from shared.contract.values import Id, Line
from shared.time.intervals import Interval, local_interval
from shared.time.zones import zone

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.entities import Session
    from services.scheduler.finished import FinishedPlan
    from services.scheduler.problem import Problem


class ProgrammeDates(UnaryRule):
    """No session begins before the first day, ends after the last, or touches a closure."""

    kind: Literal["programme-dates"] = "programme-dates"
    id: Id = "programme-dates"
    sentence: Line = "Every session lies within the programme's dates and outside its closures"

    def amounts(self, session: Session, at: Indices, board: Board) -> Amounts:
        return board.remembered((self.id, session.minutes), lambda: self._outside(session.minutes, board))[None, at]

    def _outside(self, minutes: int, board: Board) -> Amounts:
        problem = board.problem
        horizon = _horizon(problem)
        starts = board.grid.starts
        outside = starts < int(horizon.start.timestamp())
        outside |= starts + 60 * minutes > int(horizon.end.timestamp())
        closed = Timeline.of(closed_days(problem.closures, problem.first_day, problem.last_day, problem.zone))
        return (outside | closed.overlaps(starts, minutes)).astype(np.int64)

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        horizon = _horizon(plan.problem)
        for placed in plan.within(self.scope):
            day = placed.when.start.date()
            around = (day - timedelta(days=2), day + timedelta(days=3), plan.problem.zone)
            closed = any(closure.overlaps(placed.when) for closure in closed_days(plan.problem.closures, *around))
            if closed or not horizon.contains(placed.when):
                name = placed.session.id
                yield Finding((name,), 1, f"{name} lies {'in a closure' if closed else 'outside the programme'}")


def _horizon(problem: Problem) -> Interval:
    local = zone(problem.zone)
    first = local_interval(problem.first_day, MIDNIGHT, MIDNIGHT, local)
    return Interval(first.start, local_interval(problem.last_day, MIDNIGHT, MIDNIGHT, local).end)
