"""Simulated annealing over blocks: compiled moves of sessions between cells, and of whole cells.

The costs are those of the block model, a session without a place among them. All arrays are by row, so that a cell is
``timeslot * rooms + room``, and -1 stands for no cell and for no track.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.scheduler.loops import loop

Integers = NDArray[np.int64]
JOINS, SWAPS, ROOMS, OPENS = 0.25, 0.15, 0.03, 0.2
"""Shares of moves that bring a session into a cell of its track, exchange two sessions of a track, exchange two rooms
for a while, and bring a session into an empty cell. The others exchange whole cells."""
OF_MEAN = 0.03
AT_RANDOM, IN_ROOM = 0.4, 0.3
"""Shares of cells that are drawn at random, and of those in a room that the track has already."""


class Costs(NamedTuple):
    """What blocks cost. ``cost[i, c] >= impossible`` where a session cannot be."""

    track: Integers
    need: Integers
    steps: Integers
    rooms: int
    cost: Integers
    impossible: int
    unplaced: int
    used: Integers
    """By track and cell."""
    apart: Integers
    """By two tracks: for each two cells in one timeslot."""
    away: Integers
    beside: Integers
    gap: Integers
    order: Integers
    """By track: for a room beyond the first, a cell beyond the first in a timeslot, a pause, a session out of order."""
    wanted: Integers
    member_first: Integers
    member: Integers
    pair_first: Integers
    pair_other: Integers
    pair_is_one: Integers
    pair_cost: Integers
    pair_matrix: Integers
    matrices: Integers
    """What pairs count, by timeslot of the one and of the other."""


class State(NamedTuple):
    """Where everything is, and what follows from it."""

    where: Integers
    owner: Integers
    load: Integers
    held: Integers
    content: Integers
    turn: Integers
    cells_in_timeslot: Integers
    cells_in_room: Integers
    track_cost: Integers
    scratch: Integers
    lifted: Integers


def empty_state(costs: Costs) -> State:
    """Nobody has a place."""
    sessions, tracks = len(costs.track), len(costs.used)
    timeslots = len(costs.steps)
    cells = timeslots * costs.rooms
    most = int(costs.steps.max(initial=1))

    def filled(value: int, *shape: int) -> Integers:
        return np.full(shape, value, dtype=np.int64)

    return State(
        where=filled(-1, sessions),
        owner=filled(-1, cells),
        load=filled(0, cells),
        held=filled(0, cells),
        content=filled(-1, cells, most),
        turn=filled(-1, sessions),
        cells_in_timeslot=filled(0, tracks, timeslots),
        cells_in_room=filled(0, tracks, costs.rooms),
        track_cost=filled(0, tracks),
        scratch=filled(0, timeslots + 1),
        lifted=filled(-1, 2, most),
    )


@loop
def _pairs_cost(costs: Any, state: Any, i: int, timeslot: int) -> int:
    total = 0
    for k in range(costs.pair_first[i], costs.pair_first[i + 1]):
        cell = state.where[costs.pair_other[k]]
        if cell >= 0:
            there, matrix = cell // costs.rooms, costs.pair_matrix[k]
            one, other = (timeslot, there) if costs.pair_is_one[k] else (there, timeslot)
            total += costs.pair_cost[k] * costs.matrices[matrix, one, other]
    return int(total)


@loop
def _cell_cost(costs: Any, state: Any, track: int, cell: int) -> int:
    """What a track's use of a cell costs beside the other cells of its timeslot."""
    total, timeslot = costs.used[track, cell], cell // costs.rooms
    for other in range(timeslot * costs.rooms, (timeslot + 1) * costs.rooms):
        owner = state.owner[other]
        if owner >= 0 and other != cell and owner != track:
            total += costs.apart[track, owner]
    return int(total)


