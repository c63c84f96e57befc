"""Track room stability: on one day, sessions on the same theme are in one room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal

from services.scheduler.rules.base import Finding, Level, PairRule
from services.scheduler.rules.session_pairs import in_common, minutes_of_both
from services.scheduler.rules.tags_in_common import sharing
from services.scheduler.terms import PairTerm, Relation
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.finished import FinishedPlan


class ThemeTrackRoomStability(PairRule):
    """Counts the minutes of both sessions, times the themes that they share."""

    kind: Literal["theme-track-room-stability"] = "theme-track-room-stability"
    id: Id = "theme-track-room-stability"
    sentence: Line = "Sessions on the same theme are in the same room all day"
    level: Level = Level.WARN

    def pairs(self, board: Board) -> Iterator[PairTerm]:
        sessions = {session.id: session for session in board.problem.sessions if self.scope.covers(session)}
        for (one, other), count in sharing((name, session.themes) for name, session in sessions.items()).items():
            amount = count * minutes_of_both(sessions[one], sessions[other])
            yield PairTerm(one, other, Relation.SAME_DAY_IN_OTHER_ROOM, amount)

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        for one, other in plan.pairs(self.scope):
            common = in_common(one.session.themes, other.session.themes)
            if common and one.day == other.day and one.room.id != other.room.id:
                names = one.session.id, other.session.id
                amount = common * minutes_of_both(one.session, other.session)
                yield Finding(names, amount, f"{' and '.join(names)} share a theme and are in different rooms")
