"""Spread of repeats: whoever misses a session has another chance on another day, in another week, at another site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from services.scheduler.rules.base import Finding, Level, PairRule
from services.scheduler.terms import PairTerm, Relation
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.finished import FinishedPlan


class SpreadOfRepeats(PairRule):
    """Counts, for every two repeats of one session, what they share: the day, the week, the site.

    Sessions are repeats of each other when they name the same ``series``. Two on one day share the week too. Where all
    rooms are at one site, the site is left aside.
    """

    kind: Literal["spread-of-repeats"] = "spread-of-repeats"
    id: Id = "spread-of-repeats"
    sentence: Line = "Repeats of a session are on different days, in different weeks and at different sites"
    level: Level = Level.WARN
    weight: int = 60
    same_day: int = Field(default=3, ge=0, le=1000, description="what sharing the day counts")
    same_week: int = Field(default=1, ge=0, le=1000)
    same_site: int = Field(default=1, ge=0, le=1000)

    def pairs(self, board: Board) -> Iterator[PairTerm]:
        series: dict[str, list[str]] = {}
        for session in board.problem.sessions:
            if session.series and self.scope.covers(session):
                series.setdefault(session.series, []).append(session.id)
        several_sites = len({room.site for room in board.problem.rooms}) > 1
        counted = (
            (Relation.SAME_DAY, self.same_day),
            (Relation.SAME_WEEK, self.same_week),
            (Relation.SAME_SITE, self.same_site if several_sites else 0),
        )
        for repeats in series.values():
            for one, other in combinations(repeats, 2):
                yield from (PairTerm(one, other, relation, amount) for relation, amount in counted if amount)

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        sites = {room.site for room in plan.problem.rooms}
        for one, other in plan.pairs(self.scope):
            if one.session.series is None or one.session.series != other.session.series:
                continue
            shared = {
                "day": self.same_day * (one.day == other.day),
                "week": self.same_week * (one.week() == other.week()),
                "site": self.same_site * (len(sites) > 1 and one.room.site == other.room.site),
            }
            if amount := sum(shared.values()):
                names = one.session.id, other.session.id
                what = ", ".join(word for word, counts in shared.items() if counts)
                yield Finding(names, amount, f"{' and '.join(names)}, which repeat each other, share the {what}")
