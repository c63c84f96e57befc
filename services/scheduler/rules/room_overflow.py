"""Room overflow: everybody who is expected finds a seat."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from services.scheduler.rules.base import Amounts, Finding, Indices, Level, UnaryRule
from services.scheduler.weights import LEVEL_SHARE, WHOLE
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.entities import Session
    from services.scheduler.finished import FinishedPlan


class RoomOverflow(UnaryRule):
    """Counts the person-minutes of people who are expected and find no seat.

    Expected are the presenters and as many as the session's stated popularity; where none is stated, everybody who
    said *coming* and half of those who are *interested*. Attendance counts the seats of those who said so already;
    this rule is for programmes that know their audience by other means, or want a margin.
    """

    about_rooms: ClassVar[bool] = True

    kind: Literal["room-overflow"] = "room-overflow"
    id: Id = "room-overflow"
    sentence: Line = "Everybody who is expected at a session finds a seat there"
    level: Level = Level.WARN

    def amounts(self, session: Session, at: Indices, board: Board) -> Amounts:  # noqa: ARG002 -- at any time
        if session.popularity is not None:
            audience = session.popularity
        else:
            shares = [
                LEVEL_SHARE[level] for who, level in board.wishes[session.proposal] if who not in session.presenters
            ]
            audience = sum(shares) // WHOLE
        without_seat = np.maximum(0, audience + len(session.presenters) - board.capacities)
        return np.asarray(without_seat[:, None] * session.minutes)

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        for placed in plan.within(self.scope):
            session = placed.session
            expected = len(session.presenters) + _audience(session, plan)
            if expected > placed.room.capacity:
                clause = f"{expected} are expected at {session.id}, and {placed.room.id} holds {placed.room.capacity}"
                yield Finding((session.id,), (expected - placed.room.capacity) * session.minutes, clause)


def _audience(session: Session, plan: FinishedPlan) -> int:
    if session.popularity is not None:
        return session.popularity
    levels = [
        level for who, level in plan.wishes.get(session.proposal, {}).items() if who not in set(session.presenters)
    ]
    return levels.count("coming") + levels.count("interested") // 2
