"""CloudEvents in structured mode: the same commands as in binary mode, or a reason that names the attribute."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from shared.bus.requests import Request, read_request
from shared.bus.streams import MAX_COMMAND_BYTES
from shared.contract.catalogue import ENDPOINTS, Endpoint
from shared.contract.commands.registrations import RegisterPerson
from shared.contract.results import Rejection, RejectionCode
from shared.contract.structured import STRUCTURED
from shared.contract.subjects import ApiSubject, InboxSubject, Service

PERSON = RegisterPerson.example
REGISTER = InboxSubject("northgate", "timetables", "person", "register")
EVENT = {
    "specversion": "1.0",
    "id": "row-1",
    "source": "/timetables",
    "type": "org.teachmeet.registrations.person.register.v1",
    "data": PERSON,
}


def read(event: Any, subject: InboxSubject | ApiSubject = REGISTER, kind: str = STRUCTURED, **headers: str) -> Request:
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    return read_request(subject, {"Content-Type": kind} | headers, body)


def wrong(event: Any, **named: Any) -> list[str]:
    with pytest.raises(Rejection) as refused:
        read(event, **named)
    assert refused.value.code is RejectionCode.INVALID
    assert all(error.problem and error.allowed for error in refused.value.errors)
    return [error.field for error in refused.value.errors]


@pytest.mark.parametrize("each", [each for each in ENDPOINTS if each.inbox], ids=lambda each: each.type)
def test_every_command_of_the_inbox_comes_in_either_mode_to_the_same(each: Endpoint) -> None:
    subject = InboxSubject("northgate", "timetables", each.entity, each.verb)
    binary = read_request(subject, {"ce-id": "row-1", "ce-type": each.type}, json.dumps(each.command.example).encode())
    assert read(EVENT | {"type": each.type, "data": each.command.example}, subject) == binary


def test_the_media_type_may_have_parameters_and_data_may_be_base64() -> None:
    encoded = base64.b64encode(json.dumps(PERSON).encode()).decode()
    event = {name: value for name, value in EVENT.items() if name != "data"} | {"data_base64": encoded}
    request = read(event, kind="Application/CloudEvents+JSON; charset=UTF-8")
    assert request.command == RegisterPerson.model_validate(PERSON)


def test_extension_attributes_are_read_and_headers_beside_the_envelope_are_not() -> None:
    request = read(EVENT | {"correlationid": "term-1", "colour": "red"}, **{"ce-id": "other", "ce-correlationid": "x"})
    assert (request.cause.id, request.cause.correlation) == ("row-1", "term-1")


def test_a_dry_run_may_be_an_attribute() -> None:
    subject = ApiSubject("northgate", Service.REGISTRATIONS, "timetables", "person", "register")
    assert read(EVENT | {"dryrun": True}, subject).dry_run


@pytest.mark.parametrize("name", ["specversion", "id", "source", "type"])
@pytest.mark.parametrize("value", [None, "", 1, []])
def test_what_cloudevents_requires_is_required_as_text(name: str, value: Any) -> None:
    assert wrong(EVENT | {name: value}) == [f"ce-{name}"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"specversion": "0.3"}, "ce-specversion"),
        ({"type": "org.teachmeet.registrations.room.add.v1"}, "ce-type"),
        ({"datacontenttype": "text/xml"}, "ce-datacontenttype"),
        ({"data_base64": "e30="}, "data_base64"),
        ({"colour": {"red": 1}}, "ce-colour"),
        ({"dryrun": "perhaps"}, "ce-dryrun"),
        ({"data": PERSON | {"zone": "Mars"}}, "zone"),
    ],
)
def test_what_is_wrong_is_named(changed: dict[str, Any], field: str) -> None:
    assert wrong(EVENT | changed) == [field]


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"\xff", b"[" * 90_000, b'{"a":' * 90_000])
def test_what_is_no_envelope_is_refused(body: bytes) -> None:
    assert wrong(body) == ["message"]


def test_an_envelope_that_is_too_large_is_refused_unread() -> None:
    assert wrong(b" " * (MAX_COMMAND_BYTES + 1)) == ["message"]


def test_several_events_in_one_message_are_refused() -> None:
    assert wrong([EVENT], kind="application/cloudevents-batch+json") == ["content-type"]


@pytest.mark.parametrize(
    "subject",
    [REGISTER, ApiSubject("northgate", Service.SCHEDULER, "cli", "service", "health")],
    ids=["inbox", "other"],
)
def test_who_cannot_check_a_command_refuses_to(subject: InboxSubject | ApiSubject) -> None:
    body = json.dumps(PERSON).encode() if subject is REGISTER else b""
    with pytest.raises(Rejection) as refused:
        read_request(subject, {"ce-id": "1", "ce-dryrun": "true"}, body)
    assert [error.field for error in refused.value.errors] == ["ce-dryrun"]
