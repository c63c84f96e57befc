"""Solves a conference with our own engine, and scores what comes out by the library's objective."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from bench.csplib.adapter import problem, schedule
from bench.csplib.instance import Instance
from bench.csplib.objective import Score, score
from bench.csplib.schedule import Placement
from services.scheduler.search import SearchProgress
from services.scheduler.solving import solve
from shared.contract.facts.scheduler import Limits


@dataclass(frozen=True)
class Answer:
    """A schedule in the library's terms. `value` and `bound` are our engine's figures, lower is better; `score` is what
    the independent implementation of the published objective makes of it. `unplaced` submissions are not in it."""

    placements: tuple[Placement, ...]
    value: int
    bound: int
    unplaced: int
    score: Score
    seconds: float

    @property
    def proven(self) -> bool:
        return self.value == self.bound


def solved(instance: Instance, limits: Limits, on_progress: Callable[[SearchProgress], None] | None = None) -> Answer:
    begun = time.monotonic()
    solution = solve(problem(instance), limits, on_progress=on_progress)
    placements = tuple(schedule(instance, solution.placements))
    seconds = time.monotonic() - begun
    totals = solution.totals
    return Answer(placements, -totals.objective, -totals.bound, totals.unplaced, score(instance, placements), seconds)
