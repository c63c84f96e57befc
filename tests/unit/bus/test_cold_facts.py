"""Facts that are kept as bytes say the same as those that are kept as models, whatever comes in which order."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bus.facts import Facts
from shared.contract.catalogue import AFFILIATION, INTEREST
from shared.contract.facts.registrations import Interest
from shared.contract.subjects import EntityRef, FactSubject
from shared.contract.values import InterestLevel

_PEOPLE, _SESSIONS = ("p-1", "p-2", "p-3"), ("s-1", "s-2")


@dataclass(frozen=True)
class Step:
    """A fact that arrives, or (no level) an entity whose last fact is deleted."""

    person: str
    session: str
    seq: int
    level: InterestLevel | None

    @property
    def ref(self) -> EntityRef:
        return INTEREST.ref("northgate", self.person, self.session)

    def take(self, facts: Facts, *, with_body: bool) -> None:
        if self.level is None:
            facts.drop(self.ref, self.seq)
            return
        state = Interest(person=self.person, session=self.session, level=self.level, applied=(str(self.seq),))
        body = state.model_dump_json(exclude_none=True).encode() if with_body else None
        facts.apply(FactSubject(self.ref, "stated"), state, self.seq, None, body)


_STEPS = st.lists(
    st.builds(
        Step,
        person=st.sampled_from(_PEOPLE),
        session=st.sampled_from(_SESSIONS),
        seq=st.integers(1, 40),
        level=st.sampled_from([None, *InterestLevel]),
    ),
    max_size=30,
)


@given(_STEPS, st.booleans(), st.integers(0, 30))
def test_cold_and_warm_facts_say_the_same_after_any_history(steps: list[Step], with_body: bool, asked_at: int) -> None:
    cold, warm = Facts([INTEREST]), Facts()
    for number, step in enumerate(steps):
        if number == asked_at:
            # Indexes are made when they are first needed, and kept from then on.
            cold.states(INTEREST, Interest, "northgate", person="p-1")
            cold.states(INTEREST, Interest, "northgate", session="s-1")
        step.take(cold, with_body=with_body)
        step.take(warm, with_body=False)
    everything = warm.states(INTEREST, Interest, "northgate")
    assert cold.states(INTEREST, Interest, "northgate") == everything
    assert {ids: each.seq for ids, each in cold.all(INTEREST, "northgate").items()} == {
        ids: each.seq for ids, each in warm.all(INTEREST, "northgate").items()
    }
    for person in _PEOPLE:
        expected = {ids: state for ids, state in everything.items() if ids[0] == person}
        assert cold.states(INTEREST, Interest, "northgate", person=person) == expected
    for session in _SESSIONS:
        expected = {ids: state for ids, state in everything.items() if ids[1] == session}
        assert cold.states(INTEREST, Interest, "northgate", session=session) == expected


@given(_STEPS)
def test_an_older_fact_never_replaces_a_newer_one_that_is_kept_as_bytes(steps: list[Step]) -> None:
    facts = Facts([INTEREST])
    arrived = [step for step in steps if step.level is not None]
    for step in arrived:
        step.take(facts, with_body=True)
    for step in arrived:
        newest = max(each.seq for each in arrived if each.ref == step.ref)
        stored = facts.get(step.ref)
        assert stored is not None
        assert stored.seq == newest
        assert stored.state.applied == (str(newest),)
        assert facts.has(step.ref, newest)
        assert not facts.has(step.ref, newest + 1)


def test_both_ids_together_find_one_entity() -> None:
    facts = Facts()
    for person in _PEOPLE:
        for session in _SESSIONS:
            Step(person, session, 1, InterestLevel.COMING).take(facts, with_body=False)
    found = facts.states(INTEREST, Interest, "northgate", session="s-2", person="p-3")
    assert set(found) == {("p-3", "s-2")}


def test_an_id_that_the_kind_does_not_have_is_an_error() -> None:
    facts = Facts()
    Step("p-1", "s-1", 1, InterestLevel.COMING).take(facts, with_body=False)
    with pytest.raises(ValueError, match="programme"):
        facts.states(INTEREST, Interest, "northgate", programme="p")


def test_an_entity_is_known_without_being_read() -> None:
    facts = Facts([INTEREST])
    step = Step("p-1", "s-1", 1, InterestLevel.COMING)
    assert not facts.knows(step.ref)
    step.take(facts, with_body=True)
    assert facts.knows(step.ref)
    assert not facts.knows(AFFILIATION.ref("northgate", "p-1"))