@loop
def _track_cost(costs: Any, state: Any, track: int) -> int:
    """Rooms and cells beyond the first, a pause, and sessions out of order."""
    total, rooms, first, last, active = 0, 0, -1, -1, 0
    for room in range(costs.rooms):
        rooms += int(state.cells_in_room[track, room] > 0)
    total += costs.away[track] * max(0, rooms - 1)
    for timeslot in range(len(costs.steps)):
        cells = state.cells_in_timeslot[track, timeslot]
        if cells > 0:
            total += costs.beside[track] * (cells - 1)
            first, last, active = timeslot if first < 0 else first, timeslot, active + 1
    if active and last - first + 1 > active:
        total += costs.gap[track]
    return int(total + (_order_cost(costs, state, track) if costs.order[track] else 0))


@loop
def _order_cost(costs: Any, state: Any, track: int) -> int:
    until, total = state.scratch, 0
    for timeslot in range(len(until)):
        until[timeslot] = 0
    for k in range(costs.member_first[track], costs.member_first[track + 1]):
        cell = state.where[costs.member[k]]
        if cell >= 0:
            until[cell // costs.rooms + 1] += 1
    for timeslot in range(len(costs.steps)):
        until[timeslot + 1] += until[timeslot]
    for k in range(costs.member_first[track], costs.member_first[track + 1]):
        i = costs.member[k]
        cell, wanted = state.where[i], costs.wanted[i]
        if cell >= 0 and wanted:
            timeslot = cell // costs.rooms
            total += costs.order[track] * int(not until[timeslot] < wanted <= until[timeslot + 1])
    return int(total)


@loop
def _take(costs: Any, state: Any, i: int) -> int:
    """Take a session out; says how much more the blocks cost, what its track costs as a whole left aside."""
    cell, track = state.where[i], costs.track[i]
    timeslot = cell // costs.rooms
    difference = costs.unplaced - costs.cost[i, cell] - _pairs_cost(costs, state, i, timeslot)
    last = state.content[cell, state.held[cell] - 1]
    state.content[cell, state.turn[i]] = last
    state.turn[last] = state.turn[i]
    state.held[cell] -= 1
    state.load[cell] -= costs.need[i, timeslot]
    state.where[i] = -1
    if state.held[cell] == 0:
        state.owner[cell] = -1
        state.cells_in_timeslot[track, timeslot] -= 1
        state.cells_in_room[track, cell % costs.rooms] -= 1
        difference -= _cell_cost(costs, state, track, cell)
    return int(difference)


@loop
def _fits(costs: Any, state: Any, i: int, cell: int) -> bool:
    if state.owner[cell] >= 0 and state.owner[cell] != costs.track[i]:
        return False
    timeslot = cell // costs.rooms
    fits = state.load[cell] + costs.need[i, timeslot] <= costs.steps[timeslot]
    return bool(fits and costs.cost[i, cell] < costs.impossible)


@loop
def _put(costs: Any, state: Any, i: int, cell: int) -> int:
    """Put a session without a place into a cell that it fits; the counterpart of ``_take``."""
    track, timeslot = costs.track[i], cell // costs.rooms
    difference = 0
    if state.held[cell] == 0:
        difference += _cell_cost(costs, state, track, cell)
        state.owner[cell] = track
        state.cells_in_timeslot[track, timeslot] += 1
        state.cells_in_room[track, cell % costs.rooms] += 1
    state.content[cell, state.held[cell]] = i
    state.turn[i] = state.held[cell]
    state.held[cell] += 1
    state.load[cell] += costs.need[i, timeslot]
    difference += costs.cost[i, cell] + _pairs_cost(costs, state, i, timeslot) - costs.unplaced
    state.where[i] = cell
    return int(difference)


@loop
def _accepted(difference: int, heat: float) -> bool:
    return difference <= 0 or (difference < 30 * heat and np.random.random() < np.exp(-difference / heat))


@loop
def _move(costs: Any, state: Any, i: int, cell: int, heat: float) -> int:
    """Bring a session into a cell if it fits and that is accepted; says what the blocks cost more."""
    old, track = state.where[i], costs.track[i]
    if old == cell:
        return 0
    difference = _take(costs, state, i) if old >= 0 else 0
    if _fits(costs, state, i, cell):
        difference += _put(costs, state, i, cell)
        of_track = _track_cost(costs, state, track)
        difference += of_track - state.track_cost[track]
        if _accepted(difference, heat):
            state.track_cost[track] = of_track
            return int(difference)
        _take(costs, state, i)
    if old >= 0:
        _put(costs, state, i, old)
    return 0


@loop
def _exchange_sessions(costs: Any, state: Any, i: int, j: int, heat: float) -> int:
    """Let two sessions of a track change places."""
    p, q, track = state.where[i], state.where[j], costs.track[i]
    if p < 0 or q < 0 or p == q:
        return 0
    difference = _take(costs, state, i) + _take(costs, state, j)
    if _fits(costs, state, i, q):
        difference += _put(costs, state, i, q)
        if _fits(costs, state, j, p):
            difference += _put(costs, state, j, p)
            of_track = _track_cost(costs, state, track)
            difference += of_track - state.track_cost[track]
            if _accepted(difference, heat):
                state.track_cost[track] = of_track
                return int(difference)
            _take(costs, state, j)
        _take(costs, state, i)
    _put(costs, state, i, p)
    _put(costs, state, j, q)
    return 0


@loop
def _lift(costs: Any, state: Any, side: int, cell: int) -> Any:
    """Take all sessions out of a cell and remember them."""
    count, difference = state.held[cell], 0
    for k in range(count):
        i = state.content[cell, 0]
        state.lifted[side, k] = i
        difference += _take(costs, state, i)
    return count, difference


@loop
def _lower(costs: Any, state: Any, side: int, count: int, cell: int) -> Any:
    """Put remembered sessions into a cell as far as they fit; says how many did."""
    difference = 0
    for k in range(count):
        i = state.lifted[side, k]
        if not _fits(costs, state, i, cell):
            return k, difference
        difference += _put(costs, state, i, cell)
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
            of_one = _track_cost(costs, state, one) if one >= 0 else 0
            of_other = _track_cost(costs, state, other) if other >= 0 and other != one else 0
            difference += of_one - (state.track_cost[one] if one >= 0 else 0)
            difference += of_other - (state.track_cost[other] if other >= 0 and other != one else 0)
            if _accepted(difference, heat):
                if one >= 0:
                    state.track_cost[one] = of_one
                if other >= 0 and other != one:
                    state.track_cost[other] = of_other
                return int(difference)
    for k in range(lowered_back):
        _take(costs, state, state.lifted[1, k])
    for k in range(lowered):
        _take(costs, state, state.lifted[0, k])
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
            if _fits(costs, state, i, cell):
                difference = _put(costs, state, i, cell) + _track_cost(costs, state, track) - state.track_cost[track]
                _take(costs, state, i)
                if difference < least:
                    best, least = cell, difference
        if best >= 0:
            _put(costs, state, i, best)
            state.track_cost[track] = _track_cost(costs, state, track)
            total += least
    return int(total)


@loop
def restore(costs: Any, state: Any, where: Any) -> None:
    """Bring everybody to these cells."""
    for i in range(len(where)):
        if state.where[i] >= 0:
            _take(costs, state, i)
    for i in range(len(where)):
        if where[i] >= 0:
            _put(costs, state, i, where[i])
    for track in range(len(state.track_cost)):
        state.track_cost[track] = _track_cost(costs, state, track)


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
        difference = _take(costs, state, i)
        if _fits(costs, state, i, cell):
            difference += _put(costs, state, i, cell) + _track_cost(costs, state, track) - state.track_cost[track]
            _take(costs, state, i)
            if difference > 0:
                total += difference
                logarithms += np.log(difference)
                count += 1
        _put(costs, state, i, old)
    return max(np.exp(logarithms / count), OF_MEAN * total / count) if count else 1.0
