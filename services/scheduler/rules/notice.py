"""Notice: nothing new at short notice, and what is announced for soon stays where it is."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from pydantic import Field

from services.scheduler.entities import overlaps_any
from services.scheduler.rules.base import NOTHING, Amounts, Finding, Indices, UnaryRule
from services.scheduler.timeline import spans_timeline
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.entities import Published, Session
    from services.scheduler.finished import FinishedPlan, Placed

HOUR = 3600


class NoticePeriod(UnaryRule):
    """Counts the hours of notice that a session lacks, from when the plan was asked for to its start.

    One that keeps its published start was announced before and needs no notice. Nothing is counted where nobody says
    when the plan was asked for. Longer notice for some hours: ``notice_days`` of a rule about times.
    """

    kind: Literal["notice-period"] = "notice-period"
    id: Id = "notice-period"
    sentence: Line = "Nothing is announced without notice"
    hours: int = Field(default=24, ge=0, le=24 * 365)

    def amounts(self, session: Session, at: Indices, board: Board) -> Amounts:
        if board.problem.asked_at is None:
            return NOTHING
        starts = board.grid.starts[at]
        given = starts - math.floor(board.problem.asked_at.timestamp())
        announced = int(session.published.start.timestamp()) if session.published else -1
        return np.where(starts == announced, 0, np.maximum(0, self.hours - given // HOUR))[None, :]

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        asked_at = plan.problem.asked_at
        for placed in plan.within(self.scope) if asked_at is not None else ():
            published = placed.session.published
            if asked_at is None or (published and published.start == placed.when.start):
                continue
            given = math.floor((placed.when.start - asked_at.replace(microsecond=0)) / timedelta(hours=1))
            if given < self.hours:
                clause = f"{placed.session.id} would begin with {max(0, given)} hours of notice"
                yield Finding((placed.session.id,), self.hours - given, clause)


class Frozen(UnaryRule):
    """What is published to begin soon, or has begun, keeps its time, and its room while that is to be had."""

    about_rooms: ClassVar[bool] = True

    kind: Literal["frozen"] = "frozen"
    id: Id = "frozen"
    sentence: Line = "What was announced to begin soon stays where it is"
    hours: int = Field(default=24, ge=0, le=24 * 365, description="how soon, from when the plan was asked for")

    def amounts(self, session: Session, at: Indices, board: Board) -> Amounts:
        published = self._frozen(session, board.problem.asked_at)
        if published is None:
            return NOTHING
        start = int(published.start.timestamp())
        elsewhere = (board.grid.starts[None, at] != start).astype(np.int64)
        for room in board.problem.rooms:
            taken = spans_timeline(room.unavailable).overlaps(np.array([start]), session.minutes)[0]
            if room.id == published.room and not taken:
                other_room = np.array([[int(other.id != room.id)] for other in board.problem.rooms], dtype=np.int64)
                return np.asarray(elsewhere | other_room)
        return np.asarray(elsewhere)

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        for placed in plan.within(self.scope):
            published = self._frozen(placed.session, plan.problem.asked_at)
            if published and not _stays(placed, published, plan):
                clause = f"{placed.session.id} was announced to begin within {self.hours} hours, and moves"
                yield Finding((placed.session.id,), 1, clause)

    def _frozen(self, session: Session, asked_at: datetime | None) -> Published | None:
        """Where the session was published, when that is too soon to change."""
        published = session.published
        if published is None or asked_at is None or published.start >= asked_at + timedelta(hours=self.hours):
            return None
        return published


def _stays(placed: Placed, published: Published, plan: FinishedPlan) -> bool:
    if placed.when.start != published.start or placed.room.id == published.room:
        return placed.when.start == published.start
    room = plan.rooms.get(published.room)
    return room is None or overlaps_any(room.unavailable, placed.when)
