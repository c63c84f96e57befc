"""Which rule kept what away: for each zone of the policy, the sessions that lie in it and why they may."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from services.scheduler.entities import Session
from services.scheduler.problem import Problem
from services.scheduler.rules.policy import Policy
from services.scheduler.rules.windows import ProhibitedDates, ProhibitedTimes
from shared.contract.facts.scheduler import Placement, ZoneTally
from shared.time.intervals import Interval


def zone_tallies(problem: Problem, placements: Iterable[Placement]) -> tuple[ZoneTally, ...]:
    """One tally for each rule that keeps times or dates free, in the order of the policy."""
    sessions = {session.id: session for session in problem.sessions}
    placed = sorted(placements, key=lambda placement: (placement.start, placement.session))
    return tuple(
        _tally(
            problem,
            rule,
            [
                sessions[placement.session]
                for placement in placed
                if rule.scope.covers(sessions[placement.session]) and _within(problem, rule, placement)
            ],
        )
        for rule in problem.policy.rules
        if isinstance(rule, ProhibitedTimes | ProhibitedDates) and rule.switched_on()
    )


def _within(problem: Problem, rule: ProhibitedTimes | ProhibitedDates, placement: Placement) -> bool:
    session = Interval(placement.start, placement.start + timedelta(minutes=placement.minutes))
    first, last = session.start.date() - timedelta(days=2), session.end.date() + timedelta(days=2)
    return any(closed.overlaps(session) for closed in rule.intervals(first, last, problem.zone))


def _tally(problem: Problem, rule: ProhibitedTimes | ProhibitedDates, inside: list[Session]) -> ZoneTally:
    return ZoneTally(
        rule=rule.id,
        where=rule.where,
        sentence=f"{rule.sentence}. Source: {rule.source}.",
        sessions=tuple(session.id for session in inside),
        exemption=_exemptions(problem.policy, rule, inside) or None,
    )


def _exemptions(policy: Policy, rule: ProhibitedTimes | ProhibitedDates, inside: list[Session]) -> str:
    if isinstance(rule, ProhibitedDates):
        return ""
    used = [exemption for session in inside if (exemption := rule.exemption(session.format))]
    return " ".join(f"{one.sentence} (rule {one.id} of {policy.origin(rule.id)})." for one in dict.fromkeys(used))
