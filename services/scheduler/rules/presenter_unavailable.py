"""Presenters are not asked to present when they said no."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

import numpy as np

from services.scheduler.rules.base import NOTHING, Amounts, Finding, Indices, UnaryRule
from services.scheduler.timeline import Standing
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.entities import Session
    from services.scheduler.finished import FinishedPlan


class PresenterUnavailable(UnaryRule):
    """Counts the minutes of a session for each of its presenters who said no to a part of its time."""

    kind: Literal["presenter-unavailable"] = "presenter-unavailable"
    id: Id = "presenter-unavailable"
    sentence: Line = "Every presenter of a session has time for it"

    def amounts(self, session: Session, at: Indices, board: Board) -> Amounts:
        busy = NOTHING
        for presenter in session.presenters:
            said_no = board.standing(presenter, session.minutes, at) == Standing.NO
            busy = busy + said_no.astype(np.int64)[None, :]
        return session.minutes * busy

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        for placed in plan.within(self.scope):
            session = placed.session
            busy = tuple(who for who in session.presenters if plan.standing(who, placed.when) is Standing.NO)
            if busy:
                clause = f"{', '.join(busy)} cannot present {session.id} then"
                yield Finding((session.id,), len(busy) * session.minutes, clause, busy)
