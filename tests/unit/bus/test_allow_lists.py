"""The allow-lists, judged without a broker: who could reach what by any wildcard."""

from __future__ import annotations

import itertools
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bus.permissions import READS, RESERVED_USERS, Partner, Permissions, permissions
from shared.bus.streams import stream_of
from shared.contract.catalogue import (
    AFFILIATION,
    AVAILABILITY,
    CONFIRMATION,
    CONTACT,
    ENROLMENT,
    ENROLMENT_RULE,
    ERASURE,
    FACTS,
    INTEREST,
    NOTIFIER_RECEIPT,
    PERSON_KEY,
    PROGRAMME,
    RELEASE,
    FactKind,
)
from shared.contract.subjects import Service, facts_of

PARTNERS = (Partner("timetables", ("northgate", "southgate")), Partner("rooms", ("northgate",)))
USERS = {each.user: each for each in permissions(PARTNERS)}
OTHERS = [user for user in USERS if user != "provision"]
NAMES = st.text(string.ascii_lowercase + string.digits + "-", min_size=1, max_size=12)


def overlap(one: str, other: str) -> bool:
    """Whether two NATS wildcards have a subject in common."""
    return _overlap(one.split("."), other.split("."))


def _overlap(one: list[str], other: list[str]) -> bool:
    if not one or not other:
        return one == other
    if ">" in (one[0], other[0]):
        return True
    return ("*" in (one[0], other[0]) or one[0] == other[0]) and _overlap(one[1:], other[1:])


def covers(allowed: str, asked: str) -> bool:
    """Whether every subject of ``asked`` is one of ``allowed``; the broker takes wildcards in it literally."""
    allow, ask = allowed.split("."), asked.split(".")
    if allow[-1] == ">":
        return len(ask) >= len(allow) and all(a in {"*", b} for a, b in zip(allow[:-1], ask, strict=False))
    return len(allow) == len(ask) and all(a in {"*", b} for a, b in zip(allow, ask, strict=True))


def may_publish(user: Permissions, subject: str) -> bool:
    return any(covers(allowed, subject) for allowed in user.publish)


def filters(user: Permissions, stream: str) -> list[str]:
    """The filters with which a user may create consumers on a stream; unfiltered creation is the filter ``>``."""
    head = f"$JS.API.CONSUMER.CREATE.{stream}"
    named = [each.removeprefix(f"{head}.*.") for each in user.publish if each.startswith(f"{head}.*.")]
    bare = [head, f"{head}.x", f"$JS.API.CONSUMER.DURABLE.CREATE.{stream}.x"]
    return named + [">" for subject in bare if may_publish(user, subject)]


def readers(kind: FactKind) -> set[str]:
    """Users who could create a consumer that delivers facts of that kind."""
    return {
        user
        for user in OTHERS
        if any(
            overlap(each, facts_of(kind.service, kind.entity)) for each in filters(USERS[user], stream_of(kind.service))
        )
    }


@pytest.mark.parametrize(
    ("kind", "allowed"),
    [
        (CONTACT, {"registrations", "notifier"}),
        (PERSON_KEY, {"registrations"}),
        (AVAILABILITY, {"registrations", "scheduler"}),
        (INTEREST, {"registrations", "scheduler"}),
        (AFFILIATION, {"registrations", "scheduler"}),
        (PROGRAMME, {"registrations", "scheduler", "notifier", "web", "cli", "timetables", "rooms"}),
        (CONFIRMATION, {"registrations", "notifier"}),
        (ENROLMENT, {"registrations", "notifier"}),
        (ENROLMENT_RULE, {"registrations", "notifier"}),
        (RELEASE, {"registrations", "scheduler", "notifier", "web", "cli", "timetables", "rooms"}),
        (ERASURE, {"registrations", "scheduler", "notifier", "web", "timetables", "rooms"}),
        (NOTIFIER_RECEIPT, {"registrations", "notifier"}),
    ],
    ids=lambda value: value.entity if isinstance(value, FactKind) else "",
)
def test_facts_reach_those_whom_the_design_names_and_nobody_else(kind: FactKind, allowed: set[str]) -> None:
    assert readers(kind) == allowed


