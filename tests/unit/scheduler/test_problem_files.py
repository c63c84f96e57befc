from __future__ import annotations

import json
from pathlib import Path

import pytest
from scheduling_samples import DETERMINISTIC

from services.scheduler.board import Board
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


def test_what_solving_refuses_names_the_file(tmp_path: Path) -> None:
    endless = {"id": "a", "start": "2027-01-12T10:00:00Z", "end": "2199-12-31T11:00:00Z", "step_minutes": 1}
    path = written(tmp_path, EXAMPLE | {"timeslots": [endless]})
    with pytest.raises(ProblemError, match=r"problem\.json: timeslots: \d+ starts are more than"):
        solve_file(path, tmp_path / "schedule.json", DETERMINISTIC)


def test_a_folder_that_is_not_there_is_told_before_the_search(tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match="there is no folder"):
        solve_file(written(tmp_path, EXAMPLE), tmp_path / "none" / "schedule.json", DETERMINISTIC)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"first_day": "9999-12-30", "last_day": "9999-12-31"}, "first_day: 9999-12-30 must lie between"),
        ({"first_day": "0001-01-01", "last_day": "0001-01-02"}, "first_day: 0001-01-01 must lie between"),
        ({"asked_at": "9999-12-31T23:00:00Z"}, "asked_at: 9999-12-31 must lie between"),
        ({"rooms": [{"id": "library", "capacity": 10**30}]}, "rooms.0.capacity: should be less than"),
        (
            {"timeslots": [{"id": "a", "start": "2027-01-12T10:00:30Z", "end": "2027-01-12T11:00:30Z"}]},
            "timeslots.0.start: must be a whole minute",
        ),
        (
            {"timeslots": [{"id": "a", "start": "2030-01-12T10:00:00Z", "end": "2030-01-12T11:00:00Z"}]},
            "timeslots.a.start: 2030-01-12 must be first_day",
        ),
    ],
)
def test_values_that_no_sum_or_calendar_holds_are_refused_in_words(
    tmp_path: Path, wrong: dict[str, object], told: str
) -> None:
    with pytest.raises(ProblemError) as refused:
        read_problem(written(tmp_path, EXAMPLE | wrong))
    assert told in str(refused.value)


def test_steps_of_a_long_timeslot_end_with_the_last_day(tmp_path: Path) -> None:
    long = {"id": "a", "start": "2027-01-28T10:00:00Z", "end": "2027-06-01T10:00:00Z", "step_minutes": 30}
    off = {"id": "dates", "kind": "programme-dates", "level": "ignore", "sentence": "Any date", "source": "A test"}
    policy = {"pack": "p", "version": 1, "rules": [off]}
    read = read_problem(written(tmp_path, EXAMPLE | {"timeslots": [long], "policy": policy}))
    grid = Board(read, keep_published=False).grid
    assert set(grid.day.tolist()) == {23, 24}
