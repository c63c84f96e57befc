"""The peers' own instances, through the adapters."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.conference_scheduling import adapter as conference_adapter
from bench.conference_scheduling import reading as conference_reading
from bench.csplib import adapter as csplib_adapter
from bench.csplib import objective as csplib_objective
from bench.csplib import reading as csplib_reading
from bench.peers.recorded import recorded
from bench.solver.runs import alone
from bench.solver_report import Row, Sense, median
from services.scheduler.solving import solve
from services.scheduler.warm_up import warm_up
from shared.contract.facts.scheduler import Limits

DATA = Path(__file__).parent.parent / "data"
CSPLIB, TIMEFOLD = "CSPLib", "Timefold"
CSPLIB_SECONDS, TIMEFOLD_SECONDS = 60.0, 30.0


@dataclass(frozen=True)
class _Outcome:
    value: float | None
    bound: float
    seconds: float
    violations: int


def csplib(seeds: Sequence[int]) -> Iterator[Row]:
    """All committed instances, one fixed configuration; each row is the median of the seeds."""
    for path in sorted((DATA / "csplib").glob("*.xlsx")):
        yield median([_row(CSPLIB, path, seed, Sense.LEAST, _csplib) for seed in seeds])


def timefold(seeds: Sequence[int]) -> Iterator[Row]:
    """All committed instances of Timefold's conference scheduling; each row is the median of the seeds."""
    for path in sorted((DATA / "conference-scheduling").glob("*.json")):
        yield median([_row(TIMEFOLD, path, seed, Sense.MOST, _timefold) for seed in seeds])


def _row(work: str, path: Path, seed: int, sense: Sense, solved: Callable[[Path, int], _Outcome]) -> Row:
    outcome, known = alone(solved, path, seed), recorded(work, path.stem)
    return Row(
        work=work,
        instance=path.stem,
        seed=seed,
        seconds=outcome.seconds,
        value=outcome.value,
        sense=sense,
        bound=outcome.bound,
        best_known=known.best_known if known else None,
        peers=known.peers if known else (),
        floor=known.floor if known else None,
        goal=known.goal if known else None,
        violations=outcome.violations,
    )


def _csplib(path: Path, seed: int) -> _Outcome:
    warm_up()
    instance = csplib_reading.read(path)
    begun = time.monotonic()
    solution = solve(csplib_adapter.problem(instance), Limits(seconds=CSPLIB_SECONDS, workers=2, seed=seed))
    seconds = time.monotonic() - begun
    score = csplib_objective.score(instance, csplib_adapter.schedule(instance, solution.placements))
    return _Outcome(score.weighted, -solution.totals.bound, seconds, len(score.violations))


def _timefold(path: Path, seed: int) -> _Outcome:
    warm_up()
    conference = conference_reading.read(path)
    answer = conference_adapter.solved(conference, Limits(seconds=TIMEFOLD_SECONDS, workers=2, seed=seed))
    breaches = len(answer.score.invalid) + int(answer.score.hard != 0)
    return _Outcome(answer.score.soft, answer.bound, answer.seconds, breaches)
