"""Interest conflicts: what it costs when two sessions run in parallel that people want both."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

from services.scheduler.problem import Problem, Session
from services.scheduler.weights import LEVEL_SHARE, WHOLE


def clash_costs(problem: Problem) -> dict[tuple[str, str], int]:
    """Person-minutes lost when two sessions overlap, for each pair (in order of id) that anybody wants both of.

    A person who wants both loses the one that is worth less to them; a presenter loses the other.
    """
    stakes = {session.id: _stakes(problem, session) for session in problem.sessions}
    costs = {
        (one.id, other.id): _lost(stakes[one.id], stakes[other.id])
        for one, other in combinations(problem.sessions, 2)
        if not set(one.presenters) & set(other.presenters)
    }
    return {pair: cost for pair, cost in costs.items() if cost}


def _stakes(problem: Problem, session: Session) -> dict[str, int]:
    """Twentieths of person-minutes by person; for presenters, more than any session can be worth."""
    wishes = {
        wish.person: LEVEL_SHARE[wish.level] * session.minutes
        for wish in problem.wishes
        if wish.proposal == session.proposal
    }
    return wishes | dict.fromkeys(session.presenters, WHOLE * 24 * 60)


def _lost(one: Mapping[str, int], other: Mapping[str, int]) -> int:
    return sum(min(one[person], other[person]) for person in one.keys() & other.keys()) // WHOLE
