"""Topic variety: sessions about the same thing are not one after another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from services.scheduler.rules.base import Finding, Level, PairRule
from services.scheduler.terms import PairTerm, Relation
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.entities import Session
    from services.scheduler.finished import FinishedPlan, Placed


class TopicVariety(PairRule):
    """Counts the themes and contents that two sessions share when they are neighbours, or on one day or in one week.

    Neighbours are sessions of which one begins less than ``minutes`` after the other has ended. Sessions in parallel
    are another matter (theme conflict, content conflict), and so are repeats of one session (spread of repeats).
    """

    kind: Literal["topic-variety"] = "topic-variety"
    id: Id = "topic-variety"
    sentence: Line = "Sessions on the same topic do not follow one another"
    level: Level = Level.WARN
    weight: int = 20
    within: Literal["neighbours", "day", "week"] = "neighbours"
    minutes: int = Field(default=30, ge=1, le=24 * 60)

    def pairs(self, board: Board) -> Iterator[PairTerm]:
        relation, parameter = {
            "neighbours": (Relation.GAP_UNDER, self.minutes),
            "day": (Relation.SAME_DAY, 0),
            "week": (Relation.SAME_WEEK, 0),
        }[self.within]
        covered = [session for session in board.problem.sessions if self.scope.covers(session)]
        for one, other in combinations(covered, 2):
            if shared := _shared(one, other):
                yield PairTerm(one.id, other.id, relation, shared, parameter)

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        for one, other in plan.pairs(self.scope):
            if self._near(one, other) and (shared := _shared(one.session, other.session)):
                names = one.session.id, other.session.id
                yield Finding(names, shared, f"{' and '.join(names)} share {shared} topics and follow one another")

    def _near(self, one: Placed, other: Placed) -> bool:
        if self.within == "day":
            return one.day == other.day
        if self.within == "week":
            return one.week() == other.week()
        first, second = sorted((one.when, other.when), key=lambda when: when.start)
        return timedelta(0) <= second.start - first.end < timedelta(minutes=self.minutes)


def _shared(one: Session, other: Session) -> int:
    if one.series is not None and one.series == other.series:
        return 0
    return len(set(one.themes) & set(other.themes)) + len(set(one.contents) & set(other.contents))
