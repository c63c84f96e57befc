"""Large neighbourhood search on the block model: let a few tracks or timeslots go, hold the rest, solve, repeat.

Or let all rooms go, and of some tracks the timeslots too.

Shaw, "Using constraint programming and local search methods to solve vehicle routing problems", CP 1998.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator

from ortools.sat.python import cp_model

from services.scheduler.blocks.budget import Budget
from services.scheduler.blocks.model import BlockModel, Blocks, Literal

SMALLEST, LARGEST = 0.1, 0.8
"""Shares of the tracks, or of the timeslots, that are let go."""
FEW_TRACKS, SOME_TRACKS = 4, 11
"""Of many tracks, so many are let go at the least, and at first."""
HINTED = 0.3
"""Share of the solves that begin from the present blocks. The others may end elsewhere at the same cost, and go on from
there: measured on the conferences of CSPLib, those find more."""
A_WHILE = 0.04
"""Share of the whole time for one neighbourhood at most."""


class Neighbourhoods:
    """Improves blocks on their model. For one seed and one sequence of outcomes, always the same."""

    def __init__(self, model: BlockModel, seed: int) -> None:
        self._model, self._dice = model, random.Random(seed)  # noqa: S311 -- nothing secret
        tracks = len(model.cells)
        self._smallest = {
            "tracks": min(SMALLEST, FEW_TRACKS / tracks),
            "timeslots": SMALLEST,
            "rooms": min(SMALLEST, FEW_TRACKS / tracks),
        }
        self._share = {
            "tracks": min(0.25, SOME_TRACKS / tracks),
            "timeslots": 0.25,
            "rooms": self._smallest["rooms"],
        }

    def better(self, blocks: Blocks, cost: int, budget: Budget) -> tuple[Blocks, int]:
        """Blocks from one neighbourhood of these that cost no more."""
        kind = self._dice.choice(tuple(self._share))
        among = self._model.programme.timeslots if kind == "timeslots" else len(self._model.cells)
        free = set(self._dice.sample(range(among), min(among, max(2, round(self._share[kind] * among)))))
        if self._dice.random() < HINTED:
            hint(self._model, blocks)
        else:
            self._model.cp.clear_hints()  # type: ignore[no-untyped-call]
        solver, status = _with_held(self._model, self._held(blocks, kind, free), budget)
        self._adapt(kind, proven=status == cp_model.OPTIMAL)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) and round(solver.objective_value) <= cost:
            return self._model.blocks(solver), round(solver.objective_value)
        return blocks, cost

    def _adapt(self, kind: str, *, proven: bool) -> None:
        """Larger ones while they are solved to the end, smaller ones when they are not."""
        share = self._share[kind] * (1.15 if proven else 0.85)
        self._share[kind] = min(LARGEST, max(self._smallest[kind], share))

    def _held(self, blocks: Blocks, kind: str, free: set[int]) -> Iterator[tuple[Literal, int]]:
        if kind == "timeslots":
            return _as_in(blocks, self._model, lambda _, timeslot: timeslot not in free)
        held_in = _as_in if kind == "tracks" else _sessions_as_in
        return held_in(blocks, self._model, lambda track, _: track not in free)


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


def priced(model: BlockModel, blocks: Blocks, budget: Budget) -> int | None:
    """What these blocks cost on the model; None where it does not allow them, or cannot say in time."""
    hint(model, blocks)
    solver, status = _with_held(model, _as_in(blocks, model, lambda _track, _timeslot: True), budget)
    return round(solver.objective_value) if status == cp_model.OPTIMAL else None


def _as_in(blocks: Blocks, model: BlockModel, held: Callable[[int, int], bool]) -> Iterator[tuple[Literal, int]]:
    """The literals of cells and sessions in held tracks and timeslots, with their values in these blocks."""
    for track, cells in enumerate(model.cells):
        for cell, literal in cells.items():
            if held(track, cell[0]):
                yield literal, int(cell in blocks.cells[track])
    yield from _sessions_as_in(blocks, model, held)


def _sessions_as_in(
    blocks: Blocks, model: BlockModel, held: Callable[[int, int], bool]
) -> Iterator[tuple[Literal, int]]:
    """The literals of sessions alone: their tracks may take other rooms."""
    for row, own in enumerate(model.lies):
        for timeslot, literal in own.items():
            if held(model.programme.track_of[row], timeslot):
                yield literal, int(timeslot == blocks.timeslot.get(row))


def _with_held(
    model: BlockModel, held: Iterable[tuple[Literal, int]], budget: Budget
) -> tuple[cp_model.CpSolver, cp_model.CpSolverStatus]:
    """Solve with these literals held at their values."""
    literals = []
    for literal, value in held:
        _set_domain(model.cp, literal, value, value)
        literals.append(literal)
    try:
        return budget.run(model.cp, A_WHILE * budget.total)
    finally:
        for literal in literals:
            _set_domain(model.cp, literal, 0, 1)


def _set_domain(model: cp_model.CpModel, literal: Literal, low: int, high: int) -> None:
    domain = model.proto.variables[literal.index].domain
    domain[0], domain[1] = low, high
