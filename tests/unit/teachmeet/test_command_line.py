"""The command line tells what it can do, and exits with 2 when it is misused."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from teachmeet.cli import MODULES, app, commands_of

COMMANDS = (
    "up", "demo", "serve", "provision",
    "import", "propose", "solve", "show", "release",
    "events", "doctor", "solve-file", "packs",
)  # fmt: skip

run = CliRunner().invoke


def test_every_command_is_listed() -> None:
    listed = run(app, ["--help"])
    assert listed.exit_code == 0
    assert all(name in listed.stdout for name in COMMANDS)


@pytest.mark.parametrize(("module", "names"), MODULES.items())
def test_a_module_has_the_commands_that_are_looked_for_there(module: str, names: tuple[str, ...]) -> None:
    assert sorted(commands_of(module)) == sorted(names)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    told = run(app, [name, "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"})
    assert told.exit_code == 0
    assert f"{name} [OPTIONS]" in told.stdout
    assert "--json" in told.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["fly"],
        ["show"],
        ["import"],
        ["serve", "kitchen"],
        ["show", "spring", "--loud"],
        ["solve", "spring", "--workers", "many"],
        ["propose", "spring", "Title"],
        ["solve-file", "problem.json"],
        ["solve-file", "problem.json", "-o", "x.json", "--time-limit", "0"],
        ["import", "x.ics", "--first", "soon", "--last", "later"],
        ["import", "x.csv", "--map", "heading without a column"],
        ["export", "data"],
    ],
)
def test_misuse_is_exit_code_2(arguments: list[str]) -> None:
    assert run(app, arguments).exit_code == 2
