"""One solve, measured: when the first full draft was there, when it ended, and what it took."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import ParamSpec, TypeVar

from services.scheduler.problem import Problem
from services.scheduler.search import SearchProgress
from services.scheduler.solving import Solution, solve
from services.scheduler.warm_up import warm_up
from shared.contract.facts.scheduler import Limits

Given = ParamSpec("Given")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Run:
    """``first_full`` is ``None`` where some session never had a place; seconds count from the problem on."""

    solution: Solution
    first_full: float | None
    seconds: float
    peak_mib: float


def measured(problem: Problem, *, seconds: float, seed: int, workers: int = 2) -> Run:
    """Solve once. Compiled loops are loaded before the clock starts."""
    warm_up()
    begun = time.monotonic()
    first_full: list[float] = []

    def look(progress: SearchProgress) -> None:
        if progress.placed == progress.sessions and not first_full:
            first_full.append(time.monotonic() - begun)

    solution = solve(problem, Limits(seconds=seconds, workers=workers, seed=seed), on_progress=look)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Run(solution, first_full[0] if first_full else None, time.monotonic() - begun, peak)


def alone(work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Result:
    """The work in a process of its own, so that no measurement inherits another's memory."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *args, **kwargs).result()
