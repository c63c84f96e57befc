"""Putting whole weekly series somewhere: moves of all parts of one at once, compiled by numba.

What moves part by part never leaves the line it is on. These loops run beside those of ``annealing``, so that problems
without a series are searched as if there were none.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from services.scheduler.annealing import accepted, best_place
from services.scheduler.kernel import move_cost, place_costs
from services.scheduler.loops import loop, loop_with_arrays


@loop_with_arrays
def _best_line(tables: Any, series: Any, at: Any, s: int) -> int:
    """The line on which the parts of series ``s``, which all have no place, cost least; -1 when none is any good.

    Of equals, one on which the first parts have a place rather than the last. Parts are looked at one by one; what
    groups and sums make of them together, the move's own cost tells.
    """
    begin = series.line_first[s]
    worth = np.zeros(series.line_first[s + 1] - begin, dtype=np.int64)
    foremost = np.full(len(worth), series.member.shape[1], dtype=np.int64)
    for k in range(series.member.shape[1]):
        i = series.member[s, k]
        if i < 0:
            break
        costs = place_costs(tables, at, i)
        for n in range(len(costs)):
            if costs[n] < 0:
                at_line = series.line[tables.first[i] + n] - begin
                worth[at_line] += costs[n]
                foremost[at_line] = min(foremost[at_line], k)
    best = -1
    for n in range(len(worth)):
        if worth[n] < 0 and (best < 0 or (worth[n], foremost[n]) < (worth[best], foremost[best])):
            best = n
    return int(begin + best) if best >= 0 else -1


@loop
def _put_on_line(tables: Any, series: Any, at: Any, s: int, line: int) -> int:
    """Place the parts of series ``s`` on that line, as far as they are better there than nowhere; says how much more
    the whole costs."""
    difference = 0
    for k in range(series.member.shape[1]):
        i, p = series.member[s, k], series.place[line, k]
        if i >= 0 and p >= 0:
            more = move_cost(tables, at, i, p)
            if more < 0:
                at[i] = p
                difference += more
    return int(difference)


@loop
def _has_no_part_placed(series: Any, at: Any, s: int) -> bool:
    for k in range(series.member.shape[1]):
        i = series.member[s, k]
        if i >= 0 and at[i] >= 0:
            return False
    return True


@loop_with_arrays
def insert(tables: Any, series: Any, at: Any, i: int) -> int:
    """Give session ``i``, which has no place, one that costs least; all parts of its series where none has a place.

    Says how much more the whole costs.
    """
    difference, s = 0, series.of[i]
    if s >= 0 and _has_no_part_placed(series, at, s):
        line = _best_line(tables, series, at, s)
        if line >= 0:
            difference += _put_on_line(tables, series, at, s, line)
    if at[i] < 0:
        p = best_place(tables, at, i)
        difference += move_cost(tables, at, i, p)
        at[i] = p
    return int(difference)


@loop_with_arrays
def insert_with_series(tables: Any, series: Any, at: Any, order: Any) -> None:
    """Give each session of ``order`` the place that costs least at its turn; parts of a series go in together."""
    for i in order:
        if at[i] < 0:
            insert(tables, series, at, i)


@loop_with_arrays
def reinsert_series(tables: Any, series: Any, at: Any, cost: int, seed: int, rounds: int) -> int:
    """In each round take a series and none to three other sessions out and put them back greedily; keep what costs no
    more."""
    np.random.seed(seed)
    member = series.member
    taken, old = np.empty(member.shape[1] + 3, dtype=np.int64), np.empty(member.shape[1] + 3, dtype=np.int64)
    for _ in range(rounds):
        s, out, difference = np.random.randint(len(member)), 0, 0
        for k in range(member.shape[1] + np.random.randint(4)):
            i = member[s, k] if k < member.shape[1] else np.random.randint(len(at))
            if i >= 0:
                taken[out], old[out] = i, at[i]
                difference += move_cost(tables, at, i, -1)
                at[i] = -1
                out += 1
        for k in range(out):
            if at[taken[k]] < 0:
                difference += insert(tables, series, at, taken[k])
        if difference <= 0:
            cost += difference
        else:
            for k in range(out - 1, -1, -1):
                at[taken[k]] = old[k]
    return int(cost)


@loop_with_arrays
def anneal_series(
    tables: Any, series: Any, at: Any, best: Any, cost: int, least: int, heat: float, wall: float, seed: int, steps: int
) -> Any:
    """``steps`` draws of a series and a line for it, at one heat. Changes ``at`` and, when it finds a cheaper plan,
    ``best``; answers both costs."""
    np.random.seed(seed)
    kept = np.empty(series.member.shape[1], dtype=np.int64)
    for _ in range(steps):
        s = np.random.randint(len(series.member))
        lines = series.line_first[s + 1] - series.line_first[s]
        if lines == 0:
            continue
        difference = _shifted(tables, series, at, s, series.line_first[s] + np.random.randint(lines), kept)
        if accepted(difference, heat, tables.unplaced, wall):
            cost += difference
        else:
            _put(series, at, s, kept)
        if cost < least:
            least = cost
            for j in range(len(at)):
                best[j] = at[j]
    return cost, least


@loop
def _shifted(tables: Any, series: Any, at: Any, s: int, line: int, kept: Any) -> int:
    """Move series ``s`` to a line, whatever it breaks there; says how much more the whole costs. ``kept`` takes where
    the parts were."""
    difference = 0
    for k in range(series.member.shape[1]):
        i = series.member[s, k]
        if i >= 0:
            kept[k] = at[i]
            difference += move_cost(tables, at, i, -1)
            at[i] = -1
    for k in range(series.member.shape[1]):
        i, p = series.member[s, k], series.place[line, k]
        if i >= 0 and p >= 0:
            difference += move_cost(tables, at, i, p)
            at[i] = p
    return int(difference)


@loop
def _put(series: Any, at: Any, s: int, kept: Any) -> None:
    """Put the parts of series ``s`` where they were."""
    for k in range(series.member.shape[1]):
        i = series.member[s, k]
        if i >= 0:
            at[i] = kept[k]
