"""Explanations from files: a problem, and the schedule that ``solve-file`` wrote for it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from services.scheduler.compiling import compile_problem
from services.scheduler.errors import ProblemError, complaints
from services.scheduler.explaining.explain import explained
from services.scheduler.explaining.names import Names
from services.scheduler.explaining.situation import Situation
from services.scheduler.files import Schedule, read_problem
from shared.contract.commands.explaining import Explanation, PlanBasis


def explain_file(
    problem_file: Path, schedule_file: Path, session: str, *, start: datetime | None = None, room: str | None = None
) -> Explanation:
    """The explanation of one session. Raises ``SchedulerError``."""
    problem = read_problem(problem_file)
    try:
        schedule = Schedule.model_validate_json(schedule_file.read_bytes())
    except OSError as error:
        raise ProblemError(f"{schedule_file}: cannot be read: {error.strerror}") from None
    except ValidationError as error:
        raise ProblemError("\n".join(f"{schedule_file}: {line}" for line in complaints(Schedule, error))) from None
    if schedule.programme != problem.programme:
        raise ProblemError(
            f"{schedule_file}: programme: is {schedule.programme}, not {problem.programme} as in {problem_file}; "
            "give a schedule of that problem"
        )
    situation = Situation.of(compile_problem(problem, keep_published=False), schedule.placements)
    found = explained(situation, session, Names(problem.zone), start=start, room=room)
    return Explanation(
        programme=problem.programme,
        session=session,
        basis=PlanBasis.DRAFT,
        verdict=found.verdict,
        sentence=found.sentence,
        conflicts=found.conflicts,
        repairs=found.repairs,
        comparisons=found.comparisons,
        proven=found.proven,
    )
