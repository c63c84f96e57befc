"""The published contract: complete, consistent, the same on every machine, and checked."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shared.contract.catalogue import ENDPOINTS, FACTS
from shared.contract.results import Accepted
from shared.contract.subjects import Service
from teachmeet.contract_files.__main__ import main
from teachmeet.contract_files.agreement import DisagreementError, check_agreement
from teachmeet.contract_files.apps import APPS, ServedApp, ServedChannel, served_channels
from teachmeet.contract_files.files import contract_files, stale_files, write_files


@pytest.fixture(scope="module")
def served() -> dict[Service, ServedApp]:
    return served_channels()


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return contract_files()


@pytest.fixture(scope="module")
def document(files: dict[str, str]) -> dict[str, Any]:
    return dict(json.loads(files["asyncapi.json"]))


def test_every_service_is_asked_what_it_serves(served: dict[Service, ServedApp]) -> None:
    assert set(APPS) == set(served) == set(Service)


def test_an_endpoint_that_no_app_serves_is_named(served: dict[Service, ServedApp]) -> None:
    app = served[Service.REGISTRATIONS]
    address = "tm.*.registrations.v1.api.*.room.add"
    channels = {name: channel for name, channel in app.channels.items() if name != address}
    with pytest.raises(DisagreementError, match=re.escape(f"registrations does not serve {address}")):
        check_agreement({**served, Service.REGISTRATIONS: replace(app, channels=channels)})


def test_an_endpoint_that_the_contract_has_not_is_named(served: dict[Service, ServedApp]) -> None:
    app = served[Service.REGISTRATIONS]
    foreign = ServedChannel("tm.*.registrations.v1.api.*.room.paint", "", None)
    channels = {**app.channels, foreign.address: foreign}
    with pytest.raises(DisagreementError, match=re.escape(f"registrations serves {foreign.address}")):
        check_agreement({**served, Service.REGISTRATIONS: replace(app, channels=channels)})


def test_two_runs_write_the_same_and_nothing_of_this_machine(files: dict[str, str]) -> None:
    assert contract_files() == files
    text = "".join(files.values())
    assert str(Path.cwd()) not in text
    assert str(Path.home()) + "/" not in text
    assert "/tmp" not in text


def test_every_reference_of_the_document_leads_somewhere(document: dict[str, Any], files: dict[str, str]) -> None:
    for reference in references(document):
        if reference.startswith("./"):
            assert reference.removeprefix("./") in files
            continue
        node: Any = document
        for key in reference.removeprefix("#/").split("/"):
            assert key in node, reference
            node = node[key]


def test_every_fact_endpoint_and_inbox_command_has_a_channel(document: dict[str, Any]) -> None:
    addresses = {channel["address"] for channel in document["channels"].values()}
    for kind in FACTS:
        ids = ".".join(f"{{{name}}}" for name in kind.ids)
        for what in kind.whats:
            assert f"tm.{{community}}.{kind.service}.v1.evt.{kind.entity}.{ids}.{what}" in addresses
    for each in ENDPOINTS:
        assert f"tm.{{community}}.{each.service}.v1.api.{{caller}}.{each.entity}.{each.verb}" in addresses
        inbox = f"tm.{{community}}.inbox.v1.{{partner}}.{each.entity}.{each.verb}"
        assert (inbox in addresses) == each.inbox
    assert "tm.{community}.outbox.v1.{partner}.{digest}.{outcome}" in addresses
    assert "tm.{community}.scheduler.v1.live.{programme}.progress" in addresses


def test_every_parameter_of_an_address_is_declared(document: dict[str, Any]) -> None:
    for channel in document["channels"].values():
        named = set(re.findall(r"{([a-z]+)}", channel["address"] or ""))
        assert named == set(channel.get("parameters", {}))


def test_every_message_and_operation_has_title_and_description(document: dict[str, Any]) -> None:
    for message in document["components"]["messages"].values():
        assert message["title"]
        assert message["description"]
        assert message["examples"][0]["payload"] is not None
    for operation in document["operations"].values():
        assert operation["title"]
        assert operation["description"]
        assert operation["messages"]


def test_requests_are_answered_with_their_reply_a_check_or_a_rejection(document: dict[str, Any]) -> None:
    for each in ENDPOINTS:
        operation = document["operations"][f"{each.service}.api.{each.entity}.{each.verb}"]
        assert operation["bindings"]["nats"]["queue"] == each.service
        answers = [reference["$ref"].rsplit("/", 1)[1] for reference in operation["reply"]["messages"]]
        checkable = each.service is Service.REGISTRATIONS and issubclass(each.reply, Accepted)
        assert answers[1:] == (["reply.checked"] if checkable else []) + ["reply.rejected"]


def test_stale_files_are_found_written_and_found_no_more(
    tmp_path: Path, files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert set(stale_files(tmp_path, files).values()) == {"is missing"}
    write_files(tmp_path, files)
    (tmp_path / "schemas" / "contact.json").write_text("{}")
    (tmp_path / "schemas" / "former.json").write_text("{}")
    (tmp_path / "notes.md").write_text("somebody's own")
    assert stale_files(tmp_path, files) == {
        "schemas/contact.json": "differs from the code",
        "schemas/former.json": "is no longer part of the contract",
    }
    assert main(["--check", "--folder", str(tmp_path)]) == 1
    assert "schemas/contact.json: differs from the code" in capsys.readouterr().err
    assert main(["--folder", str(tmp_path)]) == 0
    assert main(["--check", "--folder", str(tmp_path)]) == 0
    assert (tmp_path / "notes.md").exists()


def references(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [each for value in node.values() for each in references(value)]
    if isinstance(node, list):
        return [each for value in node for each in references(value)]
    return []
