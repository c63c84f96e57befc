"""Proposals that look like one another: measured on pairs that were labelled by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from known_facts import proposal
from proposal_pairs import ALIKE as ALIKE_PAIRS
from proposal_pairs import DIFFERENT, PAIRS, UNSEEN_ALIKE, UNSEEN_DIFFERENT, Pair

from services.registrations.similarity import ALIKE, MOST_TOLD, likeness, look_alikes

TITLES = st.text("abcdefg äß1-", min_size=1, max_size=40).filter(lambda text: bool(text.strip()))


def warned(pairs: list[Pair]) -> int:
    return sum(likeness(each.one, each.other) >= ALIKE for each in pairs)


def test_all_labelled_pairs_that_are_alike_are_told_and_one_in_ten_of_the_others() -> None:
    assert (warned(ALIKE_PAIRS), len(ALIKE_PAIRS)) == (20, 20)
    assert (warned(DIFFERENT), len(DIFFERENT)) == (2, 20)


def test_on_pairs_that_the_threshold_was_not_chosen_on_it_errs_once_on_either_side() -> None:
    assert (warned(UNSEEN_ALIKE), len(UNSEEN_ALIKE)) == (7, 8)
    assert (warned(UNSEEN_DIFFERENT), len(UNSEEN_DIFFERENT)) == (1, 8)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.one.title} - {pair.other.title}")
def test_likeness_is_the_same_in_both_directions(pair: Pair) -> None:
    assert likeness(pair.one, pair.other) == likeness(pair.other, pair.one)


@given(title=TITLES, other=TITLES)
def test_likeness_is_a_share_of_100_and_all_of_it_for_the_same_words(title: str, other: str) -> None:
    one, two = proposal(title=title), proposal(title=other)
    assert likeness(one, one) == 100
    assert 0 <= likeness(one, two) == likeness(two, one) <= 100


def test_only_proposals_of_the_programme_that_are_submitted_or_more_are_looked_at() -> None:
    wanted = [proposal(proposal=name, status=name) for name in ("submitted", "maybe", "accepted")]
    others = [
        *(proposal(proposal=name, status=name) for name in ("drafted", "withdrawn")),
        proposal(proposal="elsewhere", programme="autumn", status="accepted"),
    ]
    one = proposal(status="submitted")
    found = look_alikes(one, [one, *others, *wanted])
    assert {each.proposal.proposal for each in found} == {"submitted", "maybe", "accepted"}


def test_the_most_alike_are_told_first_and_only_a_few() -> None:
    others = [proposal(proposal=f"x-{number}", status="accepted") for number in range(9)]
    nearly = proposal(proposal="nearly", title="Retrieval practice in 10 minutes", status="accepted")
    found = look_alikes(proposal(status="submitted"), [nearly, *others[:2]])
    assert [each.proposal.proposal for each in found] == ["x-0", "x-1", "nearly"]
    assert len(look_alikes(proposal(status="submitted"), others)) == MOST_TOLD
