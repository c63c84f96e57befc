"""Blocks as an annealing has them: which session is in which cell, and what taking one out or putting one in changes.

The costs are those of the block model, a session without a place among them. All arrays are by row, so that a cell is
``timeslot * rooms + room``, and -1 stands for no cell and for no track.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.scheduler.loops import loop

Integers = NDArray[np.int64]


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
def track_cost(costs: Any, state: Any, track: int) -> int:
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
def take(costs: Any, state: Any, i: int) -> int:
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
def fits(costs: Any, state: Any, i: int, cell: int) -> bool:
    if state.owner[cell] >= 0 and state.owner[cell] != costs.track[i]:
        return False
    timeslot = cell // costs.rooms
    fits = state.load[cell] + costs.need[i, timeslot] <= costs.steps[timeslot]
    return bool(fits and costs.cost[i, cell] < costs.impossible)


@loop
def put(costs: Any, state: Any, i: int, cell: int) -> int:
    """Put a session without a place into a cell that it fits; the counterpart of ``take``."""
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
