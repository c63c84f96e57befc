"""What a search is told, and what it tells: gap, first plan, figures, size."""

from __future__ import annotations

from itertools import pairwise

import pytest
from random_problems import random_problem
from scheduling_samples import DETERMINISTIC, problem, session

from services.scheduler.compiling import compile_problem
from services.scheduler.errors import ProblemError
from services.scheduler.problem import LONGEST_HORIZON_DAYS, Problem
from services.scheduler.scoring import score
from services.scheduler.search import Search, SearchProgress, gap
from services.scheduler.solving import solve
from shared.contract.facts.scheduler import Limits


def crowded(seed: int) -> Problem:
    """More in one week than suits everybody, so that no plan reaches the plain bound at once."""
    return random_problem(seed, sessions=12, people=60, rooms=2, weeks=1, grid=30, wishes=6)


def test_a_gap_that_is_asked_for_ends_the_search() -> None:
    made = crowded(1)
    wide = solve(made, DETERMINISTIC.model_copy(update={"gap": 1.0}))
    assert gap(wide.totals.objective, wide.totals.bound) <= 1.0
    narrow = solve(made, DETERMINISTIC.model_copy(update={"gap": 0.02}))
    assert gap(narrow.totals.objective, narrow.totals.bound) <= 0.02
    assert narrow.totals.objective >= wide.totals.objective


def test_the_figures_of_each_rule_are_the_scorers() -> None:
    made = crowded(2)
    told: list[SearchProgress] = []
    solve(made, DETERMINISTIC, on_progress=told.append)
    first = next(progress for progress in told if progress.plan is not None)
    assert first.rules.keys() == {rule.id for rule in made.policy.in_force() if not rule.must_hold()}
    assert told[-1].objective >= first.objective
    assert all(progress.bound >= progress.objective and progress.gap >= 0 for progress in told)


def test_what_is_told_never_gets_worse_though_each_strategy_has_a_plan_of_its_own() -> None:
    told: list[SearchProgress] = []
    search = Search(compile_problem(crowded(1), keep_published=False), DETERMINISTIC, on_progress=told.append)
    search.report(-300, -900, 12, {})
    search.report(-200, -500, 11)
    assert [(one.objective, one.placed) for one in told] == [(300, 12), (300, 12)]
    told.clear()
    solve(crowded(1), DETERMINISTIC, on_progress=told.append)
    assert all(one.objective >= before.objective for before, one in pairwise(told))


def test_a_search_that_begins_from_a_plan_is_never_worse_than_it() -> None:
    made = crowded(3)
    before = solve(made, DETERMINISTIC)
    again = solve(made, Limits(deterministic=0.01), start=before.placements)
    assert again.totals.objective >= before.totals.objective


def test_a_plan_to_begin_from_may_name_what_is_gone() -> None:
    made = crowded(4)
    before = solve(made, DETERMINISTIC).placements
    alone = [one.model_dump() for one in made.sessions if one.after is None][:4]
    changes = {"rooms": [made.rooms[0].model_dump()], "sessions": alone, "wishes": []}
    fewer = Problem.model_validate(made.model_dump() | changes)
    found = solve(fewer, DETERMINISTIC, start=before)
    assert not score(fewer, found.placements, keep_published=False).violations


def test_a_problem_that_does_not_fit_in_memory_is_refused_with_the_fields_to_change() -> None:
    sessions = [session(f"s-{number}") for number in range(900)]
    made = problem(sessions, grid_minutes=5)
    last = made.first_day.fromordinal(made.first_day.toordinal() + LONGEST_HORIZON_DAYS)
    with pytest.raises(ProblemError, match=r"^sessions, rooms, grid_minutes: 900 sessions, 1 rooms and \d+ starts"):
        solve(Problem.model_validate(made.model_dump() | {"last_day": last}), DETERMINISTIC)
