"""Can a set of sessions all have a place at once, and what is the arrangement that moves fewest people?

CP-SAT over the part of the plan that may change (``narrowing``). No limit on what it proves, but on how long it tries.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum

from ortools.sat.python import cp_model

from services.scheduler.choices import Choices
from services.scheduler.compiling import Compiled
from services.scheduler.explaining.narrowing import NONE, only_what_must_hold
from services.scheduler.explaining.situation import Situation
from services.scheduler.model import PlanningModel
from services.scheduler.search import build_model
from shared.contract.facts.scheduler import Placement


class Answer(Enum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Arranged:
    """Whether there is an arrangement, and the one that moves fewest people. ``least``: proven to be so."""

    answer: Answer
    moves: tuple[Placement, ...] = ()
    least: bool = False


def arranged(
    situation: Situation, choices: Mapping[str, Choices], wanted: str, weights: Mapping[str, int], seconds: float
) -> Arranged:
    """Give ``wanted`` a place while every session that has one keeps one, at the least sum of weights of what moves."""
    model = build_model(only_what_must_hold(situation.compiled), choices)
    for name in {wanted, *situation.placed}:
        model.cp.add(model.placed[name] == 1)
    model.cp.minimize(_moving(situation, model, weights))
    solver = quick_solver(seconds)
    status = solver.solve(model.cp)
    if status == cp_model.INFEASIBLE:
        return Arranged(Answer.NO)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Arranged(Answer.UNKNOWN)
    return Arranged(Answer.YES, _moves(situation, model, choices, solver), status == cp_model.OPTIMAL)


def _moving(situation: Situation, model: PlanningModel, weights: Mapping[str, int]) -> cp_model.LinearExprT:
    terms: list[cp_model.LinearExprT] = []
    for name, placement in situation.placed.items():
        choices = model.choices[name]
        here = (choices.start == int(placement.start.timestamp())) & (
            choices.room == situation.room_number(placement.room)
        )
        terms += [
            max(1, weights[name]) * literal
            for literal, stays in zip(model.picks[name], here.tolist(), strict=True)
            if not stays
        ]
    return cp_model.LinearExpr.sum(terms)


def _moves(
    situation: Situation, model: PlanningModel, choices: Mapping[str, Choices], solver: cp_model.CpSolver
) -> tuple[Placement, ...]:
    moves = []
    for name, literals in model.picks.items():
        for number, literal in enumerate(literals):
            if solver.boolean_value(literal):
                own = choices[name]
                moves.append(situation.placement(name, int(own.start[number]), int(own.room[number])))
    return tuple(one for one in moves if situation.placed.get(one.session) != one)


def quick_solver(seconds: float, *, presolve: bool = True) -> cp_model.CpSolver:
    """One worker: many small models in a row, and the same answer twice."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.symmetry_level = 0
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.cp_model_presolve = presolve
    solver.parameters.max_time_in_seconds = max(0.01, seconds)
    return solver


def all_fit(
    compiled: Compiled, choices: Mapping[str, Choices], names: Collection[str], seconds: float, *, presolve: bool
) -> Answer:
    """Whether these sessions can all have a place at one of these choices; all others may stay without one."""
    left = {name: one if name in names else one.only(NONE) for name, one in choices.items()}
    model = build_model(only_what_must_hold(compiled), left)
    without_aim(model)
    for name in names:
        model.cp.add(model.placed[name] == 1)
    return _answer(quick_solver(seconds, presolve=presolve).solve(model.cp))


def without_aim(model: PlanningModel) -> None:
    """Any plan will do."""
    model.cp.clear_objective()  # type: ignore[no-untyped-call]  # OR-Tools does not type it


def _answer(status: cp_model.CpSolverStatus) -> Answer:
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer.YES
    return Answer.NO if status == cp_model.INFEASIBLE else Answer.UNKNOWN
