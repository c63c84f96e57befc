"""Leave out choices that no best plan needs, so that the model stays small.

A session of a plan overlaps at most ``k`` grid starts of another, where ``k`` follows from their two lengths. Of a
session's starts, best first, the first 1 + (sum of ``k`` over all other sessions) therefore always hold one that
no other session touches: every room that fits is free there, no presenter is taken, nobody must choose. Moving the
session there from any start further down the list loses nothing, so the rest of the list can go. This holds for
sessions that follow no other; the parts of a series keep all of their starts.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from services.scheduler.choices import Choices, best_worth
from services.scheduler.problem import Problem, Session
from services.scheduler.timeline import scattered


def without_needless(problem: Problem, choices: Mapping[str, Choices]) -> dict[str, Choices]:
    """The same best plans from fewer choices."""
    serial = {session.id for session in problem.sessions if session.after}
    serial |= {session.after.session for session in problem.sessions if session.after}
    return {name: one if name in serial else _best_starts(problem, one) for name, one in choices.items()}


def without_hopeless(choices: Mapping[str, Choices], value: int, unplaced: int) -> dict[str, Choices]:
    """Leave out what no plan better than ``value`` takes.

    A plan is worth at most the best of every session together. One that takes a choice so far below its session's
    best that the rest cannot make up for it is not better than the plan at hand.
    """
    slack = ceiling(choices, unplaced) - value
    return {name: one.only(one.worth >= best_worth(one) - slack) for name, one in choices.items()}


def ceiling(choices: Mapping[str, Choices], unplaced: int) -> int:
    """The worth that no plan exceeds: every session at its best, but for those that have no choice at all."""
    return sum(best_worth(one) if len(one) else -unplaced for one in choices.values())


def _best_starts(problem: Problem, choices: Choices) -> Choices:
    starts, at = np.unique(choices.start, return_inverse=True)
    best = np.full(len(starts), np.iinfo(np.int64).min)
    np.maximum.at(best, at, choices.worth)
    order = np.lexsort((scattered(starts), -best))
    kept = np.zeros(len(starts), dtype=np.bool_)
    kept[order[: 1 + _touchable(problem, choices.session)]] = True
    return choices.only(kept[at])


def _touchable(problem: Problem, session: Session) -> int:
    """How many of this session's starts all others together can overlap at most."""
    return sum(
        -(-(session.minutes + other.minutes) // problem.grid_minutes)
        for other in problem.sessions
        if other.id != session.id
    )
