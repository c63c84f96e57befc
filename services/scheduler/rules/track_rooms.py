"""A track stays in one room, and is in one room at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal

from services.scheduler.rules.base import Finding, GroupRule, Level
from services.scheduler.rules.cells import cells_by_track, sessions_by_track
from services.scheduler.terms import GroupTerm, Key, Measure
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.finished import FinishedPlan


class TrackRoomStability(GroupRule):
    """Counts the rooms of a track beyond the first."""

    kind: Literal["track-room-stability"] = "track-room-stability"
    id: Id = "track-room-stability"
    sentence: Line = "A track stays in one room"
    level: Level = Level.WARN
    weight: int = 30

    def groups(self, board: Board) -> Iterator[GroupTerm]:
        for members in sessions_by_track(board.problem, self.scope).values():
            if len(members) > 1:
                yield GroupTerm(members, Measure.DISTINCT, inner=Key.ROOM)

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        for track, cells in cells_by_track(plan, self.scope).items():
            rooms = sorted({cell.room for cell in cells})
            if len(rooms) > 1:
                names = tuple(sorted(name for sessions in cells.values() for name in sessions))
                yield Finding(names, len(rooms) - 1, f"track {track} is in {len(rooms)} rooms: {', '.join(rooms)}")


class ParallelTracks(GroupRule):
    """Counts the rooms beyond the first that a track has in a timeslot."""

    kind: Literal["parallel-tracks"] = "parallel-tracks"
    id: Id = "parallel-tracks"
    sentence: Line = "A track is in one room at a time"
    level: Level = Level.WARN
    weight: int = 60

    def groups(self, board: Board) -> Iterator[GroupTerm]:
        for members in sessions_by_track(board.problem, self.scope).values():
            if len(members) > 1:
                yield GroupTerm(members, Measure.DISTINCT, key=Key.TIMESLOT, inner=Key.ROOM)

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        for track, cells in cells_by_track(plan, self.scope).items():
            for when, rooms in sorted(Counter(cell.moment for cell in cells).items()):
                if rooms > 1:
                    names = sorted(name for cell, own in cells.items() if cell.moment == when for name in own)
                    clause = f"track {track} is in {rooms} rooms at a time"
                    yield Finding(tuple(names), rooms - 1, clause)
