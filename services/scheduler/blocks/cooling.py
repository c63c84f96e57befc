"""First blocks by annealing, one cooling for each worker, side by side."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from services.scheduler.blocks.annealing import anneal, first_heat, insert_greedily, restore
from services.scheduler.blocks.budget import Budget
from services.scheduler.blocks.costing import costs_of
from services.scheduler.blocks.model import Blocks
from services.scheduler.blocks.programme import Programme
from services.scheduler.blocks.state import Costs, empty_state

Integers = NDArray[np.int64]

COOLEST = 0.15
"""The last heat: at it, even what costs 1 more is hardly ever accepted."""
REHEATED = 0.3
"""The heat that the second cooling begins with, as a share of the first one's."""
FIRST_COOLING = 0.6
"""Share of the time for the first cooling; the second begins from the best that it found."""
STEPS = 20_000
"""Draws of a slice, between two looks at the clock."""
SLICES_PER_UNIT = 20
"""Slices that stand for one unit of deterministic time."""


def cooled(programme: Programme, seed: int, workers: int, budget: Budget, share: float) -> list[tuple[Blocks, int]]:
    """The best blocks of each cooling within that share of the time, and what they cost; the cheapest first."""
    costs = costs_of(programme)
    until = budget.left() - share * budget.total
    slices = max(1, round(SLICES_PER_UNIT * share * budget.total)) if budget.deterministic else None
    with ThreadPoolExecutor(workers) as threads:
        seeds = [(seed * 1_000_003 + 7919 * worker) % 2**31 for worker in range(1 if slices else workers)]
        runs = [threads.submit(_cooling, costs, own, budget, until, slices) for own in seeds]
    found = sorted((run.result() for run in runs), key=lambda one: one[1])
    return [(_blocks(programme, where), cost) for where, cost in found]


def _cooling(costs: Costs, seed: int, budget: Budget, until: float, slices: int | None) -> tuple[Integers, int]:
    state = empty_state(costs)
    cost = insert_greedily(costs, state, _hardest_first(costs, seed))
    best, least = state.where.copy(), cost
    heat = max(2 * COOLEST, first_heat(costs, state, seed, STEPS))
    begun, done, number = budget.left(), 0.0, 0
    for first, last, warmth in ((0.0, FIRST_COOLING, heat), (FIRST_COOLING, 1.0, max(2 * COOLEST, REHEATED * heat))):
        restore(costs, state, best)
        cost = least
        while done < last and not budget.over():
            now = warmth * math.pow(COOLEST / warmth, (done - first) / (last - first))
            cost, least = anneal(costs, state, best, cost, least, now, (seed + 31 * number) % 2**31, STEPS)
            number += 1
            done = number / slices if slices else (begun - budget.left()) / max(1e-3, begun - until)
    return best, least


def _hardest_first(costs: Costs, seed: int) -> Integers:
    """Long sessions first, otherwise track by track, the tracks in an order of chance."""
    dice = np.random.default_rng(seed)
    turn = dice.permutation(len(costs.used))[costs.track]
    return np.lexsort((turn, -costs.need.min(axis=1))).astype(np.int64)


def _blocks(programme: Programme, where: Integers) -> Blocks:
    timeslot = {row: int(cell) // programme.rooms for row, cell in enumerate(where) if cell >= 0}
    cells: dict[int, set[tuple[int, int]]] = {track: set() for track in range(len(programme.tracks))}
    for row, cell in enumerate(where.tolist()):
        if cell >= 0:
            cells[programme.track_of[row]].add(divmod(cell, programme.rooms))
    return Blocks(timeslot, {track: frozenset(own) for track, own in cells.items()})
