"""From a message to a checked request, or to a rejection that says what to do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bus.requests import Request, command_id, read_request
from shared.bus.streams import MAX_COMMAND_BYTES
from shared.contract.authority import Actor, ActorKind
from shared.contract.catalogue import ENDPOINTS, endpoint
from shared.contract.commands.registrations import AcceptProposal, RegisterPerson
from shared.contract.results import Rejection, RejectionCode
from shared.contract.subjects import ApiSubject, InboxSubject, Service

PERSON = RegisterPerson.example
REGISTER = InboxSubject("northgate", "timetables", "person", "register")
TYPE = "org.teachmeet.registrations.person.register.v1"


def api(caller: str, entity: str, verb: str, service: Service = Service.REGISTRATIONS) -> ApiSubject:
    return ApiSubject("northgate", service, caller, entity, verb)


def read(subject: ApiSubject | InboxSubject, body: Any = PERSON, headers: Mapping[str, str] | None = None) -> Request:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read_request(subject, {"ce-id": "c-1"} if headers is None else headers, text)


def refusal(*given: Any, **named: Any) -> tuple[RejectionCode, list[str]]:
    with pytest.raises(Rejection) as refused:
        read(*given, **named)
    assert all(error.problem and error.allowed for error in refused.value.errors)
    return refused.value.code, [error.field for error in refused.value.errors]


def test_a_command_from_the_inbox_is_the_partners_own() -> None:
    request = read(REGISTER, headers={"CE-ID": "c-1", "ce-actor": "organiser", "ce-correlationid": "term-1"})
    assert request.command == RegisterPerson.model_validate(PERSON)
    assert request.actor == Actor(ActorKind.PARTNER, "timetables")
    assert (request.community, request.cause.caller, request.cause.id) == ("northgate", "timetables", "c-1")
    assert request.cause.correlation == "term-1"


def test_an_actor_that_web_states_is_believed() -> None:
    request = read(api("web", "person", "register"), headers={"ce-id": "c-1", "ce-actor": "person:p-001"})
    assert request.actor == Actor(ActorKind.PERSON, "p-001")


@pytest.mark.parametrize("each", [each for each in ENDPOINTS if not each.inbox], ids=lambda each: each.type)
def test_what_the_inbox_does_not_take_is_unknown_there(each: Any) -> None:
    subject = InboxSubject("northgate", "timetables", each.entity, each.verb)
    assert refusal(subject, each.command.example) == (RejectionCode.UNKNOWN, ["subject"])


@pytest.mark.parametrize(("entity", "verb"), [("person", "delete"), ("subject", "unknown"), ("x", "register")])
def test_what_nobody_takes_is_unknown(entity: str, verb: str) -> None:
    assert refusal(InboxSubject("northgate", "timetables", entity, verb)) == (RejectionCode.UNKNOWN, ["subject"])
    assert refusal(api("cli", entity, verb)) == (RejectionCode.UNKNOWN, ["subject"])


def test_an_endpoint_of_another_service_is_unknown() -> None:
    subject = api("cli", "person", "register", Service.SCHEDULER)
    assert refusal(subject) == (RejectionCode.UNKNOWN, ["subject"])


def test_what_a_partner_may_not_do_is_refused_by_right() -> None:
    subject = api("timetables", "proposal", "accept")
    headers = {"ce-id": "c-1", "ce-actor": "organiser"}
    assert refusal(subject, AcceptProposal.example, headers) == (RejectionCode.NOT_ALLOWED, ["actor"])


@pytest.mark.parametrize("stated", [None, "", "x" * 201, "a\x1fb", "a\nb", "a\ufffd"])
def test_a_command_needs_a_usable_id(stated: str | None) -> None:
    headers = {} if stated is None else {"ce-id": stated}
    assert refusal(REGISTER, headers=headers) == (RejectionCode.INVALID, ["ce-id"])


@given(st.text(st.characters(categories=("L", "N", "P", "S"), exclude_characters="\ufffd"), min_size=1, max_size=200))
def test_ids_of_every_script_are_usable(stated: str) -> None:
    assert command_id({"Ce-Id": stated}) == stated


@pytest.mark.parametrize("stated", ["", "x" * 201, "a\ufffd", "a\tb"])
def test_a_correlation_that_could_not_be_passed_on_is_refused(stated: str) -> None:
    headers = {"ce-id": "c-1", "ce-correlationid": stated}
    assert refusal(REGISTER, headers=headers) == (RejectionCode.INVALID, ["ce-correlationid"])


def test_a_type_must_fit_the_subject() -> None:
    assert read(REGISTER, headers={"ce-id": "c-1", "ce-type": TYPE}).endpoint.type == TYPE
    headers = {"ce-id": "c-1", "ce-type": TYPE.replace(".v1", ".v2")}
    assert refusal(REGISTER, headers=headers) == (RejectionCode.INVALID, ["ce-type"])


def test_a_body_that_is_too_large_is_refused_unread() -> None:
    assert refusal(REGISTER, b" " * (MAX_COMMAND_BYTES + 1)) == (RejectionCode.INVALID, ["message"])


def test_an_empty_body_is_an_empty_command() -> None:
    health = endpoint(Service.REGISTRATIONS, "service", "health")
    assert read(api("cli", "service", "health"), b"").endpoint is health
    assert refusal(REGISTER, b"")[0] is RejectionCode.INVALID


def refused_as(subject: InboxSubject, body: Any) -> RejectionCode | None:
    try:
        read(subject, body)
    except Rejection as rejection:
        return rejection.code
    return None


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode) | st.sampled_from([b"null", b"[]", b"1", b'""']))
def test_a_body_that_is_no_command_is_invalid_whatever_it_holds(body: bytes) -> None:
    assert refused_as(REGISTER, body) is RejectionCode.INVALID


JSON = st.recursive(
    st.none() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(JSON, st.sampled_from(["person", "name", "zone", "name_public", "department", "windows"]))
def test_whatever_json_stands_in_a_field_it_is_read_or_invalid(value: Any, field: str) -> None:
    assert refused_as(REGISTER, {**PERSON, field: value}) in {None, RejectionCode.INVALID}
