"""Ids are the same for ever, unique where they must be, and made from our own ids alone."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from schedule_rules import ACRONYM, SLUG

from services.scheduler.exports.identifiers import Kind, acronym, guid, numbers, slug

IDS = st.from_regex(r"\A[a-z0-9-]{1,64}\Z")


def test_a_guid_is_the_same_on_every_machine_and_another_for_everything_else() -> None:
    assert guid("northgate.example", Kind.SESSION, "reading") == UUID("6818b43b-0dec-5c74-8774-db3834e5ba4f")
    others = {guid(domain, kind, "reading") for domain in ("a.example", "b.example") for kind in Kind}
    assert len(others) == 6
    assert {each.version for each in others} == {5}


@given(st.sets(st.uuids(), max_size=30))
def test_numbers_are_positive_small_and_unique(guids: set[UUID]) -> None:
    given_numbers = numbers(guids)
    assert given_numbers.keys() == guids
    assert len(set(given_numbers.values())) == len(guids)
    assert all(1 <= each < 2**31 for each in given_numbers.values())


def test_numbers_that_would_be_the_same_are_told_apart_and_always_alike() -> None:
    twins = [UUID(int=5), UUID(int=5 + (2**31 - 1)), UUID(int=2**31 - 2), UUID(int=2 * (2**31 - 1) - 1)]
    found = numbers(twins)
    assert sorted(found.values()) == [1, 6, 7, 2**31 - 1]
    assert numbers(reversed(twins)) == found


@given(IDS, IDS)
def test_acronyms_and_slugs_keep_their_patterns(programme: str, session: str) -> None:
    assert ACRONYM.fullmatch(acronym(programme))
    assert "-" not in acronym(programme)
    assert SLUG.fullmatch(slug(programme, 7, session))
