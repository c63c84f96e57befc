"""Attendance: sessions lie where the people who want them can come, in rooms that hold them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

import numpy as np

from services.scheduler.rules.base import NOTHING, Amounts, Finding, Indices, Level, UnaryRule
from services.scheduler.timeline import Standing
from services.scheduler.weights import LEVEL_SHARE, WHOLE, attendee_share, seats_for_attendees
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.entities import Session
    from services.scheduler.finished import FinishedPlan, Placed

Kind = tuple[str, Standing]

KINDS: list[Kind] = sorted(
    ((level, standing) for level in LEVEL_SHARE for standing in Standing if standing != Standing.NO),
    key=lambda kind: -attendee_share(*kind),
)
"""The kinds of attendees, those who add most first: where seats are few, they go to these."""


class AttendanceMaximisation(UnaryRule):
    """Gains the person-minutes that wishing people can attend; if-need-be and mere interest count less."""

    kind: Literal["attendance"] = "attendance"
    id: Id = "attendance"
    sentence: Line = "Those who want to come can come, and find a seat"
    level: Level = Level.WARN

    def amounts(self, session: Session, at: Indices, board: Board) -> Amounts:
        wishing = [wish for wish in board.wishes[session.proposal] if wish[0] not in session.presenters]
        if not wishing:
            return NOTHING
        crowd = {kind: np.zeros(len(at), dtype=np.int64) for kind in KINDS}
        for person, level in wishing:
            standing = board.standing(person, session.minutes, at)
            for kind in KINDS:
                if kind[0] == level:
                    crowd[kind] += standing == kind[1]
        seated = {capacity: _seated(session, crowd, capacity) for capacity in set(board.capacities.tolist())}
        return np.array([-seated[capacity] for capacity in board.capacities.tolist()])

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        for placed in plan.within(self.scope):
            if attending := _attending(placed, plan):
                yield Finding((placed.session.id,), -attending, f"{attending} person-minutes in {placed.session.id}")


def _seated(session: Session, crowd: dict[Kind, Amounts], capacity: int) -> Amounts:
    left: Amounts | int = seats_for_attendees(session, capacity)
    shares: Amounts | int = 0
    for kind in KINDS:
        seated = np.minimum(crowd[kind], left)
        shares = shares + seated * attendee_share(*kind)
        left = left - seated
    return np.asarray(shares * session.minutes // WHOLE)


def _attending(placed: Placed, plan: FinishedPlan) -> int:
    session = placed.session
    shares = sorted(
        (
            attendee_share(level, plan.standing(person, placed.when))
            for person, level in plan.wishes.get(session.proposal, {}).items()
            if person not in session.presenters
        ),
        reverse=True,
    )
    return sum(shares[: seats_for_attendees(session, placed.room.capacity)]) * session.minutes // WHOLE
