"""Same day: sessions with the same content or theme are on one day, for people who come for those alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from services.scheduler.rules.base import Finding, Level, PairRule
from services.scheduler.rules.session_pairs import in_common, minutes_of_both
from services.scheduler.rules.tags_in_common import sharing
from services.scheduler.terms import PairTerm, Relation
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.entities import Session
    from services.scheduler.finished import FinishedPlan

Alike = Literal["contents", "themes"]


class SameDay(PairRule):
    """Counts the minutes of both sessions, times what they have in common, when they are on different days."""

    kind: Literal["same-day"] = "same-day"
    id: Id = "same-day"
    sentence: Line = "Sessions with the same content or theme are on the same day"
    level: Level = Level.WARN
    by: tuple[Alike, ...] = Field(default=("contents", "themes"), min_length=1, max_length=2)

    def pairs(self, board: Board) -> Iterator[PairTerm]:
        sessions = {session.id: session for session in board.problem.sessions if self.scope.covers(session)}
        features = ((name, self._features(session)) for name, session in sessions.items())
        for (one, other), count in sharing(features).items():
            amount = count * minutes_of_both(sessions[one], sessions[other])
            yield PairTerm(one, other, Relation.OTHER_DAY, amount)

    def _features(self, session: Session) -> list[str]:
        return [f"{kind} {tag}" for kind in self.by for tag in getattr(session, kind)]

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        for one, other in plan.pairs(self.scope):
            if one.day == other.day:
                continue
            if common := sum(in_common(getattr(one.session, kind), getattr(other.session, kind)) for kind in self.by):
                names = one.session.id, other.session.id
                amount = common * minutes_of_both(one.session, other.session)
                yield Finding(names, amount, f"{' and '.join(names)} belong together and are on different days")
