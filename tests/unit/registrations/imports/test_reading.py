from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from services.registrations.imports.drafts import DraftCommand, Import
from services.registrations.imports.horizon import Horizon
from services.registrations.imports.reading import horizon_of, read_import

TERM = Horizon(date(2027, 1, 5), date(2027, 4, 30), "Europe/London")
TIMETABLE = "\r\n".join(
    [
        "BEGIN:VCALENDAR",
        "BEGIN:VEVENT",
        "DTSTART:20270112T090000Z",
        "DURATION:PT1H",
        "END:VEVENT",
        "BEGIN:VEVENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
)


def announced(**fields: str) -> Import:
    return Import((DraftCommand("community.yaml", 1, "programme", "announce", dict(fields)),))


def test_a_timetable_states_the_availability_of_the_person_it_is_named_after(tmp_path: Path) -> None:
    path = tmp_path / "p-001.ics"
    path.write_text(TIMETABLE)
    imported = read_import(path, horizon=TERM)

    [command] = imported.commands
    assert (command.entity, command.verb, command.payload["person"]) == ("availability", "state", "p-001")
    assert command.payload["windows"] == [
        {"kind": "dated", "answer": "no", "start": "2027-01-12T09:00:00Z", "end": "2027-01-12T10:00:00Z"}
    ]
    assert [problem.line for problem in imported.problems] == [6]


def test_a_timetable_without_dates_to_look_at_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p-001.ics"
    path.write_text(TIMETABLE)

    assert "unknown dates" in read_import(path).problems[0].problem


@pytest.mark.parametrize(("name", "said"), [("people.xlsx", "is of no known kind"), ("gone.csv", "cannot be opened")])
def test_a_file_that_cannot_be_read_is_a_problem_not_a_crash(tmp_path: Path, name: str, said: str) -> None:
    imported = read_import(tmp_path / name)

    assert imported.commands == ()
    assert said in str(imported.problems[0])


def test_a_huge_file_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    with path.open("wb") as file:
        file.truncate(33 * 1024 * 1024)

    assert read_import(path).problems[0].allowed == "at most 32 MiB"


def test_the_horizon_runs_over_all_programmes() -> None:
    spring = announced(first_day="2027-01-05", last_day="2027-04-30", zone="Europe/London")
    summer = announced(first_day="2027-05-04", last_day="2027-07-16", zone="Europe/London")

    assert horizon_of([Import(), summer, spring]) == Horizon(date(2027, 1, 5), date(2027, 7, 16), "Europe/London")


@pytest.mark.parametrize(
    "imports", [[], [announced(title="no dates")], [announced(first_day="soon", last_day="later")]]
)
def test_without_programme_dates_there_is_no_horizon(imports: list[Import]) -> None:
    assert horizon_of(imports) is None
