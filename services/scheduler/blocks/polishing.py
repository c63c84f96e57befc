"""What blocks do not know: where sessions lie in their timeslots. A few timeslots at a time, by the general model."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

import numpy as np

from services.scheduler.blocks.budget import Budget
from services.scheduler.blocks.completing import replanned
from services.scheduler.blocks.packing import Plan
from services.scheduler.blocks.programme import Programme

A_WHILE = 0.05
"""Share of the whole time for one round at most."""
LARGEST, ALL_AT_ONCE = 4_000, 15_000
"""Choices that a round may look at, and those of programmes that are looked at as a whole."""


def polished(
    programme: Programme, plan: Plan, cost_of: Callable[[Plan], int], seed: int, budget: Budget, until: float
) -> tuple[Plan, bool]:
    """The plan after rounds that let all sessions of some timeslots go, as long as so much of the time is left.

    Where one round can let all timeslots go, it says too whether the plan is the best there is.
    """
    dice = random.Random(seed)  # noqa: S311 -- nothing secret
    cost = cost_of(plan)
    if sum(map(len, programme.compiled.choices.values())) <= ALL_AT_ONCE:
        width = programme.timeslots
    else:
        width = min(3, programme.timeslots)
    while budget.left() > until and not budget.over():
        numbers = _numbers(programme, plan, _free(programme, plan, dice, width))
        if width in (2, 3) and sum(map(len, numbers.values())) > LARGEST + len(numbers):
            width -= 1
            continue
        most = min(A_WHILE * budget.total, budget.left() - until)
        better, proven = replanned(programme, numbers, budget, most, plan)
        if better is not None and (found := cost_of(better)) <= cost:
            plan, cost = better, found
        if width == programme.timeslots:
            return plan, proven
    return plan, False


def _free(programme: Programme, plan: Plan, dice: random.Random, width: int) -> list[int]:
    """Timeslots to let go: one in which sessions overlap that had better not, if there is one, and others."""
    troubled = _troubled(programme, plan)
    first = [dice.choice(troubled)] if troubled else []
    others = [timeslot for timeslot in range(programme.timeslots) if timeslot not in first]
    return first + dice.sample(others, width - len(first))


def _troubled(programme: Programme, plan: Plan) -> list[int]:
    """The timeslot of each pair of overlapping sessions that costs."""
    found = []
    for stated in programme.compiled.pairs:
        one, other = (_when(programme, plan, name) for name in (stated.term.one, stated.term.other))
        if one and other and one[0] < other[1] and other[0] < one[1]:
            found.append(one[2])
    return found


def _when(programme: Programme, plan: Plan, name: str) -> tuple[int, int, int] | None:
    """Begin, end and timeslot of a session."""
    if name not in plan:
        return None
    choices = programme.compiled.choices[name]
    start = int(choices.start[plan[name]])
    return start, start + 60 * choices.session.minutes, int(choices.timeslot[plan[name]])


def _numbers(programme: Programme, plan: Plan, free: list[int]) -> Mapping[str, np.ndarray]:
    """Every choice in the free timeslots for whoever is in them or nowhere; for the others, the one that they have."""
    numbers = {}
    for name, choices in programme.compiled.choices.items():
        number = plan.get(name)
        if number is not None and int(choices.timeslot[number]) not in free:
            numbers[name] = np.array([number], dtype=np.int64)
        else:
            numbers[name] = np.flatnonzero(np.isin(choices.timeslot, free))
    return numbers
