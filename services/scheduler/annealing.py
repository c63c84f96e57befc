"""Simulated annealing over the tables: greedy insertion first, then random moves and swaps that cool down.

Kirkpatrick, Gelatt and Vecchi, "Optimization by Simulated Annealing", Science 220 (1983). All loops are compiled;
whoever drives them runs them in slices, looks at clock and cancellation between two slices, and sets the heat.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from services.scheduler.kernel import move_cost, session_cost

SWAPS = 0.45
NEAR = 0.25
"""Shares of moves that swap two sessions, and that keep a session's start or its room."""


@njit(cache=True, nogil=True)
def place_of_cell(tables: Any, i: int, cell: int) -> int:
    """The place of session ``i`` with that start and room; -1 when it has none."""
    low, high = tables.first[i], tables.first[i + 1]
    while low < high:
        middle = (low + high) // 2
        if tables.places.cell[middle] < cell:
            low = middle + 1
        else:
            high = middle
    return int(low) if low < tables.first[i + 1] and tables.places.cell[low] == cell else -1


@njit(cache=True, nogil=True)
def best_place(tables: Any, at: Any, i: int) -> int:
    """The place that costs the whole least while all others stay; -1 when no place is better than none."""
    best, least = -1, move_cost(tables, at, i, -1)
    for p in range(tables.first[i], tables.first[i + 1]):
        difference = move_cost(tables, at, i, p)
        if difference < least:
            best, least = p, difference
    return int(best)


@njit(cache=True, nogil=True)
def insert_greedily(tables: Any, at: Any, order: Any) -> None:
    """Give each session of ``order`` the place that costs least at its turn."""
    for i in order:
        at[i] = best_place(tables, at, i)


@njit(cache=True, nogil=True)
def descend(tables: Any, at: Any) -> int:
    """Move single sessions to their best places until none gains; says how much was gained."""
    gained, moved = 0, True
    while moved:
        moved = False
        for i in range(len(at)):
            p = best_place(tables, at, i)
            if p != at[i]:
                difference = move_cost(tables, at, i, p)
                if difference < 0:
                    at[i] = p
                    gained -= difference
                    moved = True
    return int(gained)


@njit(cache=True, nogil=True)
def reinsert(tables: Any, at: Any, cost: int, seed: int, rounds: int) -> int:
    """In each round take one to four sessions out and put them back greedily; keep what costs no more."""
    np.random.seed(seed)
    taken, old = np.empty(8, dtype=np.int64), np.empty(8, dtype=np.int64)
    for _ in range(rounds):
        count = min(1 + np.random.randint(4), len(at))
        difference = 0
        for k in range(count):
            i = np.random.randint(len(at))
            taken[k], old[k] = i, at[i]
            difference += move_cost(tables, at, i, -1)
            at[i] = -1
        for k in range(count):
            i = taken[k]
            p = best_place(tables, at, i)
            difference += move_cost(tables, at, i, p)
            at[i] = p
        if difference <= 0:
            cost += difference
        else:
            for k in range(count - 1, -1, -1):
                at[taken[k]] = old[k]
    return int(cost)


@njit(cache=True, nogil=True)
def _near_place(tables: Any, at: Any, i: int) -> int:
    """A place with the same start or the same room, if a few draws find one."""
    first, places, old = tables.first[i], tables.places, at[i]
    count = tables.first[i + 1] - first
    by_room = np.random.random() < 0.5
    for _ in range(8):
        p = first + np.random.randint(count)
        if p != old and (places.room[p] == places.room[old] if by_room else places.start[p] == places.start[old]):
            return int(p)
    return int(first + np.random.randint(count))


@njit(cache=True, nogil=True)
def _accepted(difference: int, heat: float) -> bool:
    return difference <= 0 or (difference < 30 * heat and np.random.random() < np.exp(-difference / heat))


@njit(cache=True, nogil=True)
def typical_cost(tables: Any, at: Any, seed: int, draws: int, too_much: int) -> float:
    """The mean of what random moves change, either way, those that break what must hold left aside."""
    np.random.seed(seed)
    total, count = 0.0, 0
    for _ in range(draws):
        i = np.random.randint(len(at))
        places = tables.first[i + 1] - tables.first[i]
        if places > 0:
            difference = abs(move_cost(tables, at, i, tables.first[i] + np.random.randint(places)))
            if 0 < difference < too_much:
                total += difference
                count += 1
    return total / count if count else 1.0


@njit(cache=True, nogil=True)
def anneal(tables: Any, at: Any, best: Any, cost: int, least: int, heat: float, seed: int, steps: int) -> Any:
    """``steps`` draws at one heat. Changes ``at`` and, when it finds a cheaper plan, ``best``; answers both costs."""
    np.random.seed(seed)
    for _ in range(steps):
        i = np.random.randint(len(at))
        places = tables.first[i + 1] - tables.first[i]
        if places == 0:
            continue
        draw = np.random.random()
        if draw < SWAPS and len(at) > 1:
            cost += _swap(tables, at, i, np.random.randint(len(at)), heat)
        else:
            near = draw < SWAPS + NEAR and at[i] >= 0
            p = _near_place(tables, at, i) if near else tables.first[i] + np.random.randint(places)
            if p != at[i]:
                difference = move_cost(tables, at, i, p)
                if _accepted(difference, heat):
                    at[i] = p
                    cost += difference
        if cost < least:
            least = cost
            best[:] = at
    return cost, least


@njit(cache=True, nogil=True)
def _swap(tables: Any, at: Any, i: int, j: int, heat: float) -> int:
    """Let two sessions change places when that is accepted; says how much more the whole costs."""
    p, q = at[i], at[j]
    if i == j or p == q:
        return 0
    new_i = place_of_cell(tables, i, tables.places.cell[q]) if q >= 0 else -1
    new_j = place_of_cell(tables, j, tables.places.cell[p]) if p >= 0 else -1
    if (new_i < 0 <= q) or (new_j < 0 <= p):
        return 0
    difference = move_cost(tables, at, i, new_i)
    at[i] = new_i
    difference += move_cost(tables, at, j, new_j)
    if _accepted(difference, heat):
        at[j] = new_j
        return int(difference)
    at[i] = p
    return 0


@njit(cache=True, nogil=True)
def unplace_what_breaks(tables: Any, at: Any, order: Any, too_much: int) -> None:
    """Take out, in that order, each session that breaks what must hold, and put it where it does not, if it can."""
    for i in order:
        if at[i] >= 0 and session_cost(tables, at, i, at[i]) - tables.cost[at[i]] >= too_much:
            at[i] = -1
    for i in order:
        if at[i] < 0:
            at[i] = best_place(tables, at, i)
