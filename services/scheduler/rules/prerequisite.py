"""Sessions that follow others: parts some days apart, and sessions that build on others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal

from services.scheduler.rules.base import Finding, PairRule
from services.scheduler.rules.session_pairs import minutes_of_both
from services.scheduler.terms import PairTerm, Relation
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.finished import FinishedPlan, Placed


class Prerequisite(PairRule):
    """What comes before has a place, and ends before. Parts of a series keep their distance in local days too."""

    kind: Literal["prerequisite"] = "prerequisite"
    id: Id = "prerequisite"
    sentence: Line = "A session comes after those that it builds on, with the days between that it asks for"

    def pairs(self, board: Board) -> Iterator[PairTerm]:
        for session in board.problem.sessions:
            if not self.scope.covers(session):
                continue
            if after := session.after:
                days = 1000 * after.fewest_days + after.most_days
                amount = minutes_of_both(board.sessions[after.session], session)
                yield PairTerm(after.session, session.id, Relation.DAYS_OUTSIDE, amount, days, requires=True)
            for before in session.prerequisites:
                amount = minutes_of_both(board.sessions[before], session)
                yield PairTerm(before, session.id, Relation.NOT_BEFORE, amount, requires=True)

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        for placed in plan.within(self.scope):
            session = placed.session
            if session.after and not _days_apart(placed, plan):
                clause = f"{session.id} is not as far from {session.after.session} as it should"
                yield Finding((session.id,), _minutes(session.after.session, placed, plan), clause)
            for before in session.prerequisites:
                earlier = plan.placed.get(before)
                if earlier is None or earlier.when.end > placed.when.start:
                    clause = f"{session.id} does not come after {before}"
                    yield Finding((session.id,), _minutes(before, placed, plan), clause)


def _minutes(before: str, placed: Placed, plan: FinishedPlan) -> int:
    """Of both; of a part of a problem, such as what-if looks at, the session that comes before may be missing."""
    earlier = plan.sessions.get(before)
    return minutes_of_both(earlier, placed.session) if earlier else placed.session.minutes


def _days_apart(placed: Placed, plan: FinishedPlan) -> bool:
    after = placed.session.after
    if after is None or after.session not in plan.placed:
        return after is None
    return after.fewest_days <= (placed.day - plan.placed[after.session].day).days <= after.most_days
