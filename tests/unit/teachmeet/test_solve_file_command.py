"""``teachmeet solve-file`` as somebody gives it, in one process."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from services.scheduler.problem import EXAMPLE
from teachmeet.cli import app
from teachmeet.commands.engine import REASONS_SHOWN


@pytest.fixture
def over_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One day, one room, eight working hours and thirty sessions of an hour."""
    monkeypatch.chdir(tmp_path)
    sessions = [EXAMPLE["sessions"][0] | {"id": f"s-{number}"} for number in range(30)]
    Path("problem.json").write_text(json.dumps(EXAMPLE | {"last_day": EXAMPLE["first_day"], "sessions": sessions}))
    return tmp_path


def run(text: str) -> Result:
    return CliRunner().invoke(app, ["solve-file", *text.split()], env={"COLUMNS": "200", "NO_COLOR": "1"})


def test_sessions_without_a_place_are_told_with_their_reasons(over_full: Path) -> None:
    told = run("problem.json -o out.json --deterministic 0.1")
    assert told.exit_code == 0, told.output
    first, *reasons, more = told.stdout.splitlines()
    assert first == "sessions placed: 8, without a place: 22; written to out.json"
    assert len(reasons) == REASONS_SHOWN
    assert all(line.startswith("  s-") and "stands in its way" in line for line in reasons)
    assert more == "  and 2 more, with their reasons, in that file"


def test_deterministic_units_give_the_same_file_twice(over_full: Path) -> None:
    for name in ("one.json", "two.json"):
        assert run(f"problem.json -o {name} --deterministic 0.1 --seed 7").exit_code == 0
    assert Path("one.json").read_bytes() == Path("two.json").read_bytes()
