"""The scorer: what a finished plan is worth, by every rule's own judgement, from the problem alone.

Reported numbers come from here, never from a search.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.scheduler.finished import FinishedPlan
from services.scheduler.problem import Problem
from services.scheduler.rules.attendance import AttendanceMaximisation
from services.scheduler.rules.attendee_conflict import AttendeeConflict
from services.scheduler.rules.base import Finding, Rule
from shared.contract.facts.scheduler import Placement


@dataclass(frozen=True)
class Judgement:
    """What one rule has against a plan. ``cost`` is person-minutes; gains are negative."""

    rule: Rule
    findings: tuple[Finding, ...]

    @property
    def cost(self) -> int:
        return self.rule.weight * sum(finding.amount for finding in self.findings)


@dataclass(frozen=True)
class Score:
    """A judged plan. ``judgements`` holds every rule that is switched on, in order."""

    placed: int
    unplaced: int
    moves: int
    judgements: tuple[Judgement, ...]

    @property
    def violations(self) -> Mapping[str, tuple[str, ...]]:
        """By rule that must hold, the sessions that break it. Empty for every plan that may be released."""
        return {
            one.rule.id: tuple(sorted({name for finding in one.findings for name in finding.sessions}))
            for one in self.judgements
            if one.rule.must_hold() and one.findings
        }

    @property
    def weighed(self) -> Mapping[str, int]:
        """By weighed rule, its cost in person-minutes."""
        return {one.rule.id: one.cost for one in self.judgements if not one.rule.must_hold()}

    @property
    def attendance(self) -> int:
        """Person-minutes that interested people can attend."""
        return -sum(one.cost for one in self.judgements if isinstance(one.rule, AttendanceMaximisation))

    @property
    def interest_clashes(self) -> int:
        """Person-minutes lost to parallel sessions that a person wants."""
        return sum(one.cost for one in self.judgements if isinstance(one.rule, AttendeeConflict))

    def objective(self, unplaced_cost: int) -> int:
        """Person-minutes, higher is better; each session without a place costs ``unplaced_cost``."""
        return -sum(self.weighed.values()) - self.unplaced * unplaced_cost


def score(problem: Problem, placements: Iterable[Placement], *, keep_published: bool) -> Score:
    """Every rule's judgement of these placements. With ``keep_published``, moves count as in few-moves mode."""
    plan = FinishedPlan(problem, placements, keep_published=keep_published)
    return Score(
        placed=len(plan.placed),
        unplaced=len(problem.sessions) - len(plan.placed),
        moves=sum(_moved(plan, name) for name in plan.placed),
        judgements=tuple(Judgement(rule, tuple(rule.judge(plan))) for rule in problem.policy.in_force()),
    )


def _moved(plan: FinishedPlan, name: str) -> bool:
    placed = plan.placed[name]
    published = placed.session.published
    return published is not None and (published.start, published.room) != (placed.when.start, placed.room.id)
