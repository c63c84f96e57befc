"""Where a programme has timeslots, a session lies within one that takes its format."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

import numpy as np

from services.scheduler.rules.base import NOTHING, Amounts, Finding, Indices, UnaryRule
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.entities import Session
    from services.scheduler.finished import FinishedPlan


class SessionFitsTimeslot(UnaryRule):
    """A timeslot with steps holds sessions that begin on a step and end in time; one without, what fills it."""

    kind: Literal["session-fits-timeslot"] = "session-fits-timeslot"
    id: Id = "session-fits-timeslot"
    sentence: Line = "Every session lies within a timeslot that takes its format"

    def amounts(self, session: Session, at: Indices, board: Board) -> Amounts:
        if not board.problem.timeslots:
            return NOTHING
        return (board.timeslot_at(session)[None, at] < 0).astype(np.int64)

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        if plan.problem.timeslots:
            for placed in plan.within(self.scope):
                if placed.timeslot is None:
                    yield Finding((placed.session.id,), 1, f"{placed.session.id} fits no timeslot there")
