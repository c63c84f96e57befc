"""The view of facts once people were erased: nothing of them is known, in whatever order facts arrive."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from shared.bus.facts import Facts, Late
from shared.contract.catalogue import AFFILIATION, CONTACT, ERASED, ERASURE, EXTERNAL, INTEREST, PERSON_KEY, FactKind
from shared.contract.facts.externals import External
from shared.contract.facts.privacy import Erased, Erasure
from shared.contract.facts.registrations import Affiliation, Contact, Interest, PersonKey
from shared.contract.message import Fact
from shared.contract.subjects import FactSubject, Service

HERE, THERE = "northgate", "southgate"
AT = datetime(2027, 5, 3, 9, tzinfo=UTC)
PEOPLE = ("p-1", "p-2")


def facts_about(person: str) -> list[tuple[FactKind, tuple[str, ...], str, Fact]]:
    contact = Contact(person=person, name="Amara", address=f"{person}@hillside.example", zone="Europe/London")
    return [
        (CONTACT, (person,), "registered", contact),
        (PERSON_KEY, (f"key-of-{person}",), "claimed", PersonKey(person=person)),
        (EXTERNAL, ("timetables", f"their-{person}"), "claimed", External(partner="timetables", person=person)),
        (AFFILIATION, (person,), "stated", Affiliation(person=person, school="Hillside")),
        (INTEREST, (person, "s-1"), "stated", Interest(person=person, session="s-1", level="coming")),
        (INTEREST, (person, "s-2"), "stated", Interest(person=person, session="s-2", level="not-me")),
    ]


def erasure_of(person: str) -> list[tuple[FactKind, tuple[str, ...], str, Fact]]:
    return [
        (CONTACT, (person,), ERASED, Erased(person=person, at=AT)),
        (ERASURE, (person,), "begun", Erasure(person=person, at=AT)),
    ]


KINDS = (CONTACT, PERSON_KEY, EXTERNAL, AFFILIATION, INTEREST)


def known_of(facts: Facts, person: str, community: str = HERE) -> list[FactKind]:
    return [
        kind
        for kind in KINDS
        for state in facts.states(kind, kind.model, community).values()
        if getattr(state, "person", None) == person
    ]


@given(st.permutations(range(16)), st.booleans())
def test_whatever_the_order_nothing_is_known_of_who_was_erased_and_everything_of_others(
    order: list[int], cold: bool
) -> None:
    facts = Facts(cold=KINDS if cold else ())
    written = [*facts_about("p-1"), *facts_about("p-2"), *erasure_of("p-1"), *facts_about("p-2")[:2]]
    for index in order:
        kind, ids, what, state = written[index]
        facts.apply(FactSubject(kind.ref(HERE, *ids), what), state, index + 1)
    assert known_of(facts, "p-1") == []
    assert len(known_of(facts, "p-2")) == 6
    assert facts.is_erased(HERE, "p-1")
    assert not facts.is_erased(HERE, "p-2")
    tombstone = facts.get(CONTACT.ref(HERE, "p-1"))
    assert tombstone is not None
    assert tombstone.what == ERASED
    assert facts.state(CONTACT, Contact, HERE, "p-1") is None
    assert ("p-1",) not in facts.states(CONTACT, Contact, HERE)


def test_the_same_id_in_another_community_is_another_person() -> None:
    facts = Facts()
    for community in (HERE, THERE):
        for seq, (kind, ids, what, state) in enumerate(facts_about("p-1"), start=1):
            facts.apply(FactSubject(kind.ref(community, *ids), what), state, seq)
    kind, ids, what, state = erasure_of("p-1")[1]
    facts.apply(FactSubject(kind.ref(HERE, *ids), what), state, 99)
    assert known_of(facts, "p-1") == []
    assert len(known_of(facts, "p-1", THERE)) == 6


def test_who_must_destroy_it_is_told_of_what_was_known_and_of_what_comes_late() -> None:
    facts, late = Facts(), list[Late]()
    facts.listen_late(late.append)
    known, coming = facts_about("p-1")[:2], facts_about("p-1")[3]
    for seq, (kind, ids, what, state) in enumerate(known, start=1):
        facts.apply(FactSubject(kind.ref(HERE, *ids), what), state, seq)
    assert late == []
    kind, ids, what, state = erasure_of("p-1")[1]
    facts.apply(FactSubject(kind.ref(HERE, *ids), what), state, 5)
    kind, ids, what, state = coming
    facts.apply(FactSubject(kind.ref(HERE, *ids), what), state, 6)
    assert late == [
        Late(CONTACT.ref(HERE, "p-1"), "p-1", 1),
        Late(PERSON_KEY.ref(HERE, "key-of-p-1"), "p-1", 2),
        Late(AFFILIATION.ref(HERE, "p-1"), "p-1", 6),
    ]
    assert facts.last_seq(Service.REGISTRATIONS) == 6


def test_listeners_hear_of_the_tombstone_once() -> None:
    facts, heard = Facts(), list[str]()
    facts.listen(lambda stored: heard.append(stored.what))
    kind, ids, what, state = erasure_of("p-1")[0]
    for _ in range(2):
        facts.apply(FactSubject(kind.ref(HERE, *ids), what), state, 7)
    assert heard == [ERASED]
