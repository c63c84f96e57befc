"""What rules about every two sessions share: an amount that follows from the two, and one relation."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, ClassVar

from services.scheduler.rules.base import PairRule
from services.scheduler.terms import PairTerm, Relation

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.entities import Session
    from services.scheduler.finished import FinishedPlan, Placed


class SessionPairRule(PairRule):
    """Counts an amount for every two sessions that lie to each other as they should not, or as they should."""

    relation: ClassVar[Relation]

    def concerns(self, session: Session) -> bool:
        """Whether a session has what this rule looks at; of two that do not have it, nothing is said."""
        raise NotImplementedError

    def amount(self, one: Session, other: Session) -> int:
        """What counts when the two lie so; 0 for two that may lie as they like. Gains are negative."""
        raise NotImplementedError

    def pairs(self, board: Board) -> Iterator[PairTerm]:
        sessions = [one for one in board.problem.sessions if self.scope.covers(one) and self.concerns(one)]
        for one, other in combinations(sessions, 2):
            if amount := self.amount(one, other):
                yield PairTerm(one.id, other.id, self.relation, amount)

    def concerned(self, plan: FinishedPlan) -> Iterator[tuple[Placed, Placed, int]]:
        """Every two placed sessions that this rule looks at, once, with their amount."""
        placed = [one for one in plan.within(self.scope) if self.concerns(one.session)]
        for one, other in combinations(placed, 2):
            if amount := self.amount(one.session, other.session):
                yield one, other, amount


def minutes_of_both(one: Session, other: Session) -> int:
    return one.minutes + other.minutes


def in_common(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """How many tags two sessions share."""
    return len(set(one) & set(other))
