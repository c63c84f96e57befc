"""From a problem to a draft: search, score, explain. Synchronous; meant for a worker thread."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from services.scheduler.compiling import Compiled, compile_problem
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
    compiled = compile_problem(problem, keep_published=mode is PlanMode.FEW_MOVES)
    found = Search(compiled, limits, on_progress=on_progress, cancel=cancel).run()
    placements = placements_of(compiled, found.plan)
    return Solution(
        placements=placements,
        unplaced=reasons(compiled.candidates, placements),
        zones=zone_tallies(problem, placements),
        totals=_totals(compiled, placements, found),
        problem_digest=problem.digest(),
        cancelled=found.cancelled,
    )


def placements_of(compiled: Compiled, plan: Mapping[str, int]) -> tuple[Placement, ...]:
    """A plan by the numbers of its choices, in the contract's terms; in order of session."""
    return tuple(_placement(compiled, name, number) for name, number in sorted(plan.items()))


def _placement(compiled: Compiled, name: str, number: int) -> Placement:
    choices, session = compiled.choices[name], compiled.board.sessions[name]
    return Placement(
        session=name,
        proposal=session.proposal,
        room=compiled.problem.rooms[choices.room[number]].id,
        start=datetime.fromtimestamp(int(choices.start[number]), UTC),
        minutes=session.minutes,
    )


def _totals(compiled: Compiled, placements: tuple[Placement, ...], found: Found) -> Totals:
    scored = score(compiled.problem, placements, keep_published=compiled.board.keep_published)
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
