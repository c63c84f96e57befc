"""The commands, as somebody gives them; what is wrong with a file is told in words."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from services.scheduler.running_order.evening import EXAMPLE
from teachmeet.cli import app


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("evening.json").write_text(json.dumps(EXAMPLE))
    return tmp_path


def run(text: str) -> Result:
    return CliRunner().invoke(app, ["running-order", *text.split()], env={"COLUMNS": "200", "NO_COLOR": "1"})


def done(text: str) -> Any:
    told = run(f"{text} --json")
    assert told.exit_code == 0, told.output
    return json.loads(told.stdout)


def test_from_a_commitment_to_the_end_of_the_evening(here: Path) -> None:
    done("commit evening.json --seed-file seed -o commitment.json")
    assert stat.S_IMODE(Path("seed").stat().st_mode) == 0o600
    seed = Path("seed").read_text().strip()
    assert done(f"draw evening.json --seed {seed} --word dice -o draw.json")["order"][0] == "cai"
    order = done("plan evening.json --draw draw.json -o order.json")
    assert order["mode"] == "drawn"
    assert done("verify evening.json --commitment commitment.json --draw draw.json --order order.json")["matches"]
    changed = done("reflow evening.json order.json --ended maps --late 4 -o order.json")
    assert changed["changes"][0].startswith("4 minutes late: ")
    assert done("reflow evening.json order.json --ended maps --late 0")["changes"] == []


def test_a_second_commitment_keeps_the_seed(here: Path) -> None:
    assert done("commit evening.json --seed-file seed") == done("commit evening.json --seed-file seed")


def test_people_read_a_table(here: Path) -> None:
    told = run("plan evening.json")
    assert told.exit_code == 0
    assert "17:30" in told.stdout
    assert "apathy break" in told.stdout


def test_a_draw_that_does_not_match_is_exit_code_1(here: Path) -> None:
    done("commit evening.json --seed-file one -o commitment.json")
    done("commit evening.json --seed-file other")
    done("draw evening.json --seed-file other -o draw.json")
    told = run("verify evening.json --commitment commitment.json --draw draw.json")
    assert told.exit_code == 1
    assert "The seed is not the one that was committed to" in told.stdout


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"zone": "London"}, "zone: is not an IANA time zone"),
        ({"end": "2027-03-04T17:00:00Z"}, "end: must be after start"),
        ({"start": "2027-03-04T17:30:00"}, "start: should have timezone info"),
        ({"start": "2027-03-04T17:30:10Z"}, "start: must be a whole minute"),
        ({"start": "9999-12-31T20:00:00Z", "end": "9999-12-31T23:00:00Z"}, "start: must lie between"),
        ({"talks": []}, "talks: "),
        ({"talks": [EXAMPLE["talks"][-1]]}, "talks.reserve: all talks are reserves"),
        ({"colour": "red"}, "colour: is not a field"),
        ({"breaks": [{"id": "b", "title": "b", "minutes": 5, "shortest_minutes": 6}]}, "shortest_minutes: must not be"),
        ({"breaks": [{"id": "b", "title": "b", "minutes": 60, "shortest_minutes": 6}]}, "breaks: take the whole"),
        ({"talks": [EXAMPLE["talks"][0]] * 2}, "'dice' is there twice"),
        ({"talks": [EXAMPLE["talks"][0] | {"pinned": 2}]}, "talks.dice.pinned: must be from 1 to 1"),
        ({"talks": [EXAMPLE["talks"][0] | {"pinned": 1, "reserve": True}]}, "reserve: a talk that is"),
    ],
)
def test_a_wrong_field_is_named_with_what_is_allowed(here: Path, changes: dict[str, Any], told: str) -> None:
    Path("evening.json").write_text(json.dumps(EXAMPLE | changes))
    said = run("plan evening.json")
    assert said.exit_code == 1
    assert told in said.stderr
    assert "Traceback" not in said.output


@pytest.mark.parametrize(
    "command",
    [
        "plan nothing.json",
        "draw evening.json --seed 12",
        "draw evening.json --seed-file nothing",
        "commit evening.json --seed-file no/such/folder",
        "plan evening.json -o no/such/folder",
        "reflow evening.json evening.json --late 4",
    ],
)
def test_what_cannot_be_done_is_exit_code_1_and_one_sentence_or_more(here: Path, command: str) -> None:
    told = run(command)
    assert told.exit_code == 1
    assert ": " in told.stderr
    assert "Traceback" not in told.output


@pytest.mark.parametrize("command", ["plan", "draw evening.json", "reflow evening.json order.json", "fly"])
def test_misuse_of_a_running_order_command_is_exit_code_2(here: Path, command: str) -> None:
    assert run(command).exit_code == 2


@pytest.mark.parametrize("when", ["--now 9999-12-31T23:59:59Z", "--now 0001-01-01T00:00:00Z", "--late 99999999999999"])
def test_a_time_far_from_the_evening_is_refused_in_words(here: Path, when: str) -> None:
    done("plan evening.json -o order.json")
    told = run(f"reflow evening.json order.json {when}")
    assert told.exit_code in {1, 2}
    assert told.exception is None or isinstance(told.exception, SystemExit)
