"""Other plans differ as asked, break no rule, and say what they cost."""

from __future__ import annotations

from itertools import combinations

import pytest
from random_problems import random_problem
from scheduling_samples import MONDAY, at, placement, room, session, span
from situations import NAMES, situation

from services.scheduler.compiling import compile_problem
from services.scheduler.explaining.alternatives import alternatives, differing
from services.scheduler.explaining.breaches import breaches
from services.scheduler.explaining.situation import Situation
from services.scheduler.scoring import score
from services.scheduler.solving import solve
from shared.contract.facts.scheduler import Limits


@pytest.mark.parametrize("seed", range(3))
def test_any_two_plans_differ_in_at_least_as_many_placements_as_asked(seed: int) -> None:
    made = random_problem(seed, sessions=8, people=20, rooms=2, weeks=2, grid=30)
    plan = solve(made, Limits(deterministic=0.02, workers=1))
    asked = Situation.of(compile_problem(made, keep_published=False), plan.placements)
    found = alternatives(asked, NAMES, count=3, differ=3, seconds=0.9)
    assert len(found.plans) == 3
    plans = [asked.placed, *({one.session: one for one in each} for each in found.placements)]
    assert all(differing(one, other) >= 3 for one, other in combinations(plans, 2))
    was = sum(score(made, asked.plan_with(), keep_published=False).weighed.values())
    for told, placements in zip(found.plans, found.placements, strict=True):
        assert breaches(made, placements) == frozenset()
        assert told.costs == sum(score(made, placements, keep_published=False).weighed.values()) - was
        assert len(told.changes) >= 3
    assert [one.costs for one in found.plans] == sorted(one.costs for one in found.plans)


def test_where_the_rules_leave_only_other_rooms_these_make_the_difference() -> None:
    one_hour = (span(MONDAY, 0, 9), span(MONDAY, 10, 24))
    a, b = session("a"), session("b")
    rooms = (room("library", unavailable=one_hour), room("hall", unavailable=one_hour))
    made = situation(
        [a, b], placement(a, at(MONDAY, 9), "hall"), placement(b, at(MONDAY, 9)), rooms=rooms, last_day=MONDAY
    )
    found = alternatives(made, NAMES, count=2, differ=2, seconds=0.5)
    assert [{one.session: one.room for one in each} for each in found.placements] == [{"a": "library", "b": "hall"}]


def test_where_there_is_no_other_plan_none_is_told() -> None:
    a = session("a")
    only = room(unavailable=(span(MONDAY, 0, 9), span(MONDAY, 10, 24)))
    made = situation([a], placement(a, at(MONDAY, 9)), rooms=(only,), last_day=MONDAY)
    assert alternatives(made, NAMES, count=1, differ=1, seconds=0.2).plans == ()
