"""Several rules at once: what the search calls the best plan is the best of all plans by the scorer."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from rule_checks import Sample, gathered

from services.scheduler.choices import Choices
from services.scheduler.compiling import Compiled, compile_problem
from services.scheduler.problem import Problem
from services.scheduler.rules.base import Rule
from services.scheduler.rules.policy import Policy
from services.scheduler.scoring import score
from services.scheduler.search import Search
from services.scheduler.solving import placements_of
from shared.contract.facts.scheduler import Limits

ENOUGH = Limits(deterministic=1.0)
OTHER_RULES = 4
MOST_PLANS = 1100


@pytest.mark.parametrize("seed", range(24))
def test_no_plan_is_worth_more_than_the_one_found(seed: int) -> None:
    dice = random.Random(seed)
    samples = dice.sample(sorted(gathered().items()), 1 + OTHER_RULES)
    made = _problem(dice, [sample for _, sample in samples])
    keep_published = dice.random() < 0.5
    whole = compile_problem(made, keep_published=keep_published)
    compiled = replace(whole, choices=dict(_few(dice, whole)))
    found = Search(compiled, ENOUGH).run()
    best = max(_worths(compiled, keep_published=keep_published))
    scored = score(made, placements_of(compiled, found.plan), keep_published=keep_published)
    rules = [name for name, _ in samples]
    assert scored.violations == {}, rules
    assert -found.cost == scored.objective(compiled.unplaced) == best, rules
    assert -found.floor == best, rules


def _problem(dice: random.Random, samples: list[Sample]) -> Problem:
    """The problem of the first sample, under the rules of all of them and those of every programme."""
    rules: dict[str, Rule] = {}
    for sample in samples:
        level = dice.choice(sample.levels)
        rules.setdefault(sample.kind, sample.rule.model_copy(update={"level": level}))
    policy = Policy.model_validate({"pack": "some", "version": 1, "rules": list(rules.values())})
    made = samples[0].problem(dice)
    return Problem.model_validate(made.model_dump() | {"policy": policy.model_dump()})


def _few(dice: random.Random, compiled: Compiled) -> Iterator[tuple[str, Choices]]:
    """A few choices for each session, near one another in time, so that all plans can be tried."""
    each = 3
    while (each + 1) ** len(compiled.choices) > MOST_PLANS:
        each -= 1
    starts = np.unique(np.concatenate([one.start for one in compiled.choices.values()]))
    first = dice.randrange(max(1, len(starts) - 4))
    for name, one in compiled.choices.items():
        near = np.flatnonzero(np.isin(one.start, starts[first : first + 4])).tolist()
        anywhere = range(len(one))
        kept = {dice.choice(near if near and dice.random() < 0.7 else anywhere) for _ in range(each) if len(one)}
        yield name, one.only(np.array(sorted(kept), dtype=np.int64))


def _worths(compiled: Compiled, *, keep_published: bool) -> Iterator[int]:
    """What each plan that breaks nothing is worth, by the scorer."""
    names = list(compiled.choices)
    for numbers in product(*([None, *range(len(compiled.choices[name]))] for name in names)):
        plan: Mapping[str, int] = {
            name: number for name, number in zip(names, numbers, strict=True) if number is not None
        }
        scored = score(compiled.problem, placements_of(compiled, plan), keep_published=keep_published)
        if not scored.violations:
            yield scored.objective(compiled.unplaced)
