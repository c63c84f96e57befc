"""Solve a released programme anew: fewest people moved first, or the best plan within a budget of people-moves."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from services.scheduler.compiling import compile_problem
from services.scheduler.explaining.situation import Situation
from services.scheduler.placing import choices_at, placements_of
from services.scheduler.problem import Problem
from services.scheduler.pruning import floor
from services.scheduler.resolving.budget import within_budget
from services.scheduler.resolving.disturbance import Disturbance, disturbance, weights
from services.scheduler.resolving.fewest_moves import Resettled, fewest_moves
from services.scheduler.search import Found, OnProgress, Search
from services.scheduler.solving import Solution, solution_of
from shared.contract.facts.scheduler import Limits, Placement

DEFAULT_SECONDS = 10.0
SHARE_FOR_MOVES = 0.6
"""Of the time, at most so much goes into finding the fewest moves; the rest makes the best of them."""


@dataclass(frozen=True)
class Resolved:
    """A solution of the released programme, whom it disturbs, and whether fewer people-moves are impossible."""

    solution: Solution
    disturbance: Disturbance
    fewest: bool


def resolve(
    problem: Problem,
    limits: Limits,
    *,
    budget: int | None = None,
    freeze_hours: int = 0,
    on_progress: OnProgress | None = None,
    cancel: threading.Event | None = None,
) -> Resolved:
    """Begin from what is published (``Session.published``) and change it for as few people as possible.

    As many sessions as possible have a place. Then, without a budget, as few people as possible are moved, near ones
    counting more (``disturbance.weights``); then the plan is as good as it can be with these moves. With a budget, the
    plan may be improved by moves whose sum stays within it; what has to move anyway may exceed it. Sessions published
    to begin within ``freeze_hours`` of ``Problem.asked_at`` stay unless a rule forbids it.
    """
    begun = time.monotonic()
    seconds = limits.seconds or DEFAULT_SECONDS
    situation = Situation.of(compile_problem(problem, keep_published=True), published(problem))
    # To judge the plan takes about as long as to state its rules.
    seconds = max(seconds / 2, seconds - (time.monotonic() - begun))
    by_session, frozen = weights(problem), frozen_sessions(problem, freeze_hours)
    found = fewest_moves(situation, by_session, frozen=frozen, seconds=SHARE_FOR_MOVES * seconds, cancel=cancel)
    found = _best_of(situation, found, limits, max(0.1, seconds - (time.monotonic() - begun)), on_progress, cancel)
    if budget is not None:
        freely = Situation(compile_problem(problem, keep_published=False), situation.placed)
        left = max(0.1, seconds - (time.monotonic() - begun))
        found = within_budget(freely, found, by_session, budget, frozen=frozen, seconds=left)
    placements = tuple(found.placed[name] for name in sorted(found.placed))
    return Resolved(_solution(situation, placements, cancel), disturbance(problem, placements), found.proven)


def published(problem: Problem) -> Iterator[Placement]:
    """What was released, as placements."""
    for session in problem.sessions:
        if session.published:
            yield Placement(
                session=session.id,
                proposal=session.proposal,
                room=session.published.room,
                start=session.published.start,
                minutes=session.minutes,
            )


def frozen_sessions(problem: Problem, hours: int) -> frozenset[str]:
    """Sessions published to begin so soon that they should not move; those that have begun among them."""
    if problem.asked_at is None or not hours:
        return frozenset()
    until = problem.asked_at + timedelta(hours=hours)
    return frozenset(one.id for one in problem.sessions if one.published and one.published.start < until)


def _best_of(
    situation: Situation,
    found: Resettled,
    limits: Limits,
    seconds: float,
    on_progress: OnProgress | None,
    cancel: threading.Event | None,
) -> Resettled:
    """The best plan in which nobody else moves: those who move, and those who are new, where they are worth most."""
    choices = dict(situation.compiled.choices)
    for name, placement in found.placed.items():
        number = situation.choice(placement)
        if situation.placed.get(name) == placement and number is not None:
            own = choices[name]
            choices[name] = own.only((own.start == own.start[number]) & (own.room == own.room[number]))
    compiled = replace(situation.compiled, choices=choices)
    limited = limits.model_copy(update={"seconds": None if limits.deterministic else seconds})
    start = choices_at(compiled, found.placed.values())
    searched = Search(compiled, limited, on_progress=on_progress, cancel=cancel, start=start).run()
    placed = {one.session: one for one in placements_of(compiled, searched.plan)}
    if len(placed) < len(found.placed):
        return found
    moved = frozenset(name for name, before in situation.placed.items() if placed.get(name) != before)
    return replace(found, placed=placed, moved=moved) if moved <= found.moved else found


def _solution(situation: Situation, placements: tuple[Placement, ...], cancel: threading.Event | None) -> Solution:
    """As after any other solve. The bound is that of all plans, whatever they move."""
    compiled = situation.compiled
    least = floor(compiled, compiled.choices)
    plan = choices_at(compiled, placements)
    return solution_of(compiled, Found(plan, least, least, bool(cancel and cancel.is_set())))
