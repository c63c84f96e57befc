"""``teachmeet up`` and the command line, as processes: a system that survives what happens to it."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from system_on_a_folder import Ended, Up, processes_of, teachmeet, wait_until

SPRING = "spring-2027"


@dataclass(frozen=True)
class Filled:
    """A running system with the sample, and how its first run ended, which was stopped while it filled the folder."""

    up: Up
    first_run: Ended


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    up = Up(tmp_path_factory.mktemp("up") / "data")
    try:
        up.start("--sample", until="filling the folder")
        first_run = up.end()
        up.start("--sample")
        yield Filled(up, first_run)
    finally:
        up.cleared_away()


@pytest.fixture
def up(filled: Filled) -> Up:
    """The system, running: also when the test before this one failed while it was down."""
    if not filled.up.is_running:
        filled.up.cleared_away()
        filled.up.start("--sample")
    return filled.up


def is_outdated(up: Up) -> bool:
    """Whether the scheduler has read facts that make the present draft an old one."""
    return bool(up.command("show", SPRING, "--json").json["outdated"])


def test_ctrl_c_while_it_starts_stops_it_and_the_next_start_goes_on(filled: Filled) -> None:
    assert filled.first_run.code == 0
    assert filled.first_run.seconds < 10
    assert filled.first_run.left == set()
    assert filled.up.command("show", SPRING, "--json").json["releases"] >= 1


def test_the_addresses_that_it_prints_answer(up: Up) -> None:
    page = httpx.get(up.address("front desk:"), trust_env=False, timeout=60)
    own = httpx.get(up.address("a person's own page:"), trust_env=False, timeout=60)
    assert (page.status_code, own.status_code) == (200, 200)
    assert "Retrieval practice in ten minutes a day" in page.text
    assert up.address("broker:").startswith("nats://127.0.0.1:")


def test_ctrl_c_stops_everything_in_time_and_a_second_start_has_everything_and_mails_nobody(up: Up) -> None:
    before = up.command("show", SPRING, "--json").json
    mails, desk = up.mails(SPRING), up.address("front desk:")
    ended = up.end()
    assert (ended.code, ended.left) == (0, set())
    assert ended.seconds < 10
    assert "stopped; nothing is left running" in up.said()
    assert "Traceback" not in up.said()

    up.start("--sample")
    assert up.command("show", SPRING, "--json").json == before
    # The doctor gives each service a few seconds to answer; on a slow machine one may need more.
    wait_until(lambda: up.command("doctor", "--json").json["healthy"])
    assert up.address("front desk:") == desk
    assert up.mails(SPRING) == mails


@pytest.mark.skipif(sys.platform != "linux", reason="children end with their runner on Linux only")
def test_killing_the_runner_leaves_no_process_and_loses_nothing(up: Up) -> None:
    before = up.command("show", SPRING, "--json").json
    mails = up.mails(SPRING)
    up.end(signal.SIGKILL)
    wait_until(lambda: not processes_of(up.folder))
    gone = up.command("doctor")
    assert gone.code == 1
    assert "does not answer" in gone.err
    assert "Traceback" not in gone.err

    up.start("--sample")
    assert up.command("show", SPRING, "--json").json == before
    assert up.mails(SPRING) == mails


def test_a_folder_in_use_is_refused_in_a_sentence_and_goes_on_undisturbed(up: Up) -> None:
    second = up.command("up")
    assert second.code == 1
    assert "is in use by another running system; stop that one first" in second.err
    assert up.command("show", SPRING).code == 0


def test_an_organiser_works_from_the_command_line(up: Up, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    rows = (
        "person,name,address,school",
        "v-001,Vera Adeyemi,vera@lakeside.example,Lakeside",
        "v-002,Nil,nowhere,Lakeside",
    )
    people.write_text("\n".join(rows))
    imported = up.command("import", str(people), "--json")
    assert imported.code == 1
    assert imported.json["accepted"] == 1
    assert any("people.csv, line 3: address" in problem for problem in imported.json["problems"])

    propose = ("propose", SPRING, "--presenter", "v-001", "--minutes", "30", "--accept", "--json")
    proposed = up.command(*propose, "Knots")
    assert proposed.code == 0
    wait_until(lambda: is_outdated(up))

    solved = up.command("solve", SPRING, "--few-moves", "--seconds", "2", "--json").json
    assert proposed.json["proposal"] in {each["session"] for each in solved["plan"]["draft"]["placements"]}
    assert up.command(*propose, "Ropes").code == 0
    refused = up.command("release", SPRING)
    assert (refused.code, "facts that have changed since" in refused.err) == (1, True)
    published = up.command("release", SPRING, "--accept-outdated", "--json")
    assert (published.code, published.json["number"]) == (0, solved["releases"] + 1)
    assert "Knots" in up.command("show", SPRING).out


def test_everything_goes_out_and_would_come_in_again_as_it_is(up: Up, tmp_path: Path) -> None:
    assert up.command("export", "data", "--out", str(tmp_path / "out"), "--json").code == 0
    for form in ("json", "csv"):
        kinds = ("programmes", "people", "rooms", "proposals", "availability", "interests")
        files = [str(tmp_path / "out" / f"{kind}.{form}") for kind in kinds]
        checked = up.command("import", *files, "--dry-run", "--json").json
        assert (checked["problems"], checked["new"], checked["changed"]) == ([], 0, 0)
        assert checked["unchanged"] == checked["accepted"] > 100


def test_facts_are_told_without_personal_data(up: Up) -> None:
    told = up.command("events", "--no-follow")
    assert told.code == 0
    assert "release spring-2027 1 published" in told.out
    assert "@" not in told.out
    assert "contact" not in told.out


def test_what_is_refused_is_told_by_field_with_exit_code_1(up: Up) -> None:
    for arguments in (("solve", "nowhere"), ("propose", "nowhere", "Title", "--presenter", "p-001")):
        said = up.command(*arguments)
        assert said.code == 1
        assert said.err.startswith("programme names no programme here; allowed: ")


def test_a_configuration_with_a_cluster_block_is_refused_before_anything_starts(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "nats.conf").write_text("server_name: a\ncluster {\n  name: c\n}\n")
    said = teachmeet("up", "--data", str(folder))
    assert said.code == 1
    assert "has a cluster block" in said.err
    assert "cluster" in (folder / "nats.conf").read_text()
    assert not (folder / "nats").exists()
    assert processes_of(folder) == set()


def test_without_a_running_system_commands_say_how_to_start_one(tmp_path: Path) -> None:
    said = teachmeet("show", SPRING, "--data", str(tmp_path / "nothing"))
    assert said.code == 1
    assert "start one with 'teachmeet up'" in said.err
