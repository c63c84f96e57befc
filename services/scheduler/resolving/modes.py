"""Which way a plan is solved: from scratch, or from the last release with few moves."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import replace

from services.scheduler.problem import Problem
from services.scheduler.resolving.resolve import Resolved, resolve
from services.scheduler.search import OnProgress
from services.scheduler.solving import Solution, solve
from shared.contract.facts.scheduler import Disturbance, Limits, Placement, PlanMode


def solve_in_mode(
    problem: Problem,
    limits: Limits,
    *,
    mode: PlanMode,
    disturbance: Disturbance,
    on_progress: OnProgress | None = None,
    cancel: threading.Event | None = None,
    start: Iterable[Placement] = (),
) -> Solution:
    """With few moves where that is asked for and something is released; else the best plan of all."""
    if mode is not PlanMode.FEW_MOVES or not any(session.published for session in problem.sessions):
        return solve(problem, limits, mode=mode, on_progress=on_progress, cancel=cancel, start=start)
    found = resolve(
        problem,
        limits,
        budget=disturbance.budget,
        freeze_hours=disturbance.freeze_hours,
        on_progress=on_progress,
        cancel=cancel,
    )
    return _with_figures(found)


def _with_figures(found: Resolved) -> Solution:
    """The solution, and in its totals whom it disturbs."""
    whom = found.disturbance
    figures = {
        "touched": len(whom.people),
        "touched_soon": len(whom.soon),
        "people_moves": whom.people_moves,
        "fewest_moves": found.fewest,
    }
    return replace(found.solution, totals=found.solution.totals.model_copy(update=figures))
