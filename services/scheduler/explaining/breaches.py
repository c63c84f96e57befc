"""Which rules that must hold a plan breaks: the judge of every answer that is given, by the rules' own judgement."""

from __future__ import annotations

from collections.abc import Iterable

from services.scheduler.finished import FinishedPlan
from services.scheduler.problem import Problem
from shared.contract.facts.scheduler import Placement

Breach = tuple[str, tuple[str, ...]]
"""A rule and the sessions that break it."""


def breaches(problem: Problem, placements: Iterable[Placement]) -> frozenset[Breach]:
    """Everything in a plan that a rule forbids which must hold; from the problem alone."""
    plan = FinishedPlan(problem, placements, keep_published=False)
    return frozenset(
        (rule.id, finding.sessions)
        for rule in problem.policy.in_force()
        if rule.must_hold()
        for finding in rule.judge(plan)
    )
