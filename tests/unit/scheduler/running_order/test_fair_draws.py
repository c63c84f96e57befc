"""The draw can be done again by anybody, and whatever was changed is named."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.scheduler.running_order.drawing import (
    Commitment,
    Draw,
    Entrant,
    Group,
    _below,
    commit,
    commitment_of,
    draw,
    entrants_of,
    new_seed,
    shuffled,
)
from services.scheduler.running_order.evening import EXAMPLE, Evening
from services.scheduler.running_order.planning import plan
from services.scheduler.running_order.verifying import verify
from tests.unit.scheduler.running_order.evenings import evening, talk

SEED = "0123456789abcdef" * 4
PAGE = Path(__file__).parents[4] / "docs" / "running-orders.md"
CROWD = evening([talk(name, 2) for name in "abcdefgh"])

names = st.lists(st.from_regex(r"[a-z0-9-]{1,8}", fullmatch=True), unique=True, max_size=30)


def by_the_book(entrants: list[tuple[str, str]], seed: str, word: str) -> list[str]:
    """The documented algorithm, written down a second time in the plainest way."""
    text = "teachmeet-draw-1\n" + seed + "\n" + "".join(f"{group} {name}\n" for group, name in entrants)
    commitment = hashlib.sha256(text.encode("utf-8")).hexdigest()
    numbers: list[int] = []
    for counter in range(100):
        block = hmac.new(seed.encode(), f"{commitment}\n{word}\n{counter}".encode(), hashlib.sha256).hexdigest()
        numbers += [int(block[at : at + 8], 16) for at in range(0, 64, 8)]
    order: list[str] = []
    for group in ("carried", "open", "reserve"):
        row = [name for its_group, name in entrants if its_group == group]
        for i in reversed(range(1, len(row))):
            while numbers[0] >= 2**32 // (i + 1) * (i + 1):
                numbers.pop(0)
            j = numbers.pop(0) % (i + 1)
            row[i], row[j] = row[j], row[i]
        order += row
    return order


@given(names, st.integers(0, 2), st.text("abc 123", max_size=10))
def test_a_second_writing_of_the_algorithm_draws_the_same(row: list[str], odd: int, word: str) -> None:
    groups = {name: list(Group)[(number + odd) % 3] for number, name in enumerate(row)}
    entrants = [
        Entrant(group=group, presenter=name) for group in Group for name in sorted(row) if groups[name] is group
    ]
    drawn = shuffled(entrants, seed=SEED, commitment=commitment_of(entrants, SEED), word=word)
    assert list(drawn) == by_the_book([(each.group.value, each.presenter) for each in entrants], SEED, word)
    assert sorted(drawn) == sorted(row)
    assert [groups[name] for name in drawn] == [each.group for each in entrants]


def test_the_page_shows_the_draw_of_the_example() -> None:
    drawn = draw(Evening.model_validate(EXAMPLE), SEED, "three and five")
    page = PAGE.read_text(encoding="utf-8")
    assert drawn.commitment in page
    assert ", ".join(drawn.order) in page
    assert drawn.seed in page


def test_numbers_that_would_favour_somebody_are_passed_over() -> None:
    assert _below(3, iter([2**32 - 1, 5])) == 2
    assert _below(4, iter([2**32 - 1])) == 3


def test_everybody_is_first_about_equally_often() -> None:
    entrants = entrants_of(evening([talk(name) for name in "abcd"]))
    firsts = Counter(shuffled(entrants, seed=SEED, commitment="", word=str(each))[0] for each in range(2000))
    assert all(400 < count < 600 for count in firsts.values())


def test_entrants_are_presenters_each_once_and_in_their_group() -> None:
    made = evening([
        talk("1", by="b"), talk("2", by="b", carried_over=True), talk("3", by="a"), talk("4", by="a", reserve=True),
        talk("5", by="c", reserve=True), talk("6", by="d", pinned=1),
    ])  # fmt: skip
    groups = [(each.group.value, each.presenter) for each in entrants_of(made)]
    assert groups == [("carried", "b"), ("open", "a"), ("reserve", "c")]


def test_first_talks_of_everybody_come_before_second_talks() -> None:
    made = evening([talk("a1", by="a"), talk("a2", by="a"), talk("b"), talk("c")], 90)
    order = plan(made, draw(made, SEED), seconds=None, workers=1)
    assert set(order.talks[:3]) == {"a1", "b", "c"}


def test_seeds_are_new_each_time() -> None:
    assert new_seed() != new_seed()


def test_an_honest_draw_matches() -> None:
    commitment, drawn = commit(CROWD, SEED), draw(CROWD, SEED, "heads")
    order = plan(CROWD, drawn, seconds=None, workers=1)
    assert verify(CROWD, commitment, drawn, order) == ()


def _changed(**changes: object) -> Draw:
    return Draw.model_validate(draw(CROWD, SEED).model_dump() | changes)


@pytest.mark.parametrize(
    ("drawn", "told"),
    [
        (_changed(seed="f" * 64), "The seed is not the one that was committed to"),
        (_changed(order=draw(CROWD, SEED).order[::-1]), r"Number 1 of the draw is by-\w, but by-\w was announced"),
        (_changed(order=draw(CROWD, SEED).order[:-1]), r"Number 8 of the draw is by-\w, but nobody was announced"),
        (_changed(word="tails"), "Number"),
        (_changed(commitment="0" * 64), "quotes the commitment 000"),
        (_changed(entrants=draw(CROWD, SEED).entrants[1:]), r"by-a \(open\) has a talk"),
        (_changed(programme="another"), "The draw is for another"),
    ],
)
def test_what_was_changed_is_named(drawn: Draw, told: str) -> None:
    assert re.search(told, " ".join(verify(CROWD, commit(CROWD, SEED), drawn)))


def test_another_published_list_is_named() -> None:
    fewer = evening([talk(name, 2) for name in "abcdefg"])
    assert "not those that were published" in " ".join(verify(CROWD, commit(fewer, SEED), draw(CROWD, SEED)))


def test_a_running_order_that_does_not_follow_the_draw_is_named() -> None:
    commitment, drawn = commit(CROWD, SEED), draw(CROWD, SEED)
    other = plan(CROWD, draw(CROWD, SEED, "other"), seconds=None, workers=1)
    assert re.search(r"Talk \d of the running order", " ".join(verify(CROWD, commitment, drawn, other)))
    free = plan(CROWD, seconds=None, workers=1)
    assert verify(CROWD, commitment, drawn, free) == ("The running order was composed, not drawn.",)


def test_nobody_is_drawn_twice() -> None:
    with pytest.raises(ValidationError, match="twice"):
        _changed(order=("by-a", "by-a"))


def test_a_commitment_tells_nothing_of_the_seed() -> None:
    assert SEED not in Commitment.model_dump_json(commit(CROWD, SEED))
