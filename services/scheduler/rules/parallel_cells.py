"""Tracks that had better not run in parallel: similar ones, and those that share a chair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from services.scheduler.rules.base import Finding, GroupRule, Level
from services.scheduler.rules.cells import cells_by_track, sessions_by_track
from services.scheduler.terms import GroupTerm, Key, Measure
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.entities import Track
    from services.scheduler.finished import FinishedPlan
    from services.scheduler.problem import Problem


class ParallelCells(GroupRule):
    """A rule about two tracks in one timeslot; it counts every two cells, one of each track."""

    level: Level = Level.WARN

    def against(self, one: Track, other: Track) -> int:
        """How much each such pair of cells counts; 0 for tracks that may run in parallel."""
        raise NotImplementedError

    def clause(self, one: str, other: str) -> str:
        raise NotImplementedError

    def groups(self, board: Board) -> Iterator[GroupTerm]:
        sessions = sessions_by_track(board.problem, self.scope)
        for one, other, amount in self._apart(board.problem):
            if one in sessions and other in sessions:
                labels = (0,) * len(sessions[one]) + (1,) * len(sessions[other])
                members = sessions[one] + sessions[other]
                yield GroupTerm(
                    members, Measure.PARALLEL, key=Key.TIMESLOT, inner=Key.ROOM, amount=amount, table=labels
                )

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        cells = cells_by_track(plan, self.scope)
        for one, other, amount in self._apart(plan.problem):
            for here, mine in cells.get(one, {}).items():
                for there, theirs in cells.get(other, {}).items():
                    if here.moment == there.moment:
                        yield Finding((*mine, *theirs), amount, self.clause(one, other))

    def _apart(self, problem: Problem) -> Iterator[tuple[str, str, int]]:
        for one, other in combinations(problem.tracks, 2):
            if amount := self.against(one, other):
                yield one.id, other.id, amount


class SimilarTracks(ParallelCells):
    """Counts every two cells of similar tracks in one timeslot, as often as the tracks say that they are similar."""

    kind: Literal["similar-tracks"] = "similar-tracks"
    id: Id = "similar-tracks"
    sentence: Line = "Similar tracks do not run in parallel"
    weight: int = 30

    def against(self, one: Track, other: Track) -> int:
        return max(_similarity(one, other), _similarity(other, one))

    def clause(self, one: str, other: str) -> str:
        return f"tracks {one} and {other} are similar and run in parallel"


def _similarity(one: Track, other: Track) -> int:
    return one.similarity.get(other.id, int(other.id in one.similar))


class ChairConflict(ParallelCells):
    """Counts every two cells in one timeslot whose tracks share a chair."""

    kind: Literal["chair-conflict"] = "chair-conflict"
    id: Id = "chair-conflict"
    sentence: Line = "Nobody chairs two tracks that run in parallel"
    weight: int = 120

    def against(self, one: Track, other: Track) -> int:
        return int(not set(one.chairs).isdisjoint(other.chairs))

    def clause(self, one: str, other: str) -> str:
        return f"tracks {one} and {other} share a chair and run in parallel"
