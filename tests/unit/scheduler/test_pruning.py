"""Leaving choices out of the model loses no best plan."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from ortools.sat.python import cp_model
from random_problems import random_problem
from scheduling_samples import DETERMINISTIC

from services.scheduler.choices import Choices
from services.scheduler.compiling import compile_problem
from services.scheduler.problem import Problem
from services.scheduler.pruning import floor, without_hopeless, without_needless
from services.scheduler.search import build_model
from services.scheduler.solving import solve


def contested(seed: int) -> Problem:
    """Long sessions in one or two rooms, which many people want: the best starts of each are in each other's way."""
    return random_problem(
        seed, sessions=4, people=14, rooms=1 + seed % 2, weeks=1, grid=60, lengths=(60, 180), wishes=4
    )


def least(made: Problem, choices: Mapping[str, Choices]) -> int:
    """The cost of the cheapest plan over these choices."""
    model = build_model(compile_problem(made, keep_published=False), choices)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    assert solver.solve(model.cp) == cp_model.OPTIMAL
    return model.floor + round(solver.objective_value)


def size(choices: Mapping[str, Choices]) -> int:
    return sum(len(one) for one in choices.values())


@pytest.mark.parametrize("seed", range(8))
def test_a_pruned_model_has_the_same_optimum_as_the_whole_one(seed: int) -> None:
    made = contested(seed)
    compiled = compile_problem(made, keep_published=False)
    optimum = least(made, compiled.choices)
    needed = without_needless(compiled)
    assert least(made, needed) == optimum
    hopeful = without_hopeless(compiled, needed, optimum)
    assert least(made, hopeful) == optimum
    assert size(hopeful) <= size(needed) <= size(compiled.choices)
    assert solve(made, DETERMINISTIC).totals.objective == -optimum


def test_pruning_leaves_little_of_a_long_term() -> None:
    compiled = compile_problem(random_problem(1, sessions=6, people=20), keep_published=False)
    assert size(without_needless(compiled)) < size(compiled.choices) / 3


def test_no_plan_costs_less_than_the_floor() -> None:
    made = contested(3)
    compiled = compile_problem(made, keep_published=False)
    assert least(made, compiled.choices) >= floor(compiled, compiled.choices)
