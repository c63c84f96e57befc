"""Simulated annealing over blocks: compiled moves of sessions between cells, and of whole cells."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.scheduler.blocks.state import fits, put, take, track_cost
from services.scheduler.loops import loop

Integers = NDArray[np.int64]
JOINS, SWAPS, ROOMS, OPENS = 0.25, 0.15, 0.03, 0.2
"""Shares of moves that bring a session into a cell of its track, exchange two sessions of a track, exchange two rooms
for a while, and bring a session into an empty cell. The others exchange whole cells."""
OF_MEAN = 0.03
AT_RANDOM, IN_ROOM = 0.4, 0.3
"""Shares of cells that are drawn at random, and of those in a room that the track has already."""


@loop
def _accepted(difference: int, heat: float) -> bool:
    return difference <= 0 or (difference < 30 * heat and np.random.random() < np.exp(-difference / heat))


@loop
def _move(costs: Any, state: Any, i: int, cell: int, heat: float) -> int:
    """Bring a session into a cell if it fits and that is accepted; says what the blocks cost more."""
    old, track = state.where[i], costs.track[i]
    if old == cell:
        return 0
    difference = take(costs, state, i) if old >= 0 else 0
    if fits(costs, state, i, cell):
        difference += put(costs, state, i, cell)
        of_track = track_cost(costs, state, track)
        difference += of_track - state.track_cost[track]
        if _accepted(difference, heat):
            state.track_cost[track] = of_track
            return int(difference)
        take(costs, state, i)
    if old >= 0:
        put(costs, state, i, old)
    return 0


@loop
def _exchange_sessions(costs: Any, state: Any, i: int, j: int, heat: float) -> int:
    """Let two sessions of a track change places."""
    p, q, track = state.where[i], state.where[j], costs.track[i]
    if p < 0 or q < 0 or p == q:
        return 0
    difference = take(costs, state, i) + take(costs, state, j)
    if fits(costs, state, i, q):
        difference += put(costs, state, i, q)
        if fits(costs, state, j, p):
            difference += put(costs, state, j, p)
            of_track = track_cost(costs, state, track)
            difference += of_track - state.track_cost[track]
            if _accepted(difference, heat):
                state.track_cost[track] = of_track
                return int(difference)
            take(costs, state, j)
        take(costs, state, i)
    put(costs, state, i, p)
    put(costs, state, j, q)
    return 0


@loop
def _lift(costs: Any, state: Any, side: int, cell: int) -> Any:
    """Take all sessions out of a cell and remember them."""
    count, difference = state.held[cell], 0
    for k in range(count):
        i = state.content[cell, 0]
        state.lifted[side, k] = i
        difference += take(costs, state, i)
    return count, difference


@loop
def _lower(costs: Any, state: Any, side: int, count: int, cell: int) -> Any:
    """Put remembered sessions into a cell as far as they fit; says how many did."""
    difference = 0
    for k in range(count):
        i = state.lifted[side, k]
        if not fits(costs, state, i, cell):
            return k, difference
        difference += put(costs, state, i, cell)
    return count, difference


@loop
def _exchange_cells(costs: Any, state: Any, p: int, q: int, heat: float) -> int:
    """Let the contents of two cells change places."""
    one, other = state.owner[p], state.owner[q]
    if p == q or (one < 0 and other < 0):
        return 0
    here, difference = _lift(costs, state, 0, p)
    there, change = _lift(costs, state, 1, q)
    difference += change
    lowered, change = _lower(costs, state, 0, here, q)
    difference += change
    lowered_back = 0
    if lowered == here:
        lowered_back, change = _lower(costs, state, 1, there, p)
        difference += change
        if lowered_back == there:
            of_one = track_cost(costs, state, one) if one >= 0 else 0
            of_other = track_cost(costs, state, other) if other >= 0 and other != one else 0
            difference += of_one - (state.track_cost[one] if one >= 0 else 0)
            difference += of_other - (state.track_cost[other] if other >= 0 and other != one else 0)
            if _accepted(difference, heat):
                if one >= 0:
                    state.track_cost[one] = of_one
                if other >= 0 and other != one:
                    state.track_cost[other] = of_other
                return int(difference)
    for k in range(lowered_back):
        take(costs, state, state.lifted[1, k])
    for k in range(lowered):
        take(costs, state, state.lifted[0, k])
    _lower(costs, state, 0, here, p)
    _lower(costs, state, 1, there, q)
    return 0


@loop
def _exchange_rooms(costs: Any, state: Any, one: int, other: int, first: int, last: int, heat: float) -> int:
    """Let two rooms change contents in the timeslots from ``first`` to before ``last``, where they fit.

    Tracks that keep their room from timeslot to timeslot leave it together: cell by cell they would not.
    """
    difference = 0
    for timeslot in range(first, last):
        base = timeslot * costs.rooms
        difference += _exchange_cells(costs, state, base + one, base + other, np.inf)
    if _accepted(difference, heat):
        return int(difference)
    for timeslot in range(first, last):
        base = timeslot * costs.rooms
        _exchange_cells(costs, state, base + one, base + other, np.inf)
    return 0


@loop
def _companion(costs: Any, i: int) -> int:
    """Some session of the same track."""
    first, end = costs.member_first[costs.track[i]], costs.member_first[costs.track[i] + 1]
    return int(costs.member[first + np.random.randint(end - first)])


@loop
def _likely_cell(costs: Any, state: Any, i: int) -> int:
    """Some cell; often one in the room of a session of the same track, or in the timeslot before or after it."""
    timeslots, cell = len(costs.steps), state.where[_companion(costs, i)]
    draw = np.random.random()
    if cell < 0 or draw < AT_RANDOM:
        return int(np.random.randint(len(state.owner)))
    timeslot, room = cell // costs.rooms, cell % costs.rooms
    if draw < AT_RANDOM + IN_ROOM:
        return int(np.random.randint(timeslots) * costs.rooms + room)
    timeslot += 1 if np.random.random() < 0.5 else -1
    if 0 <= timeslot < timeslots:
        return int(timeslot * costs.rooms + room)
    return int(cell)


@loop
def _other_cell(costs: Any, state: Any, i: int) -> int:
    """A cell to exchange for the one that a session is in: in its timeslot, or a likely one."""
    here = state.where[i]
    if np.random.random() < 0.5:
        return int(_likely_cell(costs, state, i))
    timeslot, cell = here // costs.rooms, state.where[_companion(costs, i)]
    room = cell % costs.rooms if cell >= 0 and np.random.random() < 0.5 else np.random.randint(costs.rooms)
    return int(timeslot * costs.rooms + room)


@loop
def insert_greedily(costs: Any, state: Any, order: Any) -> int:
    """Bring each session of ``order`` to the cell that costs least at its turn; says what the blocks cost then."""
    total = costs.unplaced * len(costs.track)
    for i in order:
        best, least, track = -1, 0, costs.track[i]
        for cell in range(len(state.owner)):
            if fits(costs, state, i, cell):
                difference = put(costs, state, i, cell) + track_cost(costs, state, track) - state.track_cost[track]
                take(costs, state, i)
                if difference < least:
                    best, least = cell, difference
        if best >= 0:
            put(costs, state, i, best)
            state.track_cost[track] = track_cost(costs, state, track)
            total += least
    return int(total)


@loop
def restore(costs: Any, state: Any, where: Any) -> None:
    """Bring everybody to these cells."""
    for i in range(len(where)):
        if state.where[i] >= 0:
            take(costs, state, i)
    for i in range(len(where)):
        if where[i] >= 0:
            put(costs, state, i, where[i])
    for track in range(len(state.track_cost)):
        state.track_cost[track] = track_cost(costs, state, track)


@loop
def anneal(costs: Any, state: Any, best: Any, cost: int, least: int, heat: float, seed: int, steps: int) -> Any:
    """``steps`` draws at one heat. Changes ``state`` and, with cheaper blocks, ``best``; answers both costs."""
    np.random.seed(seed)
    for _ in range(steps):
        i = np.random.randint(len(costs.track))
        draw = np.random.random()
        if draw < JOINS:
            cell = state.where[_companion(costs, i)]
            cost += _move(costs, state, i, cell, heat) if cell >= 0 else 0
        elif draw < JOINS + SWAPS:
            cost += _exchange_sessions(costs, state, i, _companion(costs, i), heat)
        elif draw < JOINS + SWAPS + ROOMS and state.where[i] >= 0:
            first = np.random.randint(len(costs.steps))
            last = len(costs.steps) if np.random.random() < 0.5 else 1 + np.random.randint(len(costs.steps))
            room = state.where[i] % costs.rooms
            cost += _exchange_rooms(costs, state, room, np.random.randint(costs.rooms), first, last, heat)
        elif draw < JOINS + SWAPS + ROOMS + OPENS or state.where[i] < 0:
            cost += _move(costs, state, i, _likely_cell(costs, state, i), heat)
        else:
            cost += _exchange_cells(costs, state, state.where[i], _other_cell(costs, state, i), heat)
        if cost < least:
            least = cost
            for row in range(len(best)):
                best[row] = state.where[row]
    return cost, least


@loop
def first_heat(costs: Any, state: Any, seed: int, draws: int) -> float:
    """The geometric mean of what random moves of single sessions cost, or some of the mean where few cost very much."""
    np.random.seed(seed)
    total, logarithms, count = 0.0, 0.0, 0
    for _ in range(draws):
        i, cell = np.random.randint(len(costs.track)), np.random.randint(len(state.owner))
        old, track = state.where[i], costs.track[i]
        if old < 0 or old == cell:
            continue
        difference = take(costs, state, i)
        if fits(costs, state, i, cell):
            difference += put(costs, state, i, cell) + track_cost(costs, state, track) - state.track_cost[track]
            take(costs, state, i)
            if difference > 0:
                total += difference
                logarithms += np.log(difference)
                count += 1
        put(costs, state, i, old)
    return max(np.exp(logarithms / count), OF_MEAN * total / count) if count else 1.0
