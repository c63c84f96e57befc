"""Content audience-level flow: of sessions with the same content, the easier one is over before the harder begins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal

from services.scheduler.rules.base import Finding, Level, PairRule
from services.scheduler.rules.session_pairs import minutes_of_both
from services.scheduler.rules.tags_in_common import sharing
from services.scheduler.terms import PairTerm, Relation
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.finished import FinishedPlan


class ContentAudienceLevelFlow(PairRule):
    """Counts the minutes of both sessions, times the contents that they share."""

    kind: Literal["content-audience-level-flow"] = "content-audience-level-flow"
    id: Id = "content-audience-level-flow"
    sentence: Line = "Of sessions with the same content, the one for beginners comes first"
    level: Level = Level.WARN

    def pairs(self, board: Board) -> Iterator[PairTerm]:
        levelled = {
            session.id: session
            for session in board.problem.sessions
            if self.scope.covers(session) and session.audience_level is not None
        }
        for pair, count in sharing((name, session.contents) for name, session in levelled.items()).items():
            one, other = sorted((levelled[name] for name in pair), key=lambda each: each.audience_level or 0)
            if one.audience_level != other.audience_level:
                amount = count * minutes_of_both(one, other)
                yield PairTerm(one.id, other.id, Relation.NOT_BEFORE, amount)

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        contents = [one for one in plan.within(self.scope) if one.session.contents]
        for easier in contents:
            for harder in contents:
                low, high = easier.session.audience_level, harder.session.audience_level
                if low is None or high is None or low >= high or easier.when.end <= harder.when.start:
                    continue
                if common := set(easier.session.contents) & set(harder.session.contents):
                    names = easier.session.id, harder.session.id
                    minutes = minutes_of_both(easier.session, harder.session)
                    clause = f"{names[0]} is easier than {names[1]} and not over before it begins"
                    yield Finding(names, len(common) * minutes, clause)
