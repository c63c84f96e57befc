"""Messages that no inbox may take, each broken in one of many ways."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from shared.contract.commands.registrations import (
    AddRoom,
    ImportPeople,
    RegisterPerson,
    StateAvailability,
    StateInterest,
    SubmitProposal,
)
from shared.contract.structured import STRUCTURED

EXAMPLES: dict[str, dict[str, Any]] = {
    "person.register": RegisterPerson.example,
    "room.add": AddRoom.example,
    "proposal.submit": SubmitProposal.example,
    "availability.state": StateAvailability.example,
    "interest.state": StateInterest.example,
    "people.import": ImportPeople.example,
}
REQUIRED = {
    "person.register": ["person", "name", "address", "school"],
    "room.add": ["room", "name", "site", "capacity"],
    "proposal.submit": ["proposal", "programme", "title", "format", "presenters"],
    "availability.state": ["person"],
    "interest.state": ["person", "session", "level"],
    "people.import": ["people"],
}
NO_VALUE = st.sampled_from([None, 1.5, -1, "", " ", "A\nB", "\x00", "ü" * 5000, [], {}, [[]], {"x": 1}, 10**30])
LARGE_ID = "x" * 201
# Stands for an id of its own where the identity is in the body.
OWN_ID = "own-id"
GARBAGE = [b"", b"\xff\xfe", b"{", b"[1,", b"null", b"[]", b"1", b'"x"', b"{}" * 2, b"NaN", b"[" * 5000, b'{"a":' * 900]


UNTAKEN = ["proposal.accept", "person.erase-all", "x.y", "service.health", "Person.Register", "a.b.c", "person"]


@dataclass(frozen=True)
class Sent:
    """A message without its identity."""

    verb: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    without_id: bool = False


def whole(verb: str) -> Sent:
    return Sent(verb, json.dumps(EXAMPLES[verb]).encode())


def _body(verb: str, **other: Any) -> Sent:
    return Sent(verb, json.dumps(EXAMPLES[verb] | other).encode())


def _without(verb: str, name: str) -> Sent:
    return Sent(verb, json.dumps({key: value for key, value in EXAMPLES[verb].items() if key != name}).encode())


def _structured(event: Any) -> Sent:
    return Sent("person.register", json.dumps(event).encode(), {"content-type": STRUCTURED}, without_id=True)


VERBS = st.sampled_from(sorted(EXAMPLES))
EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": OWN_ID,
    "source": "/timetables",
    "type": "org.teachmeet.registrations.person.register.v1",
    "data": RegisterPerson.example,
}
_FIELDS = st.sampled_from([(verb, name) for verb, names in REQUIRED.items() for name in names])

# What is wrong with these, their form alone tells.
MALFORMED_AT_SIGHT: st.SearchStrategy[Sent] = st.one_of(
    st.builds(Sent, VERBS, st.sampled_from(GARBAGE) | st.binary(max_size=12)),
    st.builds(lambda verb, cut: Sent(verb, whole(verb).body[:-cut]), VERBS, st.integers(1, 30)),
    st.builds(lambda at: _without(*at), _FIELDS),
    st.builds(lambda at, value: _body(at[0], **{at[1]: value}), _FIELDS, NO_VALUE),
    st.builds(lambda verb, name: _body(verb, **{f"x{name}": 1}), VERBS, st.text(max_size=5)),
    st.builds(lambda verb: Sent(verb, whole(verb).body, without_id=True), VERBS),
    st.builds(lambda verb: Sent(verb, whole(verb).body, {"ce-id": LARGE_ID}, without_id=True), VERBS),
    st.builds(
        lambda verb, stated: Sent(verb, whole(verb).body, {"ce-type": stated}), VERBS, st.sampled_from(["", "x", "v2"])
    ),
    st.builds(lambda verb: Sent(verb, whole(verb).body, {"ce-dryrun": "true"}), VERBS),
    st.builds(Sent, st.sampled_from(UNTAKEN), st.just(b"{}")),
    st.builds(lambda key: _structured({k: v for k, v in EVENT.items() if k != key}), st.sampled_from(sorted(EVENT))),
    st.builds(
        lambda key, value: _structured(EVENT | {key: value}), st.sampled_from(["specversion", "type", "data"]), NO_VALUE
    ),
    st.builds(lambda key: _structured(EVENT | {key: [1]}), st.sampled_from(sorted(EVENT))),
    st.builds(lambda raw: Sent("room.add", raw, {"content-type": STRUCTURED}), st.sampled_from(GARBAGE)),
    st.builds(lambda many: _body("people.import", people=[{}] * many), st.sampled_from([0, 251, 300])),
    st.builds(
        lambda zone, first: _body(
            "availability.state", windows=[StateAvailability.example["windows"][0] | {"zone": zone, "first": first}]
        ),
        st.sampled_from(["", "Mars/Base", "europe/london", "../../etc/passwd"]),
        st.sampled_from(["2027-02-30", "soon", "", "9999-99-99"]),
    ),
)
MALFORMED: st.SearchStrategy[Sent] = MALFORMED_AT_SIGHT | st.builds(
    # Well formed, and about nobody.
    lambda person: _body("interest.state", person=f"nobody-{person}"),
    st.integers(0, 10**9),
)
