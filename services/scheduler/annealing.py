"""Simulated annealing over the tables: greedy insertion first, then random moves and swaps that cool down.

Kirkpatrick, Gelatt and Vecchi, "Optimization by Simulated Annealing", Science 220 (1983). All loops are compiled;
whoever drives them runs them in slices, looks at clock and cancellation between two slices, and sets the heat.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from services.scheduler.kernel import move_cost, place_costs
from services.scheduler.loops import loop, loop_with_arrays
from services.scheduler.relating import END, ROOM_OF, START

ANYWHERE = 0.25
SAME_START = 0.25
SAME_ROOM = 0.2
"""Shares of draws: any place, one of the same start or room; the rest are places of other sessions."""


@loop
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


@loop_with_arrays
def best_place(tables: Any, at: Any, i: int) -> int:
    """The place that costs the whole least while all others stay; -1 when no place is better than none."""
    costs = place_costs(tables, at, i)
    if len(costs) == 0:
        return -1
    best = np.argmin(costs)
    return int(tables.first[i] + best) if costs[best] < 0 else -1


@loop_with_arrays
def insert_greedily(tables: Any, at: Any, order: Any) -> None:
    """Give each session of ``order`` the place that costs least at its turn."""
    for i in order:
        at[i] = best_place(tables, at, i)


@loop_with_arrays
def descend(tables: Any, at: Any, i: int) -> int:
    """Move session ``i`` to its best place when that gains; says how much was gained.

    To break what must hold costs more than to have no place, so whatever breaks it is moved or taken out.
    """
    p = best_place(tables, at, i)
    if p == at[i]:
        return 0
    difference = move_cost(tables, at, i, p)
    if difference >= 0:
        return 0
    at[i] = p
    return int(-difference)


@loop_with_arrays
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


@loop
def _drawn_place(tables: Any, at: Any, i: int) -> int:
    """Some place of session ``i``: any, one of the same start, one of the same room, or that of another session."""
    first, cell, old, rooms = tables.first[i], tables.places.cell, at[i], max(1, tables.rooms)
    anywhere, draw = first + np.random.randint(tables.first[i + 1] - first), np.random.random()
    if old < 0 or draw < ANYWHERE:
        return int(anywhere)
    if draw < ANYWHERE + SAME_START:
        wanted = cell[old] - cell[old] % rooms + np.random.randint(rooms)
    elif draw < ANYWHERE + SAME_START + SAME_ROOM:
        wanted = cell[anywhere] - cell[anywhere] % rooms + cell[old] % rooms
    else:
        other = at[np.random.randint(len(at))]
        wanted = cell[other] if other >= 0 else cell[anywhere]
    return place_of_cell(tables, i, wanted)


@loop
def _occupant(traits: Any, at: Any, i: int, p: int) -> int:
    """The session that is in the room of place ``p`` at its time; -1 for none, -2 for several."""
    found = -1
    for j in range(len(at)):
        q = at[j]
        if q < 0 or j == i or traits[q, ROOM_OF] != traits[p, ROOM_OF]:
            continue
        if traits[q, START] < traits[p, END] and traits[p, START] < traits[q, END]:
            if found >= 0:
                return -2
            found = j
    return found


@loop
def accepted(difference: int, heat: float, unplaced: int, wall: float) -> bool:
    """Metropolis' rule; but to break what must hold, or to be without a place, weighs a wall that can be climbed."""
    walls = np.round(difference / unplaced)
    felt = difference - walls * (unplaced - wall)
    return bool(felt <= 0 or (felt < 30 * heat and np.random.random() < np.exp(-felt / heat)))


@loop
def typical_cost(tables: Any, at: Any, seed: int, draws: int) -> float:
    """The mean of what random moves change, either way; what must hold and is broken by them is left out of account."""
    np.random.seed(seed)
    total, count = 0.0, 0
    for _ in range(draws):
        i = np.random.randint(len(at))
        places = tables.first[i + 1] - tables.first[i]
        if places > 0:
            difference = move_cost(tables, at, i, tables.first[i] + np.random.randint(places))
            change = abs(difference - np.round(difference / tables.unplaced) * tables.unplaced)
            if change > 0:
                total += change
                count += 1
    return total / count if count else 1.0


@loop
def anneal(
    tables: Any, at: Any, best: Any, cost: int, least: int, heat: float, wall: float, seed: int, steps: int
) -> Any:
    """``steps`` draws at one heat. Changes ``at`` and, when it finds a cheaper plan, ``best``; answers both costs."""
    np.random.seed(seed)
    for _ in range(steps):
        i = np.random.randint(len(at))
        if tables.first[i + 1] == tables.first[i]:
            continue
        p = _drawn_place(tables, at, i)
        if p >= 0 and p != at[i]:
            cost += _moved(tables, at, i, p, heat, wall)
            if cost < least:
                least = cost
                for j in range(len(at)):
                    best[j] = at[j]
    return cost, least


@loop
def _moved(tables: Any, at: Any, i: int, p: int, heat: float, wall: float) -> int:
    """Let session ``i`` go to place ``p`` when that is accepted, and whoever is there to where it was; says how much
    more the whole costs."""
    old, j = at[i], _occupant(tables.places.traits, at, i, p)
    swapped = place_of_cell(tables, j, tables.places.cell[old]) if j >= 0 and old >= 0 else -1
    difference = move_cost(tables, at, i, p)
    at[i] = p
    if swapped >= 0:
        difference += move_cost(tables, at, j, swapped)
    if accepted(difference, heat, tables.unplaced, wall):
        if swapped >= 0:
            at[j] = swapped
        return int(difference)
    at[i] = old
    return 0
