"""Times that a session itself rules out or prefers, whoever presents it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

import numpy as np

from services.scheduler.entities import overlaps_any
from services.scheduler.rules.base import NOTHING, Amounts, Finding, Indices, Level, UnaryRule
from services.scheduler.timeline import spans_timeline
from services.scheduler.weights import OUTSIDE_PREFERRED_TIMES
from shared.contract.values import Id, Line
from shared.time.intervals import merged

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.entities import Session
    from services.scheduler.finished import FinishedPlan


class ImpossibleTimes(UnaryRule):
    """Counts the minutes of a session that lies at a time that its proposal rules out."""

    kind: Literal["impossible-times"] = "impossible-times"
    id: Id = "impossible-times"
    sentence: Line = "No session lies at a time that its proposal rules out"

    def amounts(self, session: Session, at: Indices, board: Board) -> Amounts:
        if not session.impossible:
            return NOTHING
        ruled_out = spans_timeline(session.impossible).overlaps(board.grid.starts[at], session.minutes)
        return session.minutes * ruled_out.astype(np.int64)[None, :]

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        for placed in plan.within(self.scope):
            session = placed.session
            if overlaps_any(session.impossible, placed.when):
                clause = f"{session.id} lies at a time that its proposal rules out"
                yield Finding((session.id,), session.minutes, clause)


class PreferredTimes(UnaryRule):
    """Counts the minutes of a session that does not lie wholly within a time that its proposal prefers."""

    kind: Literal["preferred-times"] = "preferred-times"
    id: Id = "preferred-times"
    sentence: Line = "Sessions lie at the times that their proposals prefer"
    level: Level = Level.WARN
    weight: int = OUTSIDE_PREFERRED_TIMES

    def amounts(self, session: Session, at: Indices, board: Board) -> Amounts:
        if not session.preferred:
            return NOTHING
        within = spans_timeline(session.preferred).contains(board.grid.starts[at], session.minutes)
        return session.minutes * (~within).astype(np.int64)[None, :]

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        for placed in plan.within(self.scope):
            session = placed.session
            preferred = merged(span.interval() for span in session.preferred)
            if preferred and not any(each.contains(placed.when) for each in preferred):
                clause = f"{session.id} does not lie at a time that its proposal prefers"
                yield Finding((session.id,), session.minutes, clause)
