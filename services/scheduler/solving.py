"""From a problem to a draft: search, score, explain. Synchronous; meant for a worker thread."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from services.scheduler.candidates import find_candidates
from services.scheduler.model import Pick
from services.scheduler.problem import Problem
from services.scheduler.reasons import reasons
from services.scheduler.scoring import score
from services.scheduler.search import Found, OnProgress, Search
from services.scheduler.zones import zone_tallies
from shared.contract.facts.scheduler import Draft, Limits, Placement, PlanMode, Totals, Unplaced, ZoneTally


@dataclass(frozen=True)
class Solution:
    """A finished solve. ``cancelled`` says that it was stopped and may be far from the best."""

    placements: tuple[Placement, ...]
    unplaced: tuple[Unplaced, ...]
    zones: tuple[ZoneTally, ...]
    totals: Totals
    problem_digest: str
    cancelled: bool

    def draft(self, *, input_seq: int) -> Draft:
        """The draft of this solution, built from facts up to that sequence."""
        return Draft(
            placements=self.placements,
            unplaced=self.unplaced,
            zones=self.zones,
            totals=self.totals,
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
) -> Solution:
    """The best plan found within the limits; what cannot be placed is left out, with a reason each.

    ``on_progress`` is called from the solving threads, at each better plan. Setting ``cancel`` ends the solve within
    a fraction of a second with the best plan so far. With ``limits.deterministic`` the same problem gives the same
    plan, on one worker and with no clock involved.
    """
    keep_published = mode is PlanMode.FEW_MOVES
    candidates = find_candidates(problem)
    found = Search(candidates, limits, keep_published=keep_published, on_progress=on_progress, cancel=cancel).run()
    placements = placements_of(problem, found.picks)
    return Solution(
        placements=placements,
        unplaced=reasons(candidates, placements),
        zones=zone_tallies(problem, placements),
        totals=_totals(problem, placements, found, keep_published=keep_published),
        problem_digest=problem.digest(),
        cancelled=found.cancelled,
    )


def placements_of(problem: Problem, picks: Iterable[Pick]) -> tuple[Placement, ...]:
    """What the search picked, in the contract's terms."""
    sessions = {session.id: session for session in problem.sessions}
    return tuple(
        Placement(
            session=pick.session,
            proposal=sessions[pick.session].proposal,
            room=problem.rooms[pick.room].id,
            start=datetime.fromtimestamp(pick.start, UTC),
            minutes=sessions[pick.session].minutes,
        )
        for pick in picks
    )


def _totals(problem: Problem, placements: tuple[Placement, ...], found: Found, *, keep_published: bool) -> Totals:
    scored = score(problem, placements, keep_published=keep_published)
    return Totals(
        placed=scored.placed,
        unplaced=scored.unplaced,
        attendance=scored.attendance,
        attendance_bound=found.attendance_bound,
        interest_clashes=scored.interest_clashes,
        moves=scored.moves,
        objective=scored.objective,
        bound=found.bound,
    )
