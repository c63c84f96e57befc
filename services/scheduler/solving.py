"""From a problem to a draft: search, score, explain. Synchronous; meant for a worker thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass

from services.scheduler.broken_rules import broken_rules
from services.scheduler.compiling import Compiled, compile_problem
from services.scheduler.figures import Figures
from services.scheduler.placing import choices_at, placements_of
from services.scheduler.problem import Problem
from services.scheduler.reasons import reasons
from services.scheduler.rules.base import Level
from services.scheduler.scoring import Score, score
from services.scheduler.search import Found, OnProgress
from services.scheduler.strategy import best_found
from services.scheduler.zones import zone_tallies
from shared.contract.facts.scheduler import BrokenRule, Draft, Limits, Placement, PlanMode, Totals, Unplaced, ZoneTally


@dataclass(frozen=True)
class Solution:
    """A finished solve. ``cancelled`` says that it was stopped and may be far from the best."""

    placements: tuple[Placement, ...]
    unplaced: tuple[Unplaced, ...]
    zones: tuple[ZoneTally, ...]
    totals: Totals
    policy: str
    blocking: tuple[BrokenRule, ...]
    warnings: tuple[BrokenRule, ...]
    problem_digest: str
    cancelled: bool

    def draft(self, *, input_seq: int) -> Draft:
        """The draft of this solution, built from facts up to that sequence."""
        return Draft(
            placements=self.placements,
            unplaced=self.unplaced,
            zones=self.zones,
            totals=self.totals,
            policy=self.policy,
            blocking=self.blocking,
            warnings=self.warnings,
            problem_digest=self.problem_digest,
            input_seq=input_seq,
        )


def solve(
    problem: Problem,
    limits: Limits,
    *,
    mode: PlanMode = PlanMode.FRESH,
    on_progress: OnProgress | None = None,
    cancel: threading.Event | None = None,
    start: Iterable[Placement] = (),
) -> Solution:
    """The best plan found within the limits; what cannot be placed is left out, with a reason each.

    ``on_progress`` is called from the solving threads, at each better plan. ``start`` is a plan to begin from, such as
    the last draft; what of it is no longer possible is left aside. Setting ``cancel`` ends the solve within
    a fraction of a second with the best plan so far. With ``limits.deterministic`` the same problem gives the same
    plan, on one worker and with no clock involved.
    """
    begun = time.monotonic()
    compiled = compile_problem(problem, keep_published=mode is PlanMode.FEW_MOVES)
    figures = Figures(compiled, on_progress) if on_progress else None
    left = _less(limits, time.monotonic() - begun)
    found = best_found(compiled, left, on_progress=figures, cancel=cancel, start=choices_at(compiled, start))
    return solution_of(compiled, found)


def _less(limits: Limits, seconds: float) -> Limits:
    """The limits of a solve that has already used up so much; half of its time is left to it in any case."""
    if limits.seconds is None:
        return limits
    return limits.model_copy(update={"seconds": max(limits.seconds / 2, limits.seconds - seconds)})


def solution_of(compiled: Compiled, found: Found) -> Solution:
    """What a search found, judged by the rules themselves, with a reason for each session that it left out."""
    problem, placements = compiled.problem, placements_of(compiled, found.plan)
    scored = score(problem, placements, keep_published=compiled.board.keep_published)
    return Solution(
        placements=placements,
        unplaced=reasons(compiled.candidates, placements),
        zones=zone_tallies(problem, placements),
        totals=_totals(compiled, scored, found),
        policy=problem.policy.name(),
        blocking=broken_rules(problem.policy, scored.judgements, Level.BLOCK_RELEASE),
        warnings=broken_rules(problem.policy, scored.judgements, Level.WARN),
        problem_digest=problem.digest(),
        cancelled=found.cancelled,
    )


def _totals(compiled: Compiled, scored: Score, found: Found) -> Totals:
    return Totals(
        placed=scored.placed,
        unplaced=scored.unplaced,
        attendance=scored.attendance,
        attendance_bound=sum(int(one.attendance.max()) for one in compiled.choices.values() if len(one)),
        interest_clashes=scored.interest_clashes,
        moves=scored.moves,
        objective=scored.objective(compiled.unplaced),
        bound=-found.floor,
    )
