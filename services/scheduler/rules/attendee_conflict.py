"""Attendee conflict: sessions that the same people want are not in parallel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from services.scheduler.rules.base import Finding, Level, PairRule
from services.scheduler.terms import PairTerm, Relation
from services.scheduler.weights import LEVEL_SHARE, WHOLE
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.finished import FinishedPlan, Placed

PRESENTING = WHOLE * 24 * 60
"""What a session is worth to its presenter: more than any is worth to an attendee."""


class AttendeeConflict(PairRule):
    """Counts the person-minutes lost when two sessions overlap.

    A person who wants both loses the one that is worth less to them; a presenter who wants another loses that.
    """

    kind: Literal["attendee-conflict"] = "attendee-conflict"
    id: Id = "attendee-conflict"
    sentence: Line = "Sessions that the same people want are not at the same time"
    level: Level = Level.WARN

    def pairs(self, board: Board) -> Iterator[PairTerm]:
        lost: dict[tuple[str, str], int] = {}
        for stakes in self._stakes(board).values():
            for (one, at_one), (other, at_other) in combinations(stakes, 2):
                lost[one, other] = lost.get((one, other), 0) + min(at_one, at_other)
        for (one, other), shares in lost.items():
            same_presenter = set(board.sessions[one].presenters) & set(board.sessions[other].presenters)
            if shares // WHOLE and not same_presenter:
                yield PairTerm(one, other, Relation.OVERLAP, shares // WHOLE)

    def _stakes(self, board: Board) -> dict[str, list[tuple[str, int]]]:
        """By person, the sessions that they want or present, in order of id, with what each is worth to them."""
        stakes: dict[str, list[tuple[str, int]]] = {}
        for session in board.problem.sessions:
            if self.scope.covers(session):
                worth = {who: LEVEL_SHARE[level] * session.minutes for who, level in board.wishes[session.proposal]}
                for person, share in (worth | dict.fromkeys(session.presenters, PRESENTING)).items():
                    stakes.setdefault(person, []).append((session.id, share))
        return stakes

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        for one, other in plan.parallel(self.scope):
            if set(one.session.presenters) & set(other.session.presenters):
                continue
            here, there = _worth(one, plan), _worth(other, plan)
            both = sorted(here.keys() & there.keys())
            if lost := sum(min(here[person], there[person]) for person in both) // WHOLE:
                names = one.session.id, other.session.id
                clause = f"{len(both)} want both {' and '.join(names)}, which are at the same time"
                yield Finding(names, lost, clause, tuple(both))


def _worth(placed: Placed, plan: FinishedPlan) -> dict[str, int]:
    session = placed.session
    wishing = plan.wishes.get(session.proposal, {})
    worth = {person: LEVEL_SHARE[level] * session.minutes for person, level in wishing.items()}
    return worth | dict.fromkeys(session.presenters, PRESENTING)
