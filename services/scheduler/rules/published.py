"""Published timeslot and room: in a re-solve, what was announced moves only when that is worth it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from pydantic import Field

from services.scheduler.rules.base import NOTHING, Amounts, Finding, Indices, Level, UnaryRule
from services.scheduler.weights import MOVED_ROOM, MOVED_TIME
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from services.scheduler.board import Board
    from services.scheduler.entities import Session
    from services.scheduler.finished import FinishedPlan


class PublishedRule(UnaryRule):
    """Counts the people whom a move disturbs, more of them when the session is near."""

    level: Level = Level.WARN
    short_notice_hours: int = Field(default=48, ge=0, le=24 * 365)
    short_notice_factor: int = Field(
        default=4, ge=1, le=1000, description="how much more a move counts at short notice"
    )

    def disturbed(self, session: Session, wishing: AbstractSet[str], asked_at: datetime | None) -> int:
        """Presenters and people who want to come; times the factor when the published start is near."""
        people = len(wishing | set(session.presenters))
        near = (
            asked_at is not None
            and session.published is not None
            and session.published.start < asked_at + timedelta(hours=self.short_notice_hours)
        )
        return people * (self.short_notice_factor if near else 1)

    def moved(self, session: Session, at: Indices, board: Board) -> Amounts:
        """By room and start, 1 where the session would be moved in the sense of this rule."""
        raise NotImplementedError

    def amounts(self, session: Session, at: Indices, board: Board) -> Amounts:
        if not (board.keep_published and session.published):
            return NOTHING
        wishing = {person for person, _ in board.wishes[session.proposal]}
        return self.moved(session, at, board) * self.disturbed(session, wishing, board.problem.asked_at)

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        for placed in plan.within(self.scope) if plan.keep_published else ():
            session, published = placed.session, placed.session.published
            if published is None:
                continue
            if self.is_moved(
                same_time=published.start == placed.when.start, same_room=published.room == placed.room.id
            ):
                wishing = plan.wishes.get(session.proposal, {}).keys()
                people = self.disturbed(session, set(wishing), plan.problem.asked_at)
                yield Finding((session.id,), people, f"{session.id} is not where it was published")

    def is_moved(self, *, same_time: bool, same_room: bool) -> bool:
        raise NotImplementedError


class PublishedTimeslot(PublishedRule):
    """A published session keeps its time."""

    kind: Literal["published-timeslot"] = "published-timeslot"
    id: Id = "published-timeslot"
    sentence: Line = "A published session keeps its time"
    weight: int = MOVED_TIME

    def moved(self, session: Session, at: Indices, board: Board) -> Amounts:
        published = int(session.published.start.timestamp()) if session.published else 0
        return np.asarray(board.grid.starts[None, at] != published).astype(np.int64)

    def is_moved(self, *, same_time: bool, same_room: bool) -> bool:  # noqa: ARG002
        return not same_time


class PublishedRoom(PublishedRule):
    """A published session that keeps its time keeps its room too."""

    about_rooms: ClassVar[bool] = True

    kind: Literal["published-room"] = "published-room"
    id: Id = "published-room"
    sentence: Line = "A published session that keeps its time keeps its room"
    weight: int = MOVED_ROOM

    def moved(self, session: Session, at: Indices, board: Board) -> Amounts:
        published = session.published
        if published is None:
            return NOTHING
        same_time = (board.grid.starts[None, at] == int(published.start.timestamp())).astype(np.int64)
        other_room = np.array([[int(room.id != published.room)] for room in board.problem.rooms], dtype=np.int64)
        return np.asarray(same_time * other_room.reshape(-1, 1))

    def is_moved(self, *, same_time: bool, same_room: bool) -> bool:
        return same_time and not same_room
