"""Presenters are asked for their if-need-be times only when it is worth it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

import numpy as np

from services.scheduler.rules.base import NOTHING, Amounts, Finding, Indices, Level, UnaryRule
from services.scheduler.timeline import Standing
from services.scheduler.weights import PRESENTER_IF_NEED_BE
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.entities import Session
    from services.scheduler.finished import FinishedPlan


class PresenterIfNeedBe(UnaryRule):
    """Counts the minutes at which a presenter comes only if need be; each weighs as three people's lost."""

    kind: Literal["presenter-if-need-be"] = "presenter-if-need-be"
    id: Id = "presenter-if-need-be"
    sentence: Line = "Presenters present at their if-need-be times only if need be"
    level: Level = Level.WARN
    weight: int = PRESENTER_IF_NEED_BE

    def amounts(self, session: Session, at: Indices, board: Board) -> Amounts:
        troubled = NOTHING
        for presenter in session.presenters:
            reluctant = board.standing(presenter, session.minutes, at) == Standing.IF_NEED_BE
            troubled = troubled + session.minutes * reluctant.astype(np.int64)[None, :]
        return troubled

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        for placed in plan.within(self.scope):
            for who in placed.session.presenters:
                if plan.standing(who, placed.when) is Standing.IF_NEED_BE:
                    clause = f"{who} presents {placed.session.id} only if need be"
                    yield Finding((placed.session.id,), placed.session.minutes, clause, (who,))