def test_readers_are_the_owner_and_those_in_the_table() -> None:
    for kind in FACTS:
        ours = {user for user in READS if kind in READS[user]} | {kind.service.value}
        assert readers(kind) - {"timetables", "rooms"} == ours


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: kind.entity)
def test_a_stored_message_is_fetched_by_its_owner_only(kind: FactKind) -> None:
    stream = stream_of(kind.service)
    for user in OTHERS:
        gets = [f"$JS.API.DIRECT.GET.{stream}", f"$JS.API.DIRECT.GET.{stream}.x", f"$JS.API.STREAM.MSG.GET.{stream}"]
        if user != kind.service:
            assert not any(may_publish(USERS[user], each) for each in gets), user


def test_facts_are_written_by_their_service_only() -> None:
    for user, kind in itertools.product(OTHERS, FACTS):
        subject = facts_of(kind.service, kind.entity)
        allowed = any(overlap(each, subject) for each in USERS[user].publish if not each.startswith("$"))
        assert allowed == (user == kind.service)


def test_nobody_but_provision_makes_or_deletes_streams() -> None:
    verbs = ("CREATE", "UPDATE", "DELETE", "PURGE", "RESTORE", "SNAPSHOT")
    for user, verb in itertools.product(OTHERS, verbs):
        assert not any(overlap(each, f"$JS.API.STREAM.{verb}.*") for each in USERS[user].publish)


def test_a_service_deletes_messages_of_its_own_stream_only() -> None:
    for user, service in itertools.product(OTHERS, Service):
        subject = f"$JS.API.STREAM.MSG.DELETE.{stream_of(service)}"
        assert may_publish(USERS[user], subject) == (user == service)


def test_no_two_users_share_an_inbox() -> None:
    for one, other in itertools.combinations(OTHERS, 2):
        for mine, theirs in itertools.product(USERS[one].subscribe, USERS[other].subscribe):
            if mine.startswith("_INBOX") or theirs.startswith("_INBOX"):
                assert not overlap(mine, theirs)


def test_endpoints_are_answered_by_their_service_only() -> None:
    for user, service in itertools.product(OTHERS, Service):
        listens = any(overlap(each, f"tm.*.{service}.v1.api.>") for each in USERS[user].subscribe)
        assert listens == (user == service)


def test_a_user_asks_under_its_own_name_only() -> None:
    for user in ("web", "cli", "timetables", "rooms"):
        asked = [each for each in USERS[user].publish if ".api." in each]
        assert asked
        assert {each.split(".")[5] for each in asked} == {user}


@given(st.sets(NAMES, min_size=1, max_size=4), st.sets(NAMES, min_size=1, max_size=3))
def test_a_partner_sees_its_own_inbox_and_outbox_in_its_own_communities_only(
    names: set[str], communities: set[str]
) -> None:
    names -= RESERVED_USERS
    users = {each.user: each for each in permissions(Partner(name, tuple(sorted(communities))) for name in names)}
    for name in names:
        publish = users[name].publish
        assert {each for each in publish if each.startswith("tm.") and each.split(".")[2] == "inbox"} == {
            f"tm.{community}.inbox.v1.{name}.>" for community in communities
        }
        assert not any(each.startswith("tm.*") for each in publish)
        assert {each for each in publish if "OUTBOX" in each} == {
            f"$JS.API.CONSUMER.INFO.OUTBOX.outbox-{name}",
            f"$JS.API.CONSUMER.MSG.NEXT.OUTBOX.outbox-{name}",
            f"$JS.ACK.OUTBOX.outbox-{name}.>",
        }
        assert users[name].subscribe == (f"_INBOX_{name}.>",)


@pytest.mark.parametrize("name", [*sorted(RESERVED_USERS), "*", ">", "a.b", "", "A", "a b", "a\n"])
def test_a_partner_whose_name_would_widen_its_rights_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"partner|token"):
        Partner(name, ("northgate",))


@pytest.mark.parametrize("community", ["*", ">", "a.b", ""])
def test_a_partner_of_every_community_is_refused(community: str) -> None:
    with pytest.raises(ValueError, match="token"):
        Partner("timetables", (community,))


def test_two_partners_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="same name"):
        permissions([Partner("timetables", ("a",)), Partner("timetables", ("b",))])
