"""Two sessions at a time: not in one room, and not by one presenter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from pydantic import model_validator

from services.scheduler.rules.base import Finding, PairRule, Rule, Scope
from services.scheduler.terms import PairTerm, Relation
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.entities import Session
    from services.scheduler.finished import FinishedPlan


class RoomConflict(Rule):
    """A room holds one session at a time. It always must hold: search and model are built around it."""

    kind: Literal["room-conflict"] = "room-conflict"
    id: Id = "room-conflict"
    sentence: Line = "A room holds one session at a time"

    @model_validator(mode="after")
    def _always_holds(self) -> RoomConflict:
        if not self.must_hold() or self.scope != Scope():
            raise ValueError("room-conflict always must hold, for all sessions; leave level and scope out")
        return self

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        for one, other in plan.parallel(self.scope):
            if one.room.id == other.room.id:
                names = one.session.id, other.session.id
                yield Finding(names, 1, f"{' and '.join(names)} are in room {one.room.id} at the same time")


class PresenterConflict(PairRule):
    """Counts the minutes that two sessions overlap, for each presenter whom they share."""

    kind: Literal["presenter-conflict"] = "presenter-conflict"
    id: Id = "presenter-conflict"
    sentence: Line = "Nobody presents two sessions at a time"

    def pairs(self, board: Board) -> Iterator[PairTerm]:
        by_presenter: dict[str, list[Session]] = {}
        for session in board.problem.sessions:
            if self.scope.covers(session):
                for presenter in session.presenters:
                    by_presenter.setdefault(presenter, []).append(session)
        relation = Relation.OVERLAP if self.must_hold() else Relation.OVERLAP_MINUTES
        shared: dict[tuple[str, str], int] = {}
        for sessions in by_presenter.values():
            for one, other in combinations(sessions, 2):
                shared[one.id, other.id] = shared.get((one.id, other.id), 0) + 1
        for (one_id, other_id), presenters in shared.items():
            yield PairTerm(one_id, other_id, relation, presenters)

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        for one, other in plan.parallel(self.scope):
            both = tuple(sorted(set(one.session.presenters) & set(other.session.presenters)))
            if both:
                names = one.session.id, other.session.id
                clause = f"{', '.join(both)} would present {' and '.join(names)} at the same time"
                yield Finding(names, len(both) * one.shared_minutes(other), clause, both)
