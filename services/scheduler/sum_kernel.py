"""The inner loops over sums: what groups of people still miss, and what that costs. Compiled by numba.

What a move changes in a sum is a difference of two entries; only the sums as they stand have to be known. They are
kept beside the plan that they belong to and brought up to date, session by session, when another plan is asked about,
so that a search that goes from plan to plan in small steps pays for those steps only. Because of this memory, tables
with sums in them belong to one thread at a time.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.scheduler.loops import loop

Integers = NDArray[np.int64]


class SumTables(NamedTuple):
    """``of[of_first[i]:of_first[i + 1]]`` are the sums that session ``i`` adds to; what it brings to each of them at
    its place number ``n`` stands in ``brought`` from ``brought_first[i]`` on, place by place.

    ``missing`` is what each sum lacks of all that is wanted while no session has a place. ``now`` is what it lacks with
    the plan ``seen``.
    """

    of_first: Integers
    of: Integers
    brought_first: Integers
    brought: Integers
    missing: Integers
    cost: Integers
    threshold_first: Integers
    threshold: Integers
    seen: Integers
    now: Integers


@loop
def _counted(sums: Any, s: int, missing: int) -> int:
    """What sum ``s`` counts for when so much is missing: what lies above each of its thresholds."""
    total = 0
    for k in range(sums.threshold_first[s], sums.threshold_first[s + 1]):
        above = missing - sums.threshold[k]
        if above <= 0:
            break
        total += above
    return total


@loop
def _bring_up_to_date(sums: Any, first: Any, at: Any) -> None:
    for j in range(len(at)):
        if sums.seen[j] != at[j]:
            begin, end = sums.of_first[j], sums.of_first[j + 1]
            for p, sign in ((sums.seen[j], 1), (at[j], -1)):
                if p >= 0:
                    base = sums.brought_first[j] + (p - first[j]) * (end - begin)
                    for k in range(end - begin):
                        sums.now[sums.of[begin + k]] += sign * sums.brought[base + k]
            sums.seen[j] = at[j]


@loop
def sums_cost(sums: Any, first: Any, at: Any) -> int:
    """What all sums cost with this plan."""
    _bring_up_to_date(sums, first, at)
    total = 0
    for s in range(len(sums.missing)):
        total += sums.cost[s] * _counted(sums, s, sums.now[s])
    return int(total)


@loop
def sums_move_cost(sums: Any, first: Any, at: Any, i: int, p: int) -> int:
    """How much more all sums cost when session ``i`` goes to ``p``."""
    _bring_up_to_date(sums, first, at)
    old, begin, end, total = at[i], sums.of_first[i], sums.of_first[i + 1], 0
    new_base = sums.brought_first[i] + (p - first[i]) * (end - begin)
    old_base = sums.brought_first[i] + (old - first[i]) * (end - begin)
    for k in range(end - begin):
        brought = sums.brought[new_base + k] if p >= 0 else 0
        lost = sums.brought[old_base + k] if old >= 0 else 0
        if brought != lost:
            s = sums.of[begin + k]
            missing = sums.now[s]
            total += sums.cost[s] * (_counted(sums, s, missing + lost - brought) - _counted(sums, s, missing))
    return int(total)
