"""Solves a conference with our own engine, and scores what comes out by Timefold's objective."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bench.conference_scheduling.instance import Conference, Place
from bench.conference_scheduling.objective import Score, score
from bench.conference_scheduling.problem import Translation
from services.scheduler.search import SearchProgress
from services.scheduler.solving import solve
from shared.contract.facts.scheduler import Limits


@dataclass(frozen=True)
class Answer:
    """A schedule in the source's terms. `objective` and `bound` are our engine's figures for it, soft points where
    every talk has a place; `score` is what the independent implementation of the source's objective makes of it."""

    places: Mapping[str, Place]
    objective: int
    bound: int
    score: Score
    seconds: float


def solved(
    conference: Conference, limits: Limits, on_progress: Callable[[SearchProgress], None] | None = None
) -> Answer:
    """Raises FormatError for what our form cannot say."""
    begun = time.monotonic()
    translation = Translation.of(conference)
    solution = solve(translation.problem(), limits, on_progress=on_progress)
    places = translation.places(solution.placements)
    seconds = time.monotonic() - begun
    totals = solution.totals
    return Answer(places, totals.objective, totals.bound, score(conference, places), seconds)
