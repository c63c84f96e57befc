"""Whom a change of a released plan disturbs, and how near."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from services.scheduler.problem import Problem
from services.scheduler.rules.published import PublishedTimeslot
from shared.contract.facts.scheduler import Placement


@dataclass(frozen=True)
class Disturbance:
    """Whose calendars a change touches. ``people_moves`` counts a person once for each move, near ones more."""

    people: tuple[str, ...]
    soon: tuple[str, ...]
    people_moves: int
    hours: int

    @property
    def sentence(self) -> str:
        """``This change touches 7 calendars, 2 within 48 h.``"""
        calendars = "1 calendar" if len(self.people) == 1 else f"{len(self.people) or 'no'} calendars"
        near = f", {len(self.soon)} within {self.hours} h" if self.soon else ""
        return f"This change touches {calendars}{near}."


def disturbance_rule(problem: Problem) -> PublishedTimeslot:
    """The rule that says what short notice is in this programme."""
    stated = (rule for rule in problem.policy.in_force() if isinstance(rule, PublishedTimeslot))
    return next(stated, PublishedTimeslot())


def weights(problem: Problem) -> dict[str, int]:
    """By session, what a move of it counts in people-moves; at least 1."""
    rule, wishing = disturbance_rule(problem), _wishing(problem)
    return {
        session.id: max(1, rule.disturbed(session, wishing.get(session.proposal, frozenset()), problem.asked_at))
        for session in problem.sessions
    }


def disturbance(problem: Problem, placements: Iterable[Placement]) -> Disturbance:
    """Whom it disturbs to go from what is published to these placements; what has lost its place disturbs too."""
    rule, wishing, by_session = disturbance_rule(problem), _wishing(problem), weights(problem)
    now = {one.session: one for one in placements}
    people: set[str] = set()
    soon: set[str] = set()
    total = 0
    for session in problem.sessions:
        published, placed = session.published, now.get(session.id)
        if published is None or (placed and (placed.room, placed.start) == (published.room, published.start)):
            continue
        affected = {*session.presenters, *wishing.get(session.proposal, ())}
        people |= affected
        total += by_session[session.id]
        if problem.asked_at and published.start < problem.asked_at + timedelta(hours=rule.short_notice_hours):
            soon |= affected
    return Disturbance(tuple(sorted(people)), tuple(sorted(soon)), total, rule.short_notice_hours)


def _wishing(problem: Problem) -> Mapping[str, frozenset[str]]:
    wishing: dict[str, set[str]] = {}
    for wish in problem.wishes:
        wishing.setdefault(wish.proposal, set()).add(wish.person)
    return {proposal: frozenset(people) for proposal, people in wishing.items()}
