"""Where only the largest overflow counts: the matching bound, and plans that reach it."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest
from scheduling_samples import DETERMINISTIC, MONDAY, NO_RULES, at, problem, room, session

from bench.peers.adapter import assignment_of, problem_of
from bench.peers.random_instances import draw, overflow, violations
from services.scheduler.bottleneck import bottleneck_of, least_overflow
from services.scheduler.compiling import compile_problem
from services.scheduler.entities import Timeslot
from services.scheduler.problem import Problem
from services.scheduler.rules.largest_overflow import LargestOverflow
from services.scheduler.rules.policy import Policy
from services.scheduler.solving import solve

EQUITY = Policy(pack="equity", version=1, rules=(LargestOverflow(weight=3, source="test"),))


def hours(count: int) -> tuple[Timeslot, ...]:
    return tuple(
        Timeslot(id=f"hour-{number}", start=at(MONDAY, 9 + number), end=at(MONDAY, 9 + number) + timedelta(hours=1))
        for number in range(count)
    )


def demanding(*demands: int, policy: Policy = EQUITY) -> Problem:
    """Sessions with these demands, two rooms of 10 and 30 seats, and just enough hours for all of them."""
    sessions = [session(f"s-{number}", popularity=demand) for number, demand in enumerate(demands)]
    rooms = (room("small", 10), room("large", 30))
    return problem(sessions, rooms=rooms, timeslots=hours((len(demands) + 1) // 2), policy=policy)


@pytest.mark.parametrize("demands", [(5, 25, 12, 40), (50, 50, 50, 1), (1, 2, 3), (30, 10, 30, 10, 30, 10)])
def test_the_largest_overflow_is_the_least_of_all_ways_to_share_the_rooms(demands: tuple[int, ...]) -> None:
    made = demanding(*demands)
    capacities = [10, 30] * ((len(demands) + 1) // 2)
    best = min(
        max(demand - seats for demand, seats in zip(demands, order, strict=False))
        for order in set(permutations(capacities))
    )
    found = solve(made, DETERMINISTIC)
    assert found.totals.objective == found.totals.bound == -3 * best
    assert found.totals.unplaced == 0


def test_nothing_is_narrowed_when_something_else_counts_too() -> None:
    assert bottleneck_of(compile_problem(demanding(5, 25), keep_published=False)) is not None
    assert bottleneck_of(compile_problem(demanding(5, 25, policy=NO_RULES), keep_published=False)) is None


def test_there_is_no_bound_where_some_session_has_no_place_at_all() -> None:
    made = demanding(5, 25, 1, 1)
    crowded = Problem.model_validate(made.model_dump() | {"timeslots": [hours(1)[0].model_dump()]})
    compiled = compile_problem(crowded, keep_published=False)
    bottleneck = bottleneck_of(compiled)
    assert bottleneck is not None
    assert least_overflow(compiled, compiled.choices, bottleneck) is None
    assert solve(crowded, DETERMINISTIC).totals.placed == 2


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_random_conference_is_proven_and_keeps_every_clash_apart(seed: int) -> None:
    conference = draw(20, seed)
    found = solve(problem_of(conference), DETERMINISTIC)
    assignment = assignment_of(conference, found.placements)
    assert assignment is not None
    assert list(violations(conference, assignment)) == []
    assert overflow(conference, assignment) == -found.totals.objective == -found.totals.bound
