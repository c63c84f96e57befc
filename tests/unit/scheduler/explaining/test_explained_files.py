from __future__ import annotations

import json
from pathlib import Path

import pytest
from scheduling_samples import DETERMINISTIC

from services.scheduler.errors import ProblemError
from services.scheduler.explaining.files import explain_file
from services.scheduler.explaining.situation import UnknownSessionError
from services.scheduler.files import solve_file
from services.scheduler.problem import EXAMPLE
from shared.contract.commands.explaining import Verdict


@pytest.fixture
def problem(tmp_path: Path) -> Path:
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(EXAMPLE))
    return path


@pytest.fixture
def schedule(problem: Path, tmp_path: Path) -> Path:
    path = tmp_path / "schedule.json"
    solve_file(problem, path, DETERMINISTIC)
    return path


def test_a_session_of_a_solved_file_is_explained(problem: Path, schedule: Path) -> None:
    told = explain_file(problem, schedule, "retrieval-practice")
    assert told.verdict is Verdict.HERE
    assert told.sentence.startswith("retrieval-practice is on ")


def test_a_session_that_the_file_does_not_have_is_named(problem: Path, schedule: Path) -> None:
    with pytest.raises(UnknownSessionError, match="'nothing'"):
        explain_file(problem, schedule, "nothing")


def test_a_schedule_of_another_programme_is_refused(problem: Path, schedule: Path) -> None:
    schedule.write_text(schedule.read_text().replace("spring-2027", "autumn-2027"))
    with pytest.raises(ProblemError, match="programme: is autumn-2027, not spring-2027"):
        explain_file(problem, schedule, "retrieval-practice")


def test_a_schedule_that_is_not_there_is_refused_in_words(problem: Path, tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match="cannot be read: No such file"):
        explain_file(problem, tmp_path / "none.json", "retrieval-practice")
