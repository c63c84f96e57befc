"""The search for programmes in blocks finds what the general model proves, and bounds nothing away."""

from __future__ import annotations

import threading

import pytest
from block_programmes import RULES, block_programme
from ortools.sat.python import cp_model

from services.scheduler.blocks.programme import in_blocks
from services.scheduler.blocks.search import BlockSearch
from services.scheduler.compiling import Compiled, compile_problem
from services.scheduler.problem import Problem
from services.scheduler.scoring import score
from services.scheduler.search import SearchProgress, build_model
from services.scheduler.solving import placements_of, solve
from shared.contract.facts.scheduler import Limits

STEADY = Limits(seconds=None, deterministic=2.0)
SOONER = Limits(seconds=None, deterministic=0.4)
"""Enough for a plan that improves; what is best is no matter where it is used."""


def _compiled(problem: Problem) -> Compiled:
    return compile_problem(problem, keep_published=False)


def _searched(compiled: Compiled, limits: Limits = STEADY, **given: object) -> BlockSearch:
    programme = in_blocks(compiled)
    assert programme is not None
    return BlockSearch(programme, limits, **given)  # type: ignore[arg-type]


def _least_cost(compiled: Compiled) -> int:
    model = build_model(compiled, compiled.choices)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    assert solver.solve(model.cp) == cp_model.OPTIMAL
    return model.floor + round(solver.objective_value)


@pytest.mark.parametrize("seed", range(8))
def test_it_finds_the_best_plan_and_its_bound_holds(seed: int) -> None:
    compiled = _compiled(block_programme(seed))
    found = _searched(compiled).run()
    least = _least_cost(compiled)
    assert found.floor <= least
    assert found.cost == least


@pytest.mark.parametrize("seed", range(8, 12))
def test_too_many_sessions_leave_some_out(seed: int) -> None:
    compiled = _compiled(block_programme(seed, sessions=10, timeslots=2, rooms=1))
    found = _searched(compiled).run()
    assert len(found.plan) < 10
    assert found.cost == _least_cost(compiled)
    assert found.floor <= found.cost


@pytest.mark.parametrize("seed", range(4))
def test_what_it_reports_is_what_the_scorer_says(seed: int) -> None:
    problem = block_programme(seed, sessions=12, timeslots=4, rooms=3)
    compiled = _compiled(problem)
    found = _searched(compiled, SOONER).run()
    scored = score(problem, placements_of(compiled, found.plan), keep_published=False)
    assert scored.violations == {}
    assert -scored.objective(compiled.unplaced) == found.cost


def test_the_same_answer_twice_when_deterministic() -> None:
    compiled = _compiled(block_programme(3, sessions=12, timeslots=4, rooms=3))
    assert _searched(compiled, SOONER).run().plan == _searched(compiled, SOONER).run().plan


def test_a_cancelled_search_ends_soon_with_a_plan() -> None:
    cancel = threading.Event()
    cancel.set()
    found = _searched(_compiled(block_programme(1)), Limits(seconds=60), cancel=cancel).run()
    assert found.cancelled


def test_it_begins_from_a_given_plan() -> None:
    compiled = _compiled(block_programme(2))
    best = _searched(compiled).run()
    told: list[SearchProgress] = []
    _searched(compiled, start=best.plan, on_progress=told.append).run()
    assert told[0].objective == -best.cost


def test_progress_only_gets_better() -> None:
    told: list[SearchProgress] = []
    _searched(_compiled(block_programme(5, sessions=12, timeslots=4, rooms=3)), SOONER, on_progress=told.append).run()
    objectives = [progress.objective for progress in told]
    assert len(objectives) > 1
    assert objectives == sorted(objectives)
    assert all(progress.bound >= progress.objective for progress in told)


def test_solve_goes_block_by_block_where_the_structure_is_there() -> None:
    problem = block_programme(0)
    solution = solve(problem, STEADY)
    assert solution.totals.objective == -_least_cost(_compiled(problem))


@pytest.mark.parametrize(
    "rules",
    [
        RULES[1:],
        (*RULES[1:], {"kind": "track-cell", "level": "warn"}),
        (*RULES, {"kind": "track-order", "id": "some", "scope": {"sessions": ["s-0", "s-1"]}}),
    ],
    ids=["no track cell", "a weighed one", "a rule about a part of a track"],
)
def test_other_programmes_are_left_to_the_general_search(rules: tuple[dict[str, object], ...]) -> None:
    assert in_blocks(_compiled(block_programme(0, sessions=9, rules=rules))) is None
