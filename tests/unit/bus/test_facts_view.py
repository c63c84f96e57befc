"""The view of facts: the last state of each entity, however late or often facts arrive."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bus.facts import Facts, Stored
from shared.contract.catalogue import AFFILIATION, INTEREST, RELEASE
from shared.contract.facts.registrations import Affiliation, Contact, Interest
from shared.contract.subjects import FactSubject, Service


def stated(facts: Facts, seq: int, person: str = "p-1", community: str = "northgate") -> None:
    ref = AFFILIATION.ref(community, person)
    facts.apply(FactSubject(ref, "stated"), Affiliation(person=person, school=f"School {seq}"), seq)


def school(facts: Facts, person: str = "p-1") -> str:
    state = facts.state(AFFILIATION, Affiliation, "northgate", person)
    assert state is not None
    return state.school


@given(st.lists(st.integers(1, 30), min_size=1, max_size=20))
def test_an_older_fact_never_replaces_a_newer_one(order: list[int]) -> None:
    facts = Facts()
    for seq in order:
        stated(facts, seq)
    assert school(facts) == f"School {max(order)}"
    assert facts.last_seq(Service.REGISTRATIONS) == max(order)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=20))
def test_listeners_are_told_of_each_new_last_fact_once_and_in_order(order: list[int]) -> None:
    facts, heard = Facts(), list[Stored]()
    facts.listen(heard.append)
    for seq in order:
        stated(facts, seq)
    seen = [stored.seq for stored in heard]
    assert seen == sorted(set(seen))
    assert seen[-1] == max(order)


@given(st.lists(st.tuples(st.sampled_from(["p-1", "p-2"]), st.sampled_from(["a", "b"])), max_size=20))
def test_entities_and_communities_are_kept_apart(arrivals: list[tuple[str, str]]) -> None:
    facts = Facts()
    for seq, (person, community) in enumerate(arrivals, start=1):
        stated(facts, seq, person, community)
    for community in ("a", "b"):
        expected = {(person,) for person, where in arrivals if where == community}
        assert set(facts.all(AFFILIATION, community)) == expected
    assert set(facts.communities(AFFILIATION)) == {community for _, community in arrivals}


def test_what_nobody_stated_is_none() -> None:
    facts = Facts()
    assert facts.get(AFFILIATION.ref("northgate", "p-1")) is None
    assert facts.state(INTEREST, Interest, "northgate", "p-1", "s-1") is None
    assert facts.states(RELEASE, Affiliation, "northgate") == {}
    assert facts.last_seq(Service.SCHEDULER) == 0


def test_a_state_asked_for_as_something_else_is_an_error() -> None:
    facts = Facts()
    stated(facts, 1)
    with pytest.raises(TypeError, match="expected Contact"):
        facts.state(AFFILIATION, Contact, "northgate", "p-1")
