"""A programme in blocks: in each timeslot, a room belongs to one track."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal

from services.scheduler.rules.base import Finding, GroupRule
from services.scheduler.rules.cells import Cell, moment
from services.scheduler.terms import GroupTerm, Key, Measure
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.finished import FinishedPlan


class TrackCell(GroupRule):
    """Counts the tracks beyond the first in a timeslot and room. Sessions without a track are a track of their own."""

    kind: Literal["track-cell"] = "track-cell"
    id: Id = "track-cell"
    sentence: Line = "In each timeslot, a room holds sessions of one track"
    weight: int = 60

    def groups(self, board: Board) -> Iterator[GroupTerm]:
        covered = [session for session in board.problem.sessions if self.scope.covers(session)]
        tracks = sorted({session.track or "" for session in covered})
        if len(tracks) > 1:
            number = {track: position for position, track in enumerate(tracks)}
            labels = tuple(number[session.track or ""] for session in covered)
            yield GroupTerm(tuple(session.id for session in covered), Measure.MIXED, key=Key.CELL, table=labels)

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        cells: dict[Cell, dict[str, list[str]]] = {}
        for placed in plan.within(self.scope):
            tracks = cells.setdefault(Cell(moment(placed), placed.room.id), {})
            tracks.setdefault(placed.session.track or "", []).append(placed.session.id)
        for cell, tracks in sorted(cells.items()):
            if len(tracks) > 1:
                names = tuple(sorted(name for sessions in tracks.values() for name in sessions))
                clause = f"room {cell.room} holds sessions of {len(tracks)} tracks in one timeslot"
                yield Finding(names, len(tracks) - 1, clause)
