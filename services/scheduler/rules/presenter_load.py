"""Presenter load: how many sessions one presenter has in a day, a week, or the whole programme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from services.scheduler.rules.base import Finding, GroupRule
from services.scheduler.terms import GroupTerm, Key, Measure
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from collections.abc import Hashable

    from services.scheduler.board import Board
    from services.scheduler.finished import FinishedPlan, Placed

Period = Literal["day", "week", "programme"]
KEYS: dict[Period, Key] = {"day": Key.DAY, "week": Key.WEEK, "programme": Key.ALL}


class PresenterLoad(GroupRule):
    """Counts the sessions that a presenter has beyond the most, or short of the fewest, in each period.

    A period without any session of theirs is not short of anything, and nobody is asked for more than they offered.
    """

    kind: Literal["presenter-load"] = "presenter-load"
    id: Id = "presenter-load"
    sentence: Line = "No presenter has more sessions at a stretch than they should"
    weight: int = 60
    per: Period = "day"
    fewest: int = Field(default=0, ge=0, le=100)
    most: int = Field(default=2, ge=1, le=100)

    @model_validator(mode="after")
    def _fewest_first(self) -> PresenterLoad:
        if self.most < self.fewest:
            raise ValueError("most must not be less than fewest")
        return self

    def groups(self, board: Board) -> Iterator[GroupTerm]:
        offered: dict[str, list[str]] = {}
        for session in board.problem.sessions:
            if self.scope.covers(session):
                for presenter in session.presenters:
                    offered.setdefault(presenter, []).append(session.id)
        for names in offered.values():
            fewest = min(self.fewest, len(names))
            if len(names) > self.most or fewest > 1:
                wrong = (max(0, fewest - count) + max(0, count - self.most) for count in range(1, self.most + 2))
                yield GroupTerm(tuple(names), Measure.COUNT, KEYS[self.per], table=(0, *wrong))

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        offered = Counter(who for one in plan.problem.sessions if self.scope.covers(one) for who in one.presenters)
        given: dict[tuple[str, Hashable], list[str]] = {}
        for placed in plan.within(self.scope):
            for presenter in placed.session.presenters:
                given.setdefault((presenter, self._period(placed)), []).append(placed.session.id)
        for (presenter, _), names in given.items():
            beyond = len(names) - self.most
            short = min(self.fewest, offered[presenter]) - len(names)
            if (wrong := max(beyond, short)) > 0:
                clause = f"{presenter} has {len(names)} sessions in one {self.per}"
                yield Finding(tuple(names), wrong, clause, (presenter,))

    def _period(self, placed: Placed) -> Hashable:
        if self.per == "programme":
            return None
        return placed.day if self.per == "day" else placed.week()
