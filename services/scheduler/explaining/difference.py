"""What every rule makes of a change, by its own judgement of the plan before and of the plan after."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from services.scheduler.finished import FinishedPlan
from services.scheduler.problem import Problem
from services.scheduler.rules.base import Rule, UnaryRule
from shared.contract.commands.explaining import RuleDifference
from shared.contract.facts.scheduler import Placement


@dataclass(frozen=True)
class Version:
    """A problem and a plan of it."""

    problem: Problem
    placements: tuple[Placement, ...]

    def finished(self, *, only: Collection[str] | None = None) -> FinishedPlan:
        looked_at = [one for one in self.placements if only is None or one.session in only]
        return FinishedPlan(self.problem, looked_at, keep_published=False)


def rule_differences(before: Version, after: Version) -> tuple[RuleDifference, ...]:
    """By weighed rule that changes, its cost before and after, in person-minutes; the largest change first.

    A rule about one session by itself is asked only about the sessions that change.
    """
    changed = _changed(before, after)
    few = before.finished(only=changed), after.finished(only=changed)
    whole = before.finished(), after.finished()
    found = []
    for old, new in _both(before.problem, after.problem):
        was, now = few if isinstance(new, UnaryRule) else whole
        difference = RuleDifference(rule=new.id, sentence=new.sentence, was=_cost(old, was), now=_cost(new, now))
        if difference.was != difference.now:
            found.append(difference)
    return tuple(sorted(found, key=lambda one: (-abs(one.now - one.was), one.rule)))


def costs(differences: Iterable[RuleDifference]) -> int:
    """Person-minutes by which the plan after is worse; negative: better."""
    return sum(one.now - one.was for one in differences)


def _changed(before: Version, after: Version) -> set[str]:
    was = {one.session: one for one in before.placements}
    now = {one.session: one for one in after.placements}
    return {name for name in was.keys() | now.keys() if was.get(name) != now.get(name)}


def _both(before: Problem, after: Problem) -> Iterator[tuple[Rule, Rule]]:
    old = {rule.id: rule for rule in before.policy.in_force()}
    for rule in after.policy.in_force():
        if not rule.must_hold() and rule.id in old:
            yield old[rule.id], rule


def _cost(rule: Rule, plan: FinishedPlan) -> int:
    return rule.weight * sum(finding.amount for finding in rule.judge(plan))


def worth(person_minutes: int) -> str:
    """``120 person-minutes less``, ``as much``."""
    if person_minutes == 0:
        return "as much"
    return f"{abs(person_minutes)} person-minutes {'less' if person_minutes > 0 else 'more'}"


def told(differences: Iterable[RuleDifference], most: int = 3) -> str:
    """`` (attendance -120, attendee-conflict -30)``: what each rule adds to or takes from a plan's worth."""
    named = [f"{one.rule} {one.was - one.now:+}" for one in differences][:most]
    return f" ({', '.join(named)})" if named else ""
