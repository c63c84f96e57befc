"""Leave out choices that no best plan needs, so that the search stays small.

A session of a plan overlaps at most ``k`` grid starts of another, where ``k`` follows from their two lengths. Of a
session's starts, cheapest first, the first 1 + (sum of ``k`` over all other sessions) therefore always hold one that
no other session touches: every room that fits is free there, no presenter is taken, nobody must choose. Moving the
session there from any start further down the list loses nothing, so the rest of the list can go. This holds for
sessions that others touch only by overlapping them; whoever has another relation, or belongs to a group or a sum,
keeps all.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from services.scheduler.choices import Choices, least_cost
from services.scheduler.compiling import Compiled
from services.scheduler.entities import Session
from services.scheduler.problem import Problem
from services.scheduler.series_bounds import series_costs
from services.scheduler.terms import Relation
from services.scheduler.timeline import scattered


def without_needless(compiled: Compiled) -> dict[str, Choices]:
    """The same best plans from fewer choices."""
    entangled = {name for stated in compiled.groups for name in stated.term.members}
    entangled |= {name for name, brought in compiled.sums.brought.items() if brought.any()}
    for pair in compiled.pairs:
        if pair.term.relation is not Relation.OVERLAP or pair.cost < 0:
            entangled |= {pair.term.one, pair.term.other}
    if compiled.problem.timeslots:
        entangled |= compiled.choices.keys()
    return {
        name: one if name in entangled else _cheapest_starts(compiled.problem, one)
        for name, one in compiled.choices.items()
    }


def without_hopeless(compiled: Compiled, choices: Mapping[str, Choices], cost: int) -> dict[str, Choices]:
    """Leave out what no plan cheaper than ``cost`` takes.

    A plan costs at least the cheapest of every session together, and what gains between sessions can bring. One that
    takes a choice so far above its session's cheapest that the rest cannot make up for it is not better. Of a weekly
    series the same holds of the lines for all of its parts.
    """
    slack = cost - floor(compiled, choices)
    in_series = {
        name: choices[name].only(series.total[line] <= series.least + slack)
        for series in series_costs(compiled, choices)
        for name, line in series.line.items()
    }
    alone = {name: one.only(one.cost <= least_cost(one) + slack) for name, one in choices.items()}
    return alone | in_series


def floor(compiled: Compiled, choices: Mapping[str, Choices]) -> int:
    """The cost that no plan goes below: each session at its cheapest and best for every sum, and every gain.

    Parts of a weekly series are at their cheapest together.
    """
    series = tuple(series_costs(compiled, choices))
    bound = {name for one in series for name in one.line}
    alone = sum(
        least_cost(one) if len(one) else compiled.unplaced for name, one in choices.items() if name not in bound
    )
    alone += sum(one.least for one in series)
    return alone + compiled.sums.least(choices) - compiled.gains


def _cheapest_starts(problem: Problem, choices: Choices) -> Choices:
    starts, at = np.unique(choices.start, return_inverse=True)
    least = np.full(len(starts), np.iinfo(np.int64).max)
    np.minimum.at(least, at, choices.cost)
    order = np.lexsort((scattered(starts), least))
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
