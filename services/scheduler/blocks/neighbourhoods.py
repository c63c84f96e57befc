"""Large neighbourhood search on the block model: let a few tracks or timeslots go, hold the rest, solve, repeat.

Shaw, "Using constraint programming and local search methods to solve vehicle routing problems", CP 1998.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from ortools.sat.python import cp_model

from services.scheduler.blocks.budget import Budget
from services.scheduler.blocks.model import BlockModel, Blocks, Literal

SMALLEST, LARGEST = 0.1, 0.8
"""Shares of the tracks, or of the timeslots, that are let go."""
A_WHILE = 0.04
"""Share of the whole time for one neighbourhood at most."""


class Neighbourhoods:
    """Improves blocks on their model. For one seed and one sequence of outcomes, always the same."""

    def __init__(self, model: BlockModel, seed: int) -> None:
        self._model, self._dice = model, random.Random(seed)  # noqa: S311 -- nothing secret
        self._share = {"tracks": 0.25, "timeslots": 0.25}

    def better(self, blocks: Blocks, cost: int, budget: Budget) -> tuple[Blocks, int]:
        """Blocks from one neighbourhood of these that cost no more."""
        kind = self._dice.choice(("tracks", "timeslots"))
        free = self._tracks(kind) if kind == "tracks" else self._timeslots(kind)
        held = list(self._held(blocks, kind, free))
        hint(self._model, blocks)
        for literal, value in held:
            _set_domain(self._model.cp, literal, value, value)
        try:
            solver, status = budget.run(self._model.cp, A_WHILE * budget.total)
        finally:
            for literal, _ in held:
                _set_domain(self._model.cp, literal, 0, 1)
        self._adapt(kind, proven=status == cp_model.OPTIMAL)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) and round(solver.objective_value) <= cost:
            return self._model.blocks(solver), round(solver.objective_value)
        return blocks, cost

    def _adapt(self, kind: str, *, proven: bool) -> None:
        """Larger ones while they are solved to the end, smaller ones when they are not."""
        share = self._share[kind] * (1.15 if proven else 0.85)
        self._share[kind] = min(LARGEST, max(SMALLEST, share))

    def _count(self, kind: str, among: int) -> int:
        return min(among, max(2, round(self._share[kind] * among)))

    def _tracks(self, kind: str) -> set[int]:
        among = range(len(self._model.cells))
        return set(self._dice.sample(among, self._count(kind, len(among))))

    def _timeslots(self, kind: str) -> set[int]:
        among = range(self._model.programme.timeslots)
        return set(self._dice.sample(among, self._count(kind, len(among))))

    def _held(self, blocks: Blocks, kind: str, free: set[int]) -> Iterator[tuple[Literal, int]]:
        track_of = self._model.programme.track_of
        for track, cells in enumerate(self._model.cells):
            for cell, literal in cells.items():
                if (track if kind == "tracks" else cell[0]) not in free:
                    yield literal, int(cell in blocks.cells[track])
        for row, own in enumerate(self._model.lies):
            lies = blocks.timeslot.get(row)
            for timeslot, literal in own.items():
                if (track_of[row] if kind == "tracks" else timeslot) not in free:
                    yield literal, int(timeslot == lies)


def hint(model: BlockModel, blocks: Blocks) -> None:
    """Begin the next solve from these blocks."""
    model.cp.clear_hints()  # type: ignore[no-untyped-call]
    for track, cells in enumerate(model.cells):
        for cell, literal in cells.items():
            model.cp.add_hint(literal, cell in blocks.cells[track])
    for row, own in enumerate(model.lies):
        for timeslot, literal in own.items():
            model.cp.add_hint(literal, blocks.timeslot.get(row) == timeslot)
    for track, own in enumerate(model.active):
        used = {timeslot for timeslot, _ in blocks.cells[track]}
        for timeslot, literal in own.items():
            model.cp.add_hint(literal, timeslot in used)


def _set_domain(model: cp_model.CpModel, literal: Literal, low: int, high: int) -> None:
    domain = model.proto.variables[literal.index].domain
    domain[0], domain[1] = low, high
