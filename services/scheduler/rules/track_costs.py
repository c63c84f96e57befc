"""Timeslots and rooms that a track had better not use, and rooms better not used in a timeslot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal

from services.scheduler.rules.base import Finding, GroupRule, Level
from services.scheduler.rules.cells import Cell, cells_by_track, sessions_by_track
from services.scheduler.terms import GroupTerm, Key, Measure
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.entities import Track
    from services.scheduler.finished import FinishedPlan
    from services.scheduler.problem import Problem


class CellCosts(GroupRule):
    """A rule about what each cell (timeslot and room) that a track uses costs, however many sessions are in it."""

    level: Level = Level.WARN

    def of(self, track: Track, cell: Cell, problem: Problem) -> int:
        """What the track's use of a cell costs."""
        raise NotImplementedError

    def term(self, track: Track, members: tuple[str, ...], board: Board) -> GroupTerm:
        raise NotImplementedError

    def groups(self, board: Board) -> Iterator[GroupTerm]:
        tracks = {track.id: track for track in board.problem.tracks}
        for name, members in sessions_by_track(board.problem, self.scope).items():
            term = self.term(tracks[name], members, board)
            if any(term.table):
                yield term

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        tracks = {track.id: track for track in plan.problem.tracks}
        for name, cells in cells_by_track(plan, self.scope).items():
            for cell, sessions in cells.items():
                if cost := self.of(tracks[name], cell, plan.problem):
                    where = f"timeslot {cell.moment.timeslot}, room {cell.room}"
                    yield Finding(tuple(sessions), cost, f"track {name} had better not use {where}")


class TrackTimeslotCosts(CellCosts):
    """Counts, for each cell that a track uses, what its ``timeslot_costs`` say of the timeslot."""

    kind: Literal["track-timeslot-costs"] = "track-timeslot-costs"
    id: Id = "track-timeslot-costs"
    sentence: Line = "Tracks run in timeslots that suit them"

    def of(self, track: Track, cell: Cell, problem: Problem) -> int:  # noqa: ARG002 -- whatever the room
        return track.timeslot_costs.get(cell.moment.timeslot, 0)

    def term(self, track: Track, members: tuple[str, ...], board: Board) -> GroupTerm:
        names = [board.problem.timeslots[number].id for number in board.timeslots]
        costs = tuple(track.timeslot_costs.get(name, 0) for name in names)
        return GroupTerm(members, Measure.USED, key=Key.CELL, inner=Key.TIMESLOT, table=costs or (0,))


class TrackRoomCosts(CellCosts):
    """Counts, for each cell that a track uses, what its ``room_costs`` say of the room."""

    kind: Literal["track-room-costs"] = "track-room-costs"
    id: Id = "track-room-costs"
    sentence: Line = "Tracks run in rooms that suit them"

    def of(self, track: Track, cell: Cell, problem: Problem) -> int:  # noqa: ARG002 -- whatever the timeslot
        return track.room_costs.get(cell.room, 0)

    def term(self, track: Track, members: tuple[str, ...], board: Board) -> GroupTerm:
        costs = tuple(track.room_costs.get(room.id, 0) for room in board.problem.rooms)
        return GroupTerm(members, Measure.USED, key=Key.CELL, inner=Key.ROOM, table=costs or (0,))


class TimeslotRoomCosts(CellCosts):
    """Counts, for each cell that a track uses, what the timeslot's ``room_costs`` say of the room."""

    kind: Literal["timeslot-room-costs"] = "timeslot-room-costs"
    id: Id = "timeslot-room-costs"
    sentence: Line = "Rooms are used in timeslots that suit them"

    def of(self, track: Track, cell: Cell, problem: Problem) -> int:  # noqa: ARG002 -- whatever the track
        costs = (one.room_costs for one in problem.timeslots if one.id == cell.moment.timeslot)
        return next(costs, {}).get(cell.room, 0)

    def term(self, track: Track, members: tuple[str, ...], board: Board) -> GroupTerm:  # noqa: ARG002
        timeslots = [board.problem.timeslots[number] for number in board.timeslots]
        costs = tuple(slot.room_costs.get(room.id, 0) for slot in timeslots for room in board.problem.rooms)
        return GroupTerm(members, Measure.USED, key=Key.CELL, inner=Key.CELL, table=costs or (0,))
