"""Timeslots and rooms that a session had better not take."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from pydantic import Field

from services.scheduler.rules.base import NOTHING, Amounts, Finding, Indices, Level, UnaryRule
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.entities import Session, Timeslot
    from services.scheduler.finished import FinishedPlan


class SessionCosts(UnaryRule):
    """A rule about what a session says that timeslots or rooms cost."""

    level: Level = Level.WARN
    per: Literal["session", "step"] = Field(
        default="session", description="whether a cost counts once, or for each step of its timeslot that a session has"
    )

    def times(self, session: Session, timeslot: Timeslot | None) -> int:
        """How often a cost counts in that timeslot."""
        if self.per == "session" or timeslot is None or timeslot.step_minutes is None:
            return 1
        return -(-session.minutes // timeslot.step_minutes)

    def times_at(self, session: Session, at: Indices, board: Board) -> Amounts:
        by_rank = [self.times(session, board.problem.timeslots[number]) for number in board.timeslots]
        return _by_timeslot([*by_rank, 1], session, at, board)


class SessionTimeslotCosts(SessionCosts):
    """Counts what a session's ``timeslot_costs`` say of its timeslot."""

    kind: Literal["session-timeslot-costs"] = "session-timeslot-costs"
    id: Id = "session-timeslot-costs"
    sentence: Line = "Sessions lie in timeslots that suit them"

    def amounts(self, session: Session, at: Indices, board: Board) -> Amounts:
        if not session.timeslot_costs:
            return NOTHING
        timeslots = [board.problem.timeslots[number] for number in board.timeslots]
        by_rank = [session.timeslot_costs.get(one.id, 0) * self.times(session, one) for one in timeslots]
        return _by_timeslot([*by_rank, 0], session, at, board)

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        for placed in plan.within(self.scope):
            session, timeslot = placed.session, placed.timeslot
            if timeslot and (cost := session.timeslot_costs.get(timeslot.id, 0)):
                clause = f"timeslot {timeslot.id} suits {session.id} badly"
                yield Finding((session.id,), cost * self.times(session, timeslot), clause)


class SessionRoomCosts(SessionCosts):
    """Counts what a session's ``room_costs`` say of its room."""

    about_rooms: ClassVar[bool] = True

    kind: Literal["session-room-costs"] = "session-room-costs"
    id: Id = "session-room-costs"
    sentence: Line = "Sessions lie in rooms that suit them"

    def amounts(self, session: Session, at: Indices, board: Board) -> Amounts:
        if not session.room_costs:
            return NOTHING
        by_room = [[session.room_costs.get(room.id, 0)] for room in board.problem.rooms]
        return np.array(by_room, dtype=np.int64) * self.times_at(session, at, board)

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        for placed in plan.within(self.scope):
            session, room = placed.session, placed.room
            if cost := session.room_costs.get(room.id, 0):
                amount = cost * self.times(session, placed.timeslot)
                yield Finding((session.id,), amount, f"room {room.id} suits {session.id} badly")


def _by_timeslot(by_rank: list[int], session: Session, at: Indices, board: Board) -> Amounts:
    """By start, the entry of the timeslot there; the last entry is for no timeslot."""
    ranks = board.timeslot_at(session)[at] if board.problem.timeslots else np.full(len(at), -1)
    return np.array(by_rank, dtype=np.int64)[ranks][None, :]
