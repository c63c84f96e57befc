"""Crowd control: sessions that draw a crowd share a timeslot with at most one other, so that the crowd is shared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from services.scheduler.rules.base import Finding, GroupRule
from services.scheduler.terms import GroupTerm, Key, Measure
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.finished import FinishedPlan


class CrowdControl(GroupRule):
    """Counts the sessions with a crowd risk in a timeslot that holds too many of them: all of those there."""

    kind: Literal["crowd-control"] = "crowd-control"
    id: Id = "crowd-control"
    sentence: Line = "At most two sessions that draw a crowd are in one timeslot"
    most: int = Field(default=2, ge=1, le=100)

    def groups(self, board: Board) -> Iterator[GroupTerm]:
        risky = [one.id for one in board.problem.sessions if one.crowd_risk and self.scope.covers(one)]
        if len(risky) > self.most:
            table = (*(0 for _ in range(self.most + 1)), self.most + 1, self.most + 2)
            yield GroupTerm(tuple(risky), Measure.COUNT, key=Key.TIMESLOT, table=table)

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        risky = [placed for placed in plan.within(self.scope) if placed.session.crowd_risk]
        together = Counter(placed.timeslot_key() for placed in risky)
        for timeslot, count in together.items():
            if count > self.most:
                names = tuple(placed.session.id for placed in risky if placed.timeslot_key() == timeslot)
                yield Finding(names, count, f"{', '.join(names)} draw crowds in the same timeslot")
