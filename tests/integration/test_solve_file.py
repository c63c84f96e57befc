"""``teachmeet solve-file``: the engine alone, from a file to a file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from services.scheduler.files import Schedule
from services.scheduler.problem import EXAMPLE


def solve(problem: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-m", "teachmeet", "solve-file", str(problem), *options)
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def written(folder: Path, content: Any) -> Path:
    file = folder / "problem.json"
    file.write_text(json.dumps(content))
    return file


def test_a_problem_becomes_a_schedule(tmp_path: Path) -> None:
    output = tmp_path / "schedule.json"
    done = solve(written(tmp_path, EXAMPLE), "-o", str(output), "--time-limit", "5", "--workers", "1", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    schedule = Schedule.model_validate_json(output.read_bytes())
    assert [each.session for each in schedule.placements] == ["retrieval-practice"]
    assert json.loads(done.stdout) == schedule.totals.model_dump(mode="json")


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (EXAMPLE | {"grid_minutes": 1}, "grid_minutes: "),
        (EXAMPLE | {"people": [], "wishes": []}, "sessions.retrieval-practice.presenters: "),
    ],
)
def test_a_broken_problem_is_refused_by_field_without_a_trace(tmp_path: Path, content: Any, named: str) -> None:
    output = tmp_path / "schedule.json"
    done = solve(written(tmp_path, content), "-o", str(output))
    assert done.returncode == 1
    assert named in done.stderr
    assert "Traceback" not in done.stderr
    assert not output.exists()


def test_a_schedule_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    done = solve(written(tmp_path, EXAMPLE), "-o", str(tmp_path / "nowhere" / "schedule.json"), "--time-limit", "1")
    assert done.returncode == 1
    assert "there is no folder" in done.stderr
    assert "Traceback" not in done.stderr
