"""What a room must be for a session: free, large enough, and made for its format."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from services.scheduler.entities import overlaps_any
from services.scheduler.rules.base import Amounts, Finding, Indices, UnaryRule
from services.scheduler.timeline import spans_timeline
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.entities import Room, Session
    from services.scheduler.finished import FinishedPlan


class RoomUnavailable(UnaryRule):
    """Counts the minutes of a session that lies where its room is not to be had."""

    about_rooms: ClassVar[bool] = True

    kind: Literal["room-unavailable"] = "room-unavailable"
    id: Id = "room-unavailable"
    sentence: Line = "Every room is available for the sessions in it"

    def amounts(self, session: Session, at: Indices, board: Board) -> Amounts:
        return board.remembered((self.id, session.minutes), lambda: self._taken(session.minutes, board))[:, at]

    def _taken(self, minutes: int, board: Board) -> Amounts:
        shape = (len(board.problem.rooms), len(board.grid.starts))
        taken = [spans_timeline(room.unavailable).overlaps(board.grid.starts, minutes) for room in board.problem.rooms]
        return minutes * np.array(taken, dtype=np.int64).reshape(shape)

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        for placed in plan.within(self.scope):
            if overlaps_any(placed.room.unavailable, placed.when):
                minutes = placed.session.minutes
                yield Finding((placed.session.id,), minutes, f"room {placed.room.id} is not available then")


class RoomRule(UnaryRule):
    """A rule about which rooms suit a session, whatever the time."""

    about_rooms: ClassVar[bool] = True

    def unsuitable(self, session: Session, room: Room) -> int:
        """How much the room lacks; 0 when it suits."""
        raise NotImplementedError

    def amounts(self, session: Session, at: Indices, board: Board) -> Amounts:  # noqa: ARG002 -- at any time
        lacking = [[self.unsuitable(session, room)] for room in board.problem.rooms]
        return np.array(lacking, dtype=np.int64).reshape(len(lacking), 1)

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        for placed in plan.within(self.scope):
            if lacking := self.unsuitable(placed.session, placed.room):
                yield Finding((placed.session.id,), lacking, f"room {placed.room.id} does not suit {placed.session.id}")


class RoomCapacityMinimum(RoomRule):
    """Counts the people for whom the room is too small."""

    kind: Literal["room-capacity"] = "room-capacity"
    id: Id = "room-capacity"
    sentence: Line = "Every room holds as many people as the session in it needs seats"

    def unsuitable(self, session: Session, room: Room) -> int:
        return max(0, session.seats - room.capacity)


class RoomTakesFormat(RoomRule):
    """A room made for some formats takes no others."""

    kind: Literal["room-takes-format"] = "room-takes-format"
    id: Id = "room-takes-format"
    sentence: Line = "Every room takes the format of the session in it"

    def unsuitable(self, session: Session, room: Room) -> int:
        return int(bool(room.formats) and session.format not in room.formats)
