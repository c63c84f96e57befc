"""From blocks to a plan: which of its track's cells each session is in, and when it begins there.

The general model over the choices that the blocks leave: it knows every rule, and it is small, because each session
has only its timeslot and the cells of its track to choose from.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from ortools.sat.python import cp_model

from services.scheduler.blocks.budget import Budget
from services.scheduler.blocks.model import Blocks
from services.scheduler.blocks.packing import Plan, numbers_left, packed
from services.scheduler.blocks.programme import Programme
from services.scheduler.model import PlanningModel
from services.scheduler.search import build_model

SHORTEST = 0.5
"""Seconds, or units of work, that a completion gets even when time is up: without it there would be no plan."""


def completed(programme: Programme, blocks: Blocks, budget: Budget, most: float) -> Plan:
    """The best plan with these blocks that is found in so much time; sessions that do not fit stay out."""
    first = packed(programme, blocks)
    numbers = {
        session.id: numbers_left(programme, blocks, row, programme.compiled.choices[session.id])
        for row, session in enumerate(programme.compiled.problem.sessions)
    }
    return replanned(programme, numbers, budget, most, first)[0] or first


def replanned(
    programme: Programme, numbers: Mapping[str, np.ndarray], budget: Budget, most: float, plan: Plan | None = None
) -> tuple[Plan | None, bool]:
    """The best plan over these choices that is found, beginning from a plan, and whether none of them is better."""
    compiled = programme.compiled
    choices = {name: compiled.choices[name].only(kept) for name, kept in numbers.items()}
    model = build_model(compiled, choices)
    if plan is not None:
        model.hint({name: int(np.flatnonzero(numbers[name] == number)[0]) for name, number in plan.items()})
    solver, status = budget.run(model.cp, most, least=SHORTEST)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None, False
    found = {name: int(numbers[name][number]) for name, number in _picked(model, solver)}
    return found, status == cp_model.OPTIMAL


def _picked(model: PlanningModel, solver: cp_model.CpSolver) -> list[tuple[str, int]]:
    return [
        (name, number)
        for name, literals in model.picks.items()
        for number, literal in enumerate(literals)
        if solver.boolean_value(literal)
    ]


def blocks_of(programme: Programme, plan: Mapping[str, int]) -> Blocks:
    """The blocks of a plan."""
    timeslot: dict[int, int] = {}
    cells: dict[int, set[tuple[int, int]]] = {track: set() for track in range(len(programme.tracks))}
    for name, number in plan.items():
        row, choices = programme.compiled.number[name], programme.compiled.choices[name]
        timeslot[row] = int(choices.timeslot[number])
        cells[programme.track_of[row]].add((timeslot[row], int(choices.room[number])))
    return Blocks(timeslot, {track: frozenset(own) for track, own in cells.items()})
