"""What is wrong with a command's arguments is told by field, before any system is looked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from teachmeet.cli import app

run = CliRunner().invoke


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (["seats", "take", "P 1", "s-1"], "person"),
        (["seats", "take", "p-1", "S 1"], "session"),
        (["counter", "p-1", "S 1", "decline"], "session"),
        (["enrolment", "remove", "Rule 1"], "rule"),
        (["calendars", "disconnect", "p-1", "--name", "Not A Name"], "source"),
    ],
)
def test_an_argument_out_of_form_is_told_by_field(arguments: list[str], field: str, tmp_path: Path) -> None:
    told = run(app, [*arguments, "--data", str(tmp_path)])
    assert told.exit_code == 1
    assert told.stderr.startswith(f"{field}: ")
    assert "Traceback" not in told.stderr
