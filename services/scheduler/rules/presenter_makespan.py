"""Presenter makespan: nobody has to be there for many days to present a few sessions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from services.scheduler.rules.base import Finding, GroupRule, Level
from services.scheduler.terms import GroupTerm, Measure
from services.scheduler.weights import WORKING_DAY
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.finished import FinishedPlan, Placed


class PresenterMakespan(GroupRule):
    """Counts a working day for each day from a presenter's first session to the last, beyond ``days``."""

    kind: Literal["presenter-makespan"] = "presenter-makespan"
    id: Id = "presenter-makespan"
    sentence: Line = "A presenter's sessions are within a few days"
    level: Level = Level.WARN
    days: int = Field(default=1, ge=0, le=400, description="days from the first session to the last that are free")

    def groups(self, board: Board) -> Iterator[GroupTerm]:
        presenting: dict[str, list[str]] = {}
        for session in board.problem.sessions:
            if self.scope.covers(session):
                for presenter in session.presenters:
                    presenting.setdefault(presenter, []).append(session.id)
        table = (*(0 for _ in range(self.days + 1)), WORKING_DAY)
        for sessions in presenting.values():
            if len(sessions) > 1:
                yield GroupTerm(tuple(sessions), Measure.DAYS, table=table)

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        spent: dict[str, list[Placed]] = {}
        for placed in plan.within(self.scope):
            for presenter in placed.session.presenters:
                spent.setdefault(presenter, []).append(placed)
        for presenter, own in spent.items():
            days = sorted(placed.day for placed in own)
            if (beyond := (days[-1] - days[0]).days - self.days) > 0:
                clause = f"{presenter} presents over {beyond + self.days + 1} days"
                names = tuple(placed.session.id for placed in own)
                yield Finding(names, beyond * WORKING_DAY, clause, (presenter,))
