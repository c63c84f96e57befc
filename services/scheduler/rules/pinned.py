"""A session that an organiser pinned stays where it is pinned."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from services.scheduler.rules.base import NOTHING, Amounts, Finding, Indices, UnaryRule
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.entities import Session
    from services.scheduler.finished import FinishedPlan


class PinnedAssignment(UnaryRule):
    """The start, the room, or both are as pinned."""

    about_rooms: ClassVar[bool] = True

    kind: Literal["pinned"] = "pinned"
    id: Id = "pinned"
    sentence: Line = "A pinned session stays where it is pinned"
    source: Line = "the organiser who pinned it"

    def amounts(self, session: Session, at: Indices, board: Board) -> Amounts:
        pinned, against = session.pinned, NOTHING
        if pinned and pinned.start is not None:
            against = (board.grid.starts[None, at] != int(pinned.start.timestamp())).astype(np.int64)
        if pinned and pinned.room is not None:
            against = against + np.array([[int(room.id != pinned.room)] for room in board.problem.rooms])
        return against

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        for placed in plan.within(self.scope):
            if pinned := placed.session.pinned:
                elsewhere = int(pinned.start is not None and pinned.start != placed.when.start)
                elsewhere += int(pinned.room is not None and pinned.room != placed.room.id)
                if elsewhere:
                    yield Finding((placed.session.id,), elsewhere, f"{placed.session.id} is pinned elsewhere")
