"""Problems and schedules as files: what ``teachmeet solve-file`` reads and writes."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, ValidationError

from services.scheduler.errors import ProblemError, complaints
from services.scheduler.problem import Problem
from services.scheduler.solving import Solution, solve
from shared.contract.facts.scheduler import BrokenRule, Limits, Placement, Totals, Unplaced, ZoneTally
from shared.contract.values import Id, Value, Zone

LARGEST_FILE_MIB = 64


class Schedule(Value):
    """The outcome of a solve as a file: placements, reasons and totals."""

    model_config = ConfigDict(title="Schedule")

    version: Literal[1] = 1
    programme: Id
    zone: Zone
    problem_digest: str
    placements: tuple[Placement, ...]
    unplaced: tuple[Unplaced, ...]
    zones: tuple[ZoneTally, ...]
    totals: Totals
    policy: str | None = None
    blocking: tuple[BrokenRule, ...] = ()
    warnings: tuple[BrokenRule, ...] = ()

    @classmethod
    def of(cls, problem: Problem, solution: Solution) -> Schedule:
        return cls(
            programme=problem.programme,
            zone=problem.zone,
            problem_digest=solution.problem_digest,
            placements=solution.placements,
            unplaced=solution.unplaced,
            zones=solution.zones,
            totals=solution.totals,
            policy=solution.policy,
            blocking=solution.blocking,
            warnings=solution.warnings,
        )


def solve_file(problem_file: Path, schedule_file: Path, limits: Limits) -> Schedule:
    """Solve the problem in one JSON file and write the schedule to another. Raises ``ProblemError``, ``OSError``."""
    problem = read_problem(problem_file)
    if not schedule_file.parent.is_dir():
        raise ProblemError(f"{schedule_file}: there is no folder {schedule_file.parent} to write it to; make it first")
    try:
        schedule = Schedule.of(problem, solve(problem, limits))
    except ProblemError as error:
        raise ProblemError(f"{problem_file}: {error}") from None
    schedule_file.write_text(schedule.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return schedule


def read_problem(path: Path) -> Problem:
    """The problem in a JSON file. Raises ``ProblemError``, whose message names each wrong field, one a line."""
    try:
        if path.stat().st_size > LARGEST_FILE_MIB * 2**20:
            raise ProblemError(f"{path}: larger than {LARGEST_FILE_MIB} MiB, which is the most a problem may be")
        return Problem.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ProblemError(f"{path}: cannot be read: {error.strerror}") from None
    except ValidationError as error:
        raise ProblemError("\n".join(f"{path}: {line}" for line in complaints(Problem, error))) from None
