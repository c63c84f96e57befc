"""What a move costs, and a plan: the inner loops over the tables, compiled by numba.

All functions are plain arithmetic on ``Tables``; ``at`` holds the place of every session or -1. Costs are
person-minutes, lower is better.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from services.scheduler.loops import loop, loop_with_arrays
from services.scheduler.measuring import group_cost, groups_move_cost
from services.scheduler.relating import END, ROOM_OF, START, Integers, Places, related
from services.scheduler.sum_kernel import SumTables, sums_cost, sums_move_cost


class Tables(NamedTuple):
    """Everything a search needs to know, as arrays.

    ``first[i]:first[i + 1]`` are the places of session ``i``. ``clash[i, j]`` is what it costs when two sessions
    overlap. ``pair_first[i]:pair_first[i + 1]`` are the pair terms of session ``i``: ``pair_is_one`` says which side
    it is on. ``pair_cost`` is per unit of the relation. ``requiring`` are the numbers of those that ask for a place of
    the one. ``spots`` are ``Spots``. Groups likewise.
    """

    first: Integers
    places: Places
    cost: Integers
    clash: Integers
    rooms_conflict: int
    pair_first: Integers
    pair_other: Integers
    pair_is_one: Integers
    pair_relation: Integers
    pair_parameter: Integers
    pair_cost: Integers
    requiring_first: Integers
    requiring: Integers
    spots: Any
    group_of_first: Integers
    group_of: Integers
    member_first: Integers
    member: Integers
    measure: Integers
    key: Integers
    inner: Integers
    group_cost: Integers
    table_first: Integers
    table: Integers
    unplaced: int
    sums: SumTables
    rooms: int


@loop
def session_cost(tables: Any, at: Any, i: int, p: int) -> int:
    """What session ``i`` costs at place ``p`` (-1: without a place), with all others where they are. No groups."""
    total = cost_beside_overlaps(tables, at, i, p)
    if p >= 0:
        total += _overlaps_cost(tables.places.traits, tables.clash, tables.rooms_conflict, at, i, p)
    return int(total)


@loop
def cost_beside_overlaps(tables: Any, at: Any, i: int, p: int) -> int:
    """The part of ``session_cost`` that does not come from overlapping others."""
    total = tables.unplaced if p < 0 else tables.cost[p]
    first, other, cost = tables.pair_first, tables.pair_other, tables.pair_cost
    if p >= 0:
        traits, spots = tables.places.traits, tables.spots
        if len(spots.matrices):
            total += _pairs_looked_up(spots.of, spots.matrices, spots.kind, at, i, p)
        else:
            relation, parameter, is_one = tables.pair_relation, tables.pair_parameter, tables.pair_is_one
            total += _pairs_worked_out(traits, relation, parameter, is_one, first, other, cost, at, i, p)
    if len(tables.requiring):
        requiring = tables.requiring, tables.requiring_first
        total += _requiring_cost(*requiring, tables.pair_is_one, other, cost, at, i, p)
    return int(total)


@loop
def _overlaps_cost(traits: Any, clash: Any, rooms_conflict: int, at: Any, i: int, p: int) -> int:
    """What it costs that session ``i`` at ``p`` overlaps others. These functions take arrays one by one, not in a
    tuple: numba counts references to each array of a tuple that it hands on, which would take most of the time."""
    start, end, room, total = traits[p, START], traits[p, END], traits[p, ROOM_OF], 0
    for j in range(len(at)):
        q = at[j]
        if q >= 0 and j != i and traits[q, START] < end and start < traits[q, END]:
            total += clash[i, j]
            if traits[q, ROOM_OF] == room:
                total += rooms_conflict
    return int(total)


@loop
def _pairs_looked_up(spot: Any, matrices: Any, kind: Any, at: Any, i: int, p: int) -> int:
    """What the pair terms of session ``i`` cost at place ``p``, by the matrices of spots."""
    total, here = 0, spot[p]
    for j in range(len(at)):
        q = at[j]
        if q >= 0 and kind[i, j]:
            total += matrices[kind[i, j], here, spot[q]]
    return int(total)


@loop
def _pairs_worked_out(
    traits: Any, relation: Any, parameter: Any, is_one: Any, first: Any, other: Any, cost: Any, at: Any, i: int, p: int
) -> int:
    """What the pair terms of session ``i`` cost at place ``p``."""
    total = 0
    for k in range(first[i], first[i + 1]):
        q = at[other[k]]
        if q >= 0:
            one, two = (p, q) if is_one[k] else (q, p)
            total += cost[k] * related(relation[k], parameter[k], traits, one, traits, two)
    return int(total)


@loop
def _requiring_cost(
    requiring: Any, requiring_first: Any, is_one: Any, other: Any, cost: Any, at: Any, i: int, p: int
) -> int:
    """What it costs that of session ``i`` at ``p`` and another one has a place, and the one that it requires none."""
    total = 0
    for n in range(requiring_first[i], requiring_first[i + 1]):
        k = requiring[n]
        q = at[other[k]]
        if p < 0 <= q if is_one[k] else q < 0 <= p:
            total += cost[k]
    return int(total)


@loop
def shared_moves_cost(tables: Any, at: Any, i: int, p: int) -> int:
    """How much more sums and groups cost when session ``i`` goes to ``p``. Leaves ``at`` as it was."""
    difference = groups_move_cost(tables, at, i, p)
    if len(tables.sums.missing):
        difference += sums_move_cost(tables.sums, tables.first, at, i, p)
    return int(difference)


@loop
def move_cost(tables: Any, at: Any, i: int, p: int) -> int:
    """How much more the whole costs when session ``i`` goes to ``p``. Leaves ``at`` as it was."""
    difference = session_cost(tables, at, i, p) - session_cost(tables, at, i, at[i])
    return int(difference + shared_moves_cost(tables, at, i, p))


@loop_with_arrays
def plan_cost(tables: Any, at: Any) -> int:
    """What a whole plan costs."""
    total = 0
    so_far = np.full_like(at, -1)
    for i in range(len(at)):
        total += session_cost(tables, so_far, i, at[i]) - session_cost(tables, so_far, i, -1) + tables.unplaced
        so_far[i] = at[i]
    for g in range(len(tables.measure)):
        total += group_cost(tables, at, g)
    return int(total + sums_cost(tables.sums, tables.first, at))


@loop_with_arrays
def place_costs(tables: Any, at: Any, i: int) -> Any:
    """What session ``i`` would change in the whole at each of its places, measured from being without one."""
    costs = np.zeros(tables.first[i + 1] - tables.first[i], dtype=np.int64)
    _fill_place_costs(tables, at, i, costs, np.zeros(max(1, tables.rooms), dtype=np.int64))
    return costs


@loop
def _fill_place_costs(tables: Any, at: Any, i: int, costs: Any, taken: Any) -> None:
    """Makes ``costs``, all 0 before, what ``place_costs`` answers. ``taken`` is room to write in, one for each room."""
    old, first = at[i], tables.first[i]
    at[i] = -1
    _add_overlaps(tables.places.traits, tables.clash, tables.rooms_conflict, taken, at, i, first, costs)
    without = session_cost(tables, at, i, -1)
    for k in range(len(costs)):
        costs[k] += cost_beside_overlaps(tables, at, i, first + k) - without
        costs[k] += shared_moves_cost(tables, at, i, first + k)
    at[i] = old


@loop
def _add_overlaps(
    traits: Any, clash: Any, rooms_conflict: int, taken: Any, at: Any, i: int, first: int, costs: Any
) -> None:
    """Adds what overlapping the others costs. Places that begin together are neighbours, and overlap the same."""
    k = 0
    while k < len(costs):
        start, end, shared = traits[first + k, START], traits[first + k, END], 0
        taken[:] = 0
        for j in range(len(at)):
            q = at[j]
            if q >= 0 and j != i and traits[q, START] < end and start < traits[q, END]:
                shared += clash[i, j]
                taken[traits[q, ROOM_OF]] += rooms_conflict
        while k < len(costs) and traits[first + k, START] == start:
            costs[k] += shared + taken[traits[first + k, ROOM_OF]]
            k += 1
