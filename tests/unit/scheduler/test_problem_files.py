from __future__ import annotations

import json
from pathlib import Path

import pytest
from scheduling_samples import DETERMINISTIC

from services.scheduler.errors import ProblemError
from services.scheduler.files import Schedule, read_problem, solve_file
from services.scheduler.problem import EXAMPLE


def written(folder: Path, content: object) -> Path:
    path = folder / "problem.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_a_problem_file_becomes_a_schedule_file(tmp_path: Path) -> None:
    output = tmp_path / "schedule.json"
    schedule = solve_file(written(tmp_path, EXAMPLE), output, DETERMINISTIC)
    assert Schedule.model_validate_json(output.read_bytes()) == schedule
    assert [one.session for one in schedule.placements] == ["retrieval-practice"]
    assert schedule.problem_digest == read_problem(tmp_path / "problem.json").digest()


def test_a_wrong_field_is_named_with_what_is_allowed(tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match=r"problem\.json: grid_minutes: .*; allowed: a whole number from 5 to 60"):
        read_problem(written(tmp_path, EXAMPLE | {"grid_minutes": 1}))


def test_an_unknown_id_is_named_with_its_field(tmp_path: Path) -> None:
    with pytest.raises(
        ProblemError, match=r"sessions\.retrieval-practice\.presenters: 'p-001' is not among the people"
    ):
        read_problem(written(tmp_path, EXAMPLE | {"people": [], "wishes": []}))


def test_every_wrong_field_has_a_line_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(ProblemError) as refused:
        read_problem(written(tmp_path, EXAMPLE | {"zone": "Mars/Olympus", "rooms": [{"id": "A room"}]}))
    fields = [line.split(": ")[1] for line in str(refused.value).splitlines()]
    assert fields == ["zone", "rooms.0.id", "rooms.0.capacity"]


@pytest.mark.parametrize("text", ["", "{", "[]", "\x00", "null"])
def test_what_is_no_problem_at_all_is_refused_in_words(tmp_path: Path, text: str) -> None:
    with pytest.raises(ProblemError, match=r"problem\.json: "):
        read_problem(written(tmp_path, text))


def test_a_file_that_is_not_there_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match="cannot be read: No such file"):
        read_problem(tmp_path / "nothing.json")
