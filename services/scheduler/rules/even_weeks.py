"""Load balance: sessions are spread evenly over the weeks of a programme, for everybody who has work with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal

from services.scheduler.rules.base import Finding, GroupRule, Level
from services.scheduler.terms import GroupTerm, Key, Measure
from shared.contract.values import Id, Line
from shared.time.intervals import days

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.entities import Session
    from services.scheduler.finished import FinishedPlan
    from services.scheduler.problem import Problem

Load = Literal["programme", "organiser", "presenter"]
WHOLE_PROGRAMME = "the programme"


class EvenWeeks(GroupRule):
    """Counts sessions beyond an even share of the weeks: 1 for the first in a week, 2 for the next, and so on.

    ``per`` says whose load it is: everything in the programme, or the sessions of each organiser or presenter. The even
    share is rounded up. Weeks are ISO weeks with a day of the programme that is in no closure.
    """

    kind: Literal["even-weeks"] = "even-weeks"
    id: Id = "even-weeks"
    sentence: Line = "Sessions are spread evenly over the weeks"
    level: Level = Level.WARN
    weight: int = 60
    per: Load = "programme"

    def groups(self, board: Board) -> Iterator[GroupTerm]:
        weeks = _open_weeks(board.problem)
        for names in self._bearers(board.problem).values():
            share = -(-len(names) // weeks)
            if share < len(names):
                beyond = (max(0, count - share) for count in range(len(names) + 1))
                table = tuple(more * (more + 1) // 2 for more in beyond)
                yield GroupTerm(tuple(names), Measure.COUNT, Key.WEEK, table=table)

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        weeks = _open_weeks(plan.problem)
        for bearer, names in self._bearers(plan.problem).items():
            share = -(-len(names) // weeks)
            by_week: dict[tuple[int, int], list[str]] = {}
            for name in names:
                if name in plan.placed:
                    by_week.setdefault(plan.placed[name].week(), []).append(name)
            for (_, week), there in sorted(by_week.items()):
                if len(there) > share:
                    clause = f"week {week} has {len(there)} sessions of {bearer}, and an even share is {share}"
                    yield Finding(tuple(there), sum(range(len(there) - share + 1)), clause)

    def _bearers(self, problem: Problem) -> dict[str, list[str]]:
        """By whoever bears the load, the sessions that it is made of."""
        bearers: dict[str, list[str]] = {}
        for session in problem.sessions:
            if self.scope.covers(session):
                for bearer in self._borne_by(session):
                    bearers.setdefault(bearer, []).append(session.id)
        return bearers

    def _borne_by(self, session: Session) -> tuple[str, ...]:
        if self.per == "programme":
            return (WHOLE_PROGRAMME,)
        if self.per == "presenter":
            return session.presenters
        return (session.organiser,) if session.organiser else ()


def _open_weeks(problem: Problem) -> int:
    open_days = (
        day
        for day in days(problem.first_day, problem.last_day)
        if not any(closure.first <= day <= closure.last for closure in problem.closures)
    )
    return max(1, len({day.isocalendar()[:2] for day in open_days}))
