"""Sessions at the place that they want in the running order of their track."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal

from services.scheduler.rules.base import Finding, GroupRule, Level
from services.scheduler.rules.cells import moment, sessions_by_track
from services.scheduler.terms import GroupTerm, Measure
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from datetime import datetime

    from services.scheduler.board import Board
    from services.scheduler.finished import FinishedPlan, Placed
    from services.scheduler.rules.cells import Moment


class TrackOrder(GroupRule):
    """Counts the sessions that are not at their ``position`` in the running sequence of their track.

    A track runs timeslot by timeslot, room by room in order of id, then by start.
    """

    kind: Literal["track-order"] = "track-order"
    id: Id = "track-order"
    sentence: Line = "Sessions have the place that they want in the running order of their track"
    level: Level = Level.WARN
    weight: int = 30

    def groups(self, board: Board) -> Iterator[GroupTerm]:
        for members in sessions_by_track(board.problem, self.scope).values():
            wanted = tuple(board.sessions[name].position or 0 for name in members)
            if any(wanted):
                yield GroupTerm(members, Measure.SEQUENCE, table=wanted)

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        running: dict[str, list[Placed]] = {}
        for placed in plan.within(self.scope):
            if placed.session.track:
                running.setdefault(placed.session.track, []).append(placed)
        for track, sequence in running.items():
            turns = sorted(_turn(placed) for placed in sequence)
            for placed in sequence:
                wanted, had = placed.session.position, turns.index(_turn(placed)) + 1
                if wanted and had != wanted:
                    clause = f"{placed.session.id} is number {had} of track {track} and wants to be number {wanted}"
                    yield Finding((placed.session.id,), 1, clause)


def _turn(placed: Placed) -> tuple[Moment, str, datetime]:
    return moment(placed), placed.room.id, placed.when.start
