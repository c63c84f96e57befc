"""The timeslots of a track follow one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal

from services.scheduler.rules.base import Finding, GroupRule, Level
from services.scheduler.rules.cells import Moment, cells_by_track, sessions_by_track
from services.scheduler.terms import GroupTerm, Measure
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.finished import FinishedPlan


class ConsecutiveTracks(GroupRule):
    """Counts the tracks that leave a timeslot of the programme out between two of theirs; the end of a day is none."""

    kind: Literal["consecutive-tracks"] = "consecutive-tracks"
    id: Id = "consecutive-tracks"
    sentence: Line = "A track runs in timeslots that follow one another"
    level: Level = Level.WARN
    weight: int = 60

    def groups(self, board: Board) -> Iterator[GroupTerm]:
        if board.problem.timeslots:
            for members in sessions_by_track(board.problem, self.scope).values():
                if len(members) > 1:
                    yield GroupTerm(members, Measure.GAPS_IN_TIMESLOTS)

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        every = sorted(Moment(one.start, one.end, one.id) for one in plan.problem.timeslots)
        rank = {moment: position for position, moment in enumerate(every)}
        for track, cells in cells_by_track(plan, self.scope).items():
            ranks = {rank[cell.moment] for cell in cells if cell.moment in rank}
            if ranks and max(ranks) - min(ranks) >= len(ranks):
                names = tuple(sorted(name for sessions in cells.values() for name in sessions))
                yield Finding(names, 1, f"track {track} pauses between its timeslots")
