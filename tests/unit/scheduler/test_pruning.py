"""Leaving choices out of the model loses no best plan."""

from __future__ import annotations

import pytest
from ortools.sat.python import cp_model
from random_problems import random_problem
from scheduling_samples import DETERMINISTIC

from services.scheduler.candidates import find_candidates
from services.scheduler.choices import Choices, find_choices
from services.scheduler.conflicts import build_model
from services.scheduler.problem import Problem
from services.scheduler.pruning import ceiling, without_hopeless, without_needless
from services.scheduler.solving import solve
from services.scheduler.weights import unplaced_weight


def contested(seed: int) -> Problem:
    """Long sessions in one or two rooms, which many people want: the best starts of each are in each other's way."""
    return random_problem(
        seed, sessions=4, people=14, rooms=1 + seed % 2, weeks=1, grid=60, lengths=(60, 180), wishes=4
    )


def best(made: Problem, choices: dict[str, Choices]) -> int:
    model = build_model(made, choices, keep_published=False)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    assert solver.solve(model.cp) == cp_model.OPTIMAL
    return model.ceiling - round(solver.objective_value)


def size(choices: dict[str, Choices]) -> int:
    return sum(len(one) for one in choices.values())


@pytest.mark.parametrize("seed", range(8))
def test_a_pruned_model_has_the_same_optimum_as_the_whole_one(seed: int) -> None:
    made = contested(seed)
    everything = find_choices(find_candidates(made), keep_published=False)
    optimum = best(made, everything)
    needed = without_needless(made, everything)
    assert best(made, needed) == optimum
    hopeful = without_hopeless(needed, optimum, unplaced_weight(made, keep_published=False))
    assert best(made, hopeful) == optimum
    assert size(hopeful) <= size(needed) <= size(everything)
    assert solve(made, DETERMINISTIC).totals.objective == optimum


def test_pruning_leaves_little_of_a_long_term() -> None:
    term = random_problem(1, sessions=6, people=20)
    everything = find_choices(find_candidates(term), keep_published=False)
    assert size(without_needless(term, everything)) < size(everything) / 3


def test_no_plan_exceeds_the_ceiling() -> None:
    made = contested(3)
    everything = find_choices(find_candidates(made), keep_published=False)
    assert best(made, everything) <= ceiling(everything, unplaced_weight(made, keep_published=False))
