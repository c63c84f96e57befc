"""The envelope and the identities of writes."""

from __future__ import annotations

import string
from datetime import UTC, datetime

from hypothesis import assume, given
from hypothesis import strategies as st

from shared.contract.catalogue import CONTACT, ENDPOINTS, FACTS, ROOM
from shared.contract.envelope import Envelope, command_digest, digest, fact_type, header, message_id
from shared.contract.subjects import OutboxSubject, Outcome

TOKENS = st.text(string.ascii_lowercase + string.digits + "-", min_size=1, max_size=20)
IDS = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=40)
CAUSES = st.tuples(TOKENS, TOKENS, IDS)
NOON = datetime(2027, 1, 12, 12, tzinfo=UTC)


def test_headers_are_those_of_cloudevents_in_binary_mode() -> None:
    envelope = Envelope(
        id="1", source="/tm/northgate/registrations", type="t", subject="contact/p-001", time=NOON, causation="c-1"
    )
    assert envelope.headers() == {
        "ce-specversion": "1.0",
        "ce-id": "1",
        "ce-source": "/tm/northgate/registrations",
        "ce-type": "t",
        "ce-subject": "contact/p-001",
        "ce-time": "2027-01-12T12:00:00Z",
        "ce-causationid": "c-1",
        "content-type": "application/json",
    }


def test_a_header_is_found_however_its_name_is_spelled() -> None:
    assert header({"Ce-Id": "1"}, "ce-id") == "1"
    assert header({"CE-ID": "1"}, "ce-id") == "1"
    assert header({}, "ce-id") is None
    assert header(None, "ce-id") is None


def test_types_are_all_different() -> None:
    facts = [fact_type(kind.ref("c", *kind.ids), what) for kind in FACTS for what in kind.whats]
    commands = [endpoint.type for endpoint in ENDPOINTS]
    assert len({*facts, *commands}) == len(facts) + len(commands)


@given(CAUSES, CAUSES)
def test_an_id_of_another_caller_or_community_is_another_command(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    assert (command_digest(*one) == command_digest(*other)) == (one == other)


@given(CAUSES)
def test_moving_characters_between_caller_and_id_makes_another_command(cause: tuple[str, str, str]) -> None:
    community, caller, given_id = cause
    assume(len(caller) > 1)
    assert command_digest(community, caller[:-1], caller[-1] + given_id) != command_digest(*cause)


@given(CAUSES)
def test_the_id_of_a_write_is_never_the_id_that_a_client_chose(cause: tuple[str, str, str]) -> None:
    stored = message_id(command_digest(*cause), CONTACT.ref(cause[0], "p-001"), 0)
    assert stored != cause[2]
    assert stored != message_id(command_digest(*cause), CONTACT.ref(cause[0], "p-001"), 1)
    assert stored != message_id(command_digest(*cause), ROOM.ref(cause[0], "p-001"), 0)


@given(IDS)
def test_a_digest_is_a_subject_token(id: str) -> None:
    assert str(OutboxSubject("northgate", "timetables", digest(id), Outcome.ACCEPTED))
