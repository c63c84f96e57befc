"""The contract-test kit: what partners run in their own CI, without a service."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from shared.contract.catalogue import ENDPOINTS
from shared.contract.commands.registrations import RegisterPerson
from teachmeet.cli import app

run = CliRunner().invoke
SUBJECT = "tm.northgate.inbox.v1.timetables.person.register"
GOOD: dict[str, Any] = {"subject": SUBJECT, "headers": {"ce-id": "row-1"}, "body": RegisterPerson.example}
INBOX = sum(each.inbox for each in ENDPOINTS)


def verified(folder: Path, content: Any, *options: str) -> tuple[int, list[dict[str, Any]]]:
    path = folder / "samples.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    told = run(app, ["contract", "verify", str(path), "--json", *options])
    return told.exit_code, json.loads(told.stdout)["messages"]


def fields(folder: Path, content: Any) -> list[str]:
    code, (message,) = verified(folder, content)
    assert code == 1
    return [error["field"] for error in message["errors"]]


@pytest.mark.parametrize("mode", [[], ["--structured"]])
def test_every_sample_that_is_made_fits(tmp_path: Path, mode: list[str]) -> None:
    path = tmp_path / "samples.ndjson"
    assert run(app, ["contract", "samples", "--partner", "timetables", "--out", str(path), *mode]).exit_code == 0
    code, messages = verified(tmp_path, path.read_text())
    assert (code, len(messages)) == (0, INBOX)
    assert not any(each["errors"] or each["hints"] for each in messages)


@pytest.mark.parametrize("form", [[GOOD], GOOD, json.dumps(GOOD) + "\n\n" + json.dumps(GOOD) + "\n"])
def test_a_list_one_object_and_one_message_a_line_are_read(tmp_path: Path, form: Any) -> None:
    code, messages = verified(tmp_path, form)
    assert code == 0
    assert messages[0]["subject"] == SUBJECT


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"subject": "tm.northgate.registrations.v1.evt.contact.p-1.registered"}, "subject"),
        ({"subject": "tm.northgate.inbox.v1.web.person.register"}, "subject"),
        ({"subject": "tm.northgate.inbox.v1.timetables.person.fly"}, "subject"),
        (
            {"subject": "tm.northgate.registrations.v1.api.timetables.proposal.accept", "body": {"proposal": "x"}},
            "actor",
        ),
        ({"headers": {}}, "ce-id"),
        ({"headers": {"ce-id": 7}}, "headers"),
        ({"headers": {"ce-id": "1", "ce-type": "org.teachmeet.x.v1"}}, "ce-type"),
        ({"body": RegisterPerson.example | {"address": "nowhere"}}, "address"),
        ({"body": "{"}, "message"),
        ({"shoe": 42}, "shoe"),
    ],
)
def test_what_a_service_would_reject_is_named(tmp_path: Path, changed: dict[str, Any], field: str) -> None:
    assert fields(tmp_path, GOOD | changed) == [field]


def test_rows_of_a_bulk_import_are_checked_too(tmp_path: Path) -> None:
    rows = [RegisterPerson.example, {"person": "P 1"}]
    sample = GOOD | {"subject": SUBJECT.replace("person.register", "people.import"), "body": {"people": rows}}
    assert set(fields(tmp_path, sample)) == {f"people.1.{each}" for each in ("person", "name", "address", "school")}


def test_an_id_for_two_different_commands_is_found_and_a_repetition_is_none(tmp_path: Path) -> None:
    other = GOOD | {"body": RegisterPerson.example | {"name": "Ben Ito"}}
    code, messages = verified(tmp_path, [GOOD, GOOD, other])
    assert code == 1
    assert [[error["field"] for error in each["errors"]] for each in messages] == [[], [], ["ce-id"]]


def test_what_would_be_taken_and_is_hardly_meant_is_hinted_at(tmp_path: Path) -> None:
    headers = {"ce-id": "1", "Nats-Msg-Id": "1", "ce-actor": "organiser", "ce-time": "soon", "ce-specversion": "2"}
    code, (message,) = verified(tmp_path, GOOD | {"headers": headers})
    assert code == 0
    assert len(message["hints"]) == 4


def test_nothing_to_check_is_no_success(tmp_path: Path) -> None:
    assert verified(tmp_path, "[]")[0] == 1
    assert run(app, ["contract", "verify", str(tmp_path / "gone.json")]).exit_code == 1
    assert run(app, ["contract", "verify"]).exit_code == 2
    assert run(app, ["contract", "samples", "--partner", "No Token"]).exit_code == 2


def test_people_are_told_file_message_field_and_what_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "samples.json"
    path.write_text(json.dumps([GOOD, GOOD | {"body": RegisterPerson.example | {"zone": "Mars"}}]))
    told = run(app, ["contract", "verify", str(path)])
    assert "samples.json, message 1: fits" in told.stdout
    assert "samples.json, message 2: zone is not an IANA time zone" in told.stdout
    assert "2 messages, 1 would be rejected" in told.stdout
