"""Popular sessions in large rooms: nobody who is liked less has the larger room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal

from services.scheduler.rules.base import Finding, Level, PairRule
from services.scheduler.rules.session_pairs import minutes_of_both
from services.scheduler.terms import PairTerm, Relation
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.entities import Session
    from services.scheduler.finished import FinishedPlan


class PopularInLargeRooms(PairRule):
    """Counts the minutes of both sessions when the less popular one has the larger room, at whatever time.

    What is not said of a session's popularity is the number of people who want to come to it.
    """

    kind: Literal["popular-in-large-rooms"] = "popular-in-large-rooms"
    id: Id = "popular-in-large-rooms"
    sentence: Line = "The more popular a session, the larger its room"
    level: Level = Level.WARN

    def pairs(self, board: Board) -> Iterator[PairTerm]:
        sessions = [session for session in board.problem.sessions if self.scope.covers(session)]
        popularity = {one.id: _popularity(one, len(board.wishes[one.proposal])) for one in sessions}
        sessions.sort(key=lambda one: popularity[one.id])
        for number, more in enumerate(sessions):
            for less in sessions[:number]:
                if popularity[less.id] < popularity[more.id]:
                    yield PairTerm(less.id, more.id, Relation.ONE_IN_LARGER_ROOM, minutes_of_both(less, more))

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        for one, other in plan.pairs(self.scope):
            small, large = sorted((one, other), key=lambda each: each.room.capacity)
            liked_small, liked_large = (
                _popularity(each.session, len(plan.wishes.get(each.session.proposal, ()))) for each in (small, large)
            )
            if small.room.capacity < large.room.capacity and liked_small > liked_large:
                names = large.session.id, small.session.id
                clause = f"{names[0]} is less popular than {names[1]} and has the larger room"
                yield Finding(names, minutes_of_both(small.session, large.session), clause)


def _popularity(session: Session, wishing: int) -> int:
    return wishing if session.popularity is None else session.popularity
