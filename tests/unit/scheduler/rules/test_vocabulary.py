"""The words in which rules state themselves mean the same in the tables, in the model, and in plain arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from rule_checks import FixedModel, Sample, Trial, check_plan, gathered
from rule_problems import small_problem

from services.scheduler.compiling import Stated, tables_of
from services.scheduler.finished import FinishedPlan, Placed
from services.scheduler.rules.base import Level
from services.scheduler.rules.programme_dates import ProgrammeDates
from services.scheduler.terms import Measure, PairTerm, Relation

FEW_MINUTES, FEW_DAYS = 61, 1002


def _share(one: Placed, other: Placed) -> timedelta:
    return min(one.when.end, other.when.end) - max(one.when.start, other.when.start)


def _gap_under(one: Placed, other: Placed) -> bool:
    return timedelta(minutes=-FEW_MINUTES) < _share(one, other) <= timedelta(0)


def _same_slot(one: Placed, other: Placed) -> bool:
    return one.timeslot == other.timeslot


def _rooms_differ(one: Placed, other: Placed) -> bool:
    return one.room != other.room


MEANING: dict[Relation, Callable[[Placed, Placed], int]] = {
    Relation.OVERLAP: lambda a, b: a.overlaps(b),
    Relation.OVERLAP_MINUTES: lambda a, b: max(timedelta(0), _share(a, b)) // timedelta(minutes=1),
    Relation.OVERLAP_IN_OTHER_ROOM: lambda a, b: a.overlaps(b) and _rooms_differ(a, b),
    Relation.SAME_TIMESLOT: _same_slot,
    Relation.SAME_TIMESLOT_IN_OTHER_ROOM: lambda a, b: _same_slot(a, b) and _rooms_differ(a, b),
    Relation.SAME_CELL: lambda a, b: _same_slot(a, b) and not _rooms_differ(a, b),
    Relation.SAME_DAY: lambda a, b: a.day == b.day,
    Relation.OTHER_DAY: lambda a, b: a.day != b.day,
    Relation.SAME_DAY_IN_OTHER_ROOM: lambda a, b: a.day == b.day and _rooms_differ(a, b),
    Relation.SAME_WEEK: lambda a, b: a.week() == b.week(),
    Relation.SAME_SITE: lambda a, b: a.room.site == b.room.site,
    Relation.NOT_BEFORE: lambda a, b: a.when.end > b.when.start,
    Relation.BEFORE: lambda a, b: a.when.end <= b.when.start,
    Relation.GAP_UNDER: _gap_under,
    Relation.GAP_UNDER_BETWEEN_SITES: lambda a, b: _gap_under(a, b) and a.room.site != b.room.site,
    Relation.ONE_IN_LARGER_ROOM: lambda a, b: a.room.capacity > b.room.capacity,
    Relation.DAYS_OUTSIDE: lambda a, b: not timedelta(days=1) <= b.day - a.day <= timedelta(days=2),
    Relation.NOT_NEXT_TO: lambda a, b: _rooms_differ(a, b) or _share(a, b) != timedelta(0),
}
PARAMETERS = {
    Relation.GAP_UNDER: FEW_MINUTES,
    Relation.GAP_UNDER_BETWEEN_SITES: FEW_MINUTES,
    Relation.DAYS_OUTSIDE: FEW_DAYS,
}
NO_RULE = ProgrammeDates(id="no-rule", level=Level.IGNORE)


def trial_of(relation: Relation, seed: int, *, must: bool) -> tuple[Trial, list[Stated[PairTerm]]]:
    """A random problem in timeslots without a rule but for this relation between some of its sessions."""
    sample = Sample(NO_RULE, lambda dice: small_problem(dice, days=5, timeslots=dice.random() < 0.5))
    trial = Trial(sample, Level.IGNORE, seed)
    stated = []
    for one, other in permutations([session.id for session in trial.problem.sessions], 2):
        if trial.dice.random() < 0.3:
            cost = 1 if must else trial.dice.choice((-7, -2, 3, 10))
            requires = cost > 0 and trial.dice.random() < 0.3
            term = PairTerm(one, other, relation, 1, PARAMETERS.get(relation, 0), requires)
            stated.append(Stated("no-rule", term, cost, must))
    trial.compiled = replace(trial.compiled, pairs=tuple(stated), unplaced=10_000)
    return trial, stated


@pytest.mark.parametrize("must", [False, True], ids=["weighed", "must"])
@pytest.mark.parametrize("relation", Relation)
def test_a_relation_is_what_it_says(relation: Relation, must: bool) -> None:
    for seed in range(2):
        trial, stated = trial_of(relation, seed, must=must)
        tables, fixed = tables_of(trial.compiled, trial.choices), FixedModel(trial)
        for round_ in range(20):
            drawn = trial.draw()
            plan = FinishedPlan(trial.problem, drawn.placements, keep_published=False)
            cost = sum(one.cost * _value(one.term, plan) for one in stated)
            expected = None if must and cost else cost + trial.compiled.unplaced * (5 - len(drawn.spots))
            check_plan(trial, tables, fixed if round_ % 4 == 0 else None, drawn, expected)


def _value(term: PairTerm, plan: FinishedPlan) -> int:
    one, other = plan.placed.get(term.one), plan.placed.get(term.other)
    if one and other:
        return int(MEANING[term.relation](one, other))
    return int(term.requires and one is None and other is not None)


def test_every_measure_is_a_rules_word() -> None:
    measures = {
        stated.term.measure
        for sample in gathered().values()
        for seed in range(3)
        for stated in Trial(sample, sample.levels[0], seed).compiled.groups
    }
    assert measures == set(Measure)
