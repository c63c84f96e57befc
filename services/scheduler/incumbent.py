"""The best plan so far, found by local search: greedy insertion, taking out and putting back, annealing."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import cycle

import numpy as np
from numpy.typing import NDArray

from services.scheduler.annealing import (
    anneal,
    descend,
    insert_greedily,
    reinsert,
    typical_cost,
)
from services.scheduler.choices import Choices
from services.scheduler.compiling import Compiled, tables_of
from services.scheduler.kernel import plan_cost
from services.scheduler.series import series_tables
from services.scheduler.series_moves import anneal_series, insert_with_series, reinsert_series

Integers = NDArray[np.int64]
Enough = Callable[[int], bool]
"""Asked between slices with the least cost so far: whether to stop."""

COOLEST = 1e-4
"""The last heat of a cooling, as a share of the first."""
FIRST_HEAT = 0.5
WALL = 12.0
"""The first heat, and what it weighs to break what must hold, as shares of what a random move typically changes."""
SINGLE_ROUNDS, SINGLE_MOVES = 5, 10
"""Rounds and draws of single sessions for each of a weekly series."""


@dataclass
class LocalSearch:
    """A plan under improvement over these choices. For one seed and one sequence of calls, always the same."""

    compiled: Compiled
    choices: Mapping[str, Choices]
    seed: int
    at: Integers = field(init=False)
    cost: int = field(init=False)

    def __post_init__(self) -> None:
        self._tables = tables_of(self.compiled, self.choices)
        self._series = series_tables(self.compiled, self._tables)
        self._names = [session.id for session in self.compiled.problem.sessions]
        self._order = self._hardest_first()
        self.at = np.full(len(self._names), -1, dtype=np.int64)
        if len(self._series.member):
            insert_with_series(self._tables, self._series, self.at, self._order)
        else:
            insert_greedily(self._tables, self.at, self._order)
        self.cost = plan_cost(self._tables, self.at)
        self._slice = 0
        self._at_bottom = False

    def _hardest_first(self) -> Integers:
        """Few choices first, for weekly series few for each of their parts; whatever follows another comes after it."""
        depth = dict.fromkeys(self._names, 0)
        for _ in self._names:
            changed = False
            for session in self.compiled.problem.sessions:
                before = [*session.prerequisites, *([session.after.session] if session.after else [])]
                deep = max((depth[name] + 1 for name in before), default=0)
                changed |= deep != depth[session.id]
                depth[session.id] = deep
            if not changed:
                break
        rows = sorted(range(len(self._names)), key=lambda row: self._hardness(depth, row))
        return np.array(rows, dtype=np.int64)

    def _hardness(self, depth: Mapping[str, int], row: int) -> tuple[int, int, int]:
        name, series = self._names[row], int(self._series.of[row])
        parts = int((self._series.of == series).sum()) if series >= 0 else 1
        return depth[name], len(self.choices[name]) // parts, -self.compiled.board.sessions[name].minutes

    def start_from(self, plan: Mapping[str, int]) -> None:
        """Go on from this plan (numbers of choices by session) when it is cheaper."""
        at = np.full(len(self._names), -1, dtype=np.int64)
        for name, number in plan.items():
            row = self.compiled.number[name]
            at[row] = self._tables.first[row] + number
        self._keep(at, plan_cost(self._tables, at))

    def plan(self) -> dict[str, int]:
        """By session that has a place, the number of its choice."""
        return {
            name: int(self.at[row] - self._tables.first[row])
            for row, name in enumerate(self._names)
            if self.at[row] >= 0
        }

    def reinsert(self, rounds: int, patience: int, enough: Enough) -> None:
        """Take a few sessions out and put them back where they cost least, again and again; equal is good enough.

        At most so many rounds, and at most ``patience`` without a gain.
        """
        at, cost, gained_at, done = self.at.copy(), self.cost, 0, 0
        step = self._rounds_in_a_slice()
        while done < rounds and done - gained_at < patience and not enough(self.cost):
            before = cost
            cost = reinsert(self._tables, at, cost, self._next_seed(), step)
            if len(self._series.member):
                rounds_of_series = -(-step // SINGLE_ROUNDS)
                cost = reinsert_series(self._tables, self._series, at, cost, self._next_seed(), rounds_of_series)
            done += step
            gained_at = done if cost < before else gained_at
            self._keep(at, cost)

    def _rounds_in_a_slice(self) -> int:
        """So many that a slice takes some ten milliseconds: a round looks at all places of a few sessions."""
        looks = int(self._tables.first[-1]) * 3
        return min(50, max(1, 10_000_000 // max(1, looks)))

    def anneal(self, share_done: Callable[[], float], enough: Enough) -> None:
        """Cool from hot to cold as ``share_done`` goes from 0 to 1, then descend to the bottom of where it ends."""
        at, best, cost, least = self.at.copy(), self.at.copy(), self.cost, self.cost
        typical = typical_cost(self._tables, at, self._next_seed(), 2000)
        heat, wall = FIRST_HEAT * typical, WALL * typical
        steps = min(250 * len(self._names), 400_000 // max(40, len(self._names)))
        while (done := share_done()) < 1 and not enough(least):
            warmth = heat * COOLEST**done
            cost, least = anneal(self._tables, at, best, cost, least, warmth, wall, self._next_seed(), steps)
            if len(self._series.member):
                seed, drawn = self._next_seed(), -(-steps // SINGLE_MOVES)
                cost, least = anneal_series(
                    self._tables, self._series, at, best, cost, least, warmth, wall, seed, drawn
                )
            self._keep(best, least)
        self.descend()

    def descend(self) -> None:
        """Go down to where no move of one session gains. No rule that must hold is broken there."""
        still = len(self.at) if self._at_bottom else 0
        rows = cycle(range(len(self.at)))
        while still < len(self.at):
            gained = descend(self._tables, self.at, next(rows))
            self.cost -= gained
            still = 0 if gained else still + 1
        self._at_bottom = True

    def _keep(self, at: Integers, cost: int) -> None:
        if cost <= self.cost:
            self.at, self.cost = at.copy(), int(cost)
            self._at_bottom = False

    def _next_seed(self) -> int:
        self._slice += 1
        return (self.seed * 1_000_003 + self._slice) % 2**31


def steadily(seconds: float) -> Callable[[], float]:
    """The share of so many seconds that has gone by since this call."""
    begun = time.monotonic()
    return lambda: (time.monotonic() - begun) / max(seconds, 1e-3)


def counted(slices: int) -> Callable[[], float]:
    """The share of so many calls that have been made: the same on every machine."""
    calls = 0

    def share() -> float:
        nonlocal calls
        calls += 1
        return (calls - 1) / max(1, slices)

    return share
