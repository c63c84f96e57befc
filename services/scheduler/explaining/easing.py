"""The same problem with one thing given way for one session: an exception, a presenter's time, a room's time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import TypeVar

from services.scheduler.entities import Person, Room, Session, Span
from services.scheduler.problem import Problem
from services.scheduler.rules.base import Level, Rule
from services.scheduler.rules.names import MustHold
from shared.contract.commands.explaining import Objection
from shared.contract.facts.scheduler import Placement
from shared.time.intervals import Interval

Owner = TypeVar("Owner", Person, Room)


def eased(problem: Problem, placement: Placement, objections: Iterable[Objection]) -> Problem:
    """The problem in which these objections no longer stand against that placement."""
    when = Interval(placement.start, placement.start + timedelta(minutes=placement.minutes))
    for objection in objections:
        if objection.rule == MustHold.PRESENTER_UNAVAILABLE:
            people = tuple(_free(one, "no", when) if one.id in objection.people else one for one in problem.people)
            problem = problem.model_copy(update={"people": people})
        elif objection.rule == MustHold.ROOM_UNAVAILABLE:
            rooms = tuple(
                _free(one, "unavailable", when) if one.id in objection.rooms else one for one in problem.rooms
            )
            problem = problem.model_copy(update={"rooms": rooms})
        else:
            problem = excepted(problem, objection.rule, placement.session)
    return problem


def excepted(problem: Problem, rule_id: str, session: str) -> Problem:
    """The problem in which a rule does not look at that session."""
    rule = rule_of(problem, rule_id)
    looked_at = [one for one in problem.sessions if one.id != session and rule.scope.covers(one)]
    narrower = _for_these(rule, looked_at)
    others = tuple(one for one in problem.policy.rules if one.id != rule_id)
    return problem.model_copy(update={"policy": problem.policy.model_copy(update={"rules": (*others, narrower)})})


def rule_of(problem: Problem, rule_id: str) -> Rule:
    """The rule of that id. Every rule that an explanation names is in force."""
    return next(rule for rule in problem.policy.in_force() if rule.id == rule_id)


def _for_these(rule: Rule, sessions: list[Session]) -> Rule:
    if not sessions:
        return rule.model_copy(update={"level": Level.IGNORE})
    names = tuple(one.id for one in sessions)
    return rule.model_copy(update={"scope": rule.scope.model_copy(update={"sessions": names})})


def _free(owner: Owner, field: str, when: Interval) -> Owner:
    spans = tuple(rest for span in getattr(owner, field) for rest in _without(span, when))
    return owner.model_copy(update={field: spans})


def _without(span: Span, when: Interval) -> Iterator[Span]:
    if span.end <= when.start or when.end <= span.start:
        yield span
        return
    if span.start < when.start:
        yield Span(start=span.start, end=when.start)
    if when.end < span.end:
        yield Span(start=when.end, end=span.end)
