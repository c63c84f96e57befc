"""Plans of an evening: what must hold holds, and nothing that may be held costs less."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations_with_replacement, pairwise, permutations

import pytest

from services.scheduler.running_order.checking import violations
from services.scheduler.running_order.drawing import draw
from services.scheduler.running_order.errors import RunningOrderError
from services.scheduler.running_order.evening import Evening
from services.scheduler.running_order.fitting import NEVER, arranged, earliest_end, fit, queue
from services.scheduler.running_order.order import Rule, RunningOrder
from services.scheduler.running_order.planning import plan
from services.scheduler.running_order.scoring import findings
from services.scheduler.running_order.timing import slots_of
from tests.unit.scheduler.running_order.evenings import at, evening, pause, random_evening, talk

SEED = "0123456789abcdef" * 4


def composed(made: Evening) -> RunningOrder:
    return plan(made, seconds=None, workers=1)


def drawn(made: Evening) -> RunningOrder:
    return plan(made, draw(made, SEED), seconds=None, workers=1)


def cost(made: Evening, parts: tuple[tuple[str, ...], ...]) -> int | None:
    """``None`` for what may not be held."""
    slots = slots_of(made, parts)
    return None if violations(made, slots) else sum(each.cost for each in findings(made, slots))


def splits(names: tuple[str, ...], breaks: int) -> Iterator[tuple[tuple[str, ...], ...]]:
    for cuts in combinations_with_replacement(range(len(names) + 1), breaks):
        yield tuple(names[a:b] for a, b in pairwise((0, *cuts, len(names))))


@pytest.mark.parametrize("seed", range(24))
def test_what_must_hold_holds_and_scorer_and_model_agree(seed: int) -> None:
    made = random_evening(seed, talks=8, breaks=seed % 3)
    for order in (composed(made), drawn(made)):
        assert not violations(made, order.slots)
        assert order.cost == sum(each.cost for each in order.findings) == order.bound
        reserves = {one.id for one in made.talks if one.reserve}
        assert {*order.talks, *(each.talk for each in order.left_out)} == {one.id for one in made.ordinary}
        assert set(order.standing_by) == reserves


@pytest.mark.parametrize("seed", range(16))
def test_no_composed_order_costs_less_than_the_one_found(seed: int) -> None:
    made = random_evening(100 + seed, talks=4, breaks=seed % 3)
    names = [one.id for one in made.ordinary]
    costs = [
        cost(made, parts)
        for count in range(len(names) + 1)
        for chosen in permutations(names, count)
        for parts in splits(chosen, len(made.breaks))
    ]
    possible = [each for each in costs if each is not None]
    if possible:
        assert composed(made).cost == min(possible)
    else:
        with pytest.raises(RunningOrderError, match="unpin"):
            composed(made)


@pytest.mark.parametrize("seed", range(16))
def test_no_breaks_between_drawn_talks_cost_less_than_those_found(seed: int) -> None:
    made = random_evening(200 + seed, talks=6, breaks=2)
    order = drawn(made)
    costs = [cost(made, parts) for parts in splits(order.talks, 2)]
    assert order.cost == min(each for each in costs if each is not None)


@pytest.mark.parametrize("seed", range(30))
def test_the_earliest_end_is_that_of_the_best_breaks(seed: int) -> None:
    made = random_evening(300 + seed, talks=5, breaks=2, pins=False)
    talks = made.ordinary
    endless = made.model_copy(update={"end": at(700)})
    ends = []
    for parts in splits(tuple(one.id for one in talks), 2):
        slots = slots_of(made, parts)
        if all("goes first" in told for told in violations(endless, slots)):
            ends.append(made.minutes_until(slots[-1].end))
    assert earliest_end(made, talks) == min(ends, default=NEVER)


@pytest.mark.parametrize("seed", range(12))
def test_down_the_draw_each_speaks_who_fits_with_all_before(seed: int) -> None:
    made = random_evening(400 + seed, talks=8, breaks=1)
    waiting = queue(made, draw(made, SEED).order)
    speaking, reasons = fit(made, waiting)
    taken = []
    for one in waiting:
        if earliest_end(made, arranged(made, [*taken, one])) <= made.minutes:
            taken.append(one)
    assert speaking == arranged(made, taken)
    assert set(reasons) == {one.id for one in waiting} - {one.id for one in taken}


def test_neighbours_have_different_topics_and_lengths() -> None:
    made = evening(
        [talk("a", 2, tags="maths"), talk("b", 2, tags="art"), talk("c", tags="maths"), talk("d", tags="talk")]
    )
    assert not composed(made).findings


def test_a_first_timer_is_not_last() -> None:
    made = evening([talk("a", first_timer=True), talk("b", first_timer=True), talk("c")])
    assert composed(made).talks[-1] == "c"


def test_parts_are_about_equally_long() -> None:
    made = evening([talk(name, 7) for name in "abcd"], 60, (pause(),))
    parts = [slot.part for slot in composed(made).slots if slot.kind == "talk"]
    assert parts == [1, 1, 2, 2]


def test_who_was_left_out_last_time_speaks_before_all_others() -> None:
    made = evening([talk("a"), talk("b", carried_over=True), talk("c"), talk("d", carried_over=True)])
    for order in (composed(made), drawn(made)):
        assert set(order.talks[:2]) == {"b", "d"}


def test_who_was_left_out_last_time_is_not_left_out_for_others() -> None:
    made = evening([talk("long", 15, carried_over=True), *(talk(name, 2) for name in "abcdef")], 17)
    for order in (composed(made), drawn(made)):
        assert order.talks == ("long",)


def test_a_second_talk_gives_way_to_a_presenter_who_would_not_speak() -> None:
    made = evening([talk("a1", 2, by="a"), talk("a2", 2, by="a"), talk("b", 7)], 11)
    (left,) = composed(made).left_out
    assert (left.presenter, left.first_next_time) == ("a", False)


def test_nobody_speaks_twice_in_a_row() -> None:
    made = evening([talk("a1", by="a"), talk("a2", by="a"), talk("b")])
    order = composed(made)
    assert order.talks[1] == "b"
    assert not order.left_out


def test_a_second_talk_that_can_only_follow_the_first_is_left_out() -> None:
    made = evening([talk("a1", by="a"), talk("a2", by="a")])
    for order in (composed(made), drawn(made)):
        (left,) = order.left_out
        assert "twice in a row" in left.reason
        assert order.cost == order.bound


def test_a_pinned_talk_has_its_position() -> None:
    made = evening([talk("welcome", 2, pinned=1), *(talk(name) for name in "abc"), talk("close", 2, pinned=5)])
    for order in (composed(made), drawn(made)):
        assert (order.talks[0], order.talks[-1]) == ("welcome", "close")


def test_pinned_talks_that_cannot_hold_are_named() -> None:
    made = evening([talk("a", 15, pinned=1), talk("b", 15, pinned=2)], 20)
    for way in (composed, drawn):
        with pytest.raises(RunningOrderError, match=r"talks\.pinned"):
            way(made)


def test_a_break_begins_by_its_latest_start() -> None:
    made = evening([talk(name) for name in "abcdef"], 70, (pause(latest=at(10)),))
    for order in (composed(made), drawn(made)):
        (held,) = [slot for slot in order.slots if slot.kind == "break"]
        assert held.start <= at(10)


def test_changeovers_lie_between_talks_and_longer_ones_before_remote_talks() -> None:
    made = evening([talk("a"), talk("b", remote=True)], 30, changeover_minutes=1, remote_changeover_minutes=4)
    one, other = drawn(made).slots
    assert (other.start - one.end).total_seconds() == 60 * (4 if other.id == "b" else 1)


def test_who_is_left_out_is_told_why_and_goes_first_next_time() -> None:
    made = evening([talk("a"), talk("b", 15)], 20)
    (left,) = composed(made).left_out
    assert left.first_next_time
    assert "minutes after 17:50" in left.reason
    (left,) = drawn(made).left_out
    assert "too late" in left.reason


def test_every_talk_left_out_outweighs_all_else() -> None:
    crowded = [talk(name, 7, tags="maths", first_timer=True) for name in "abcdefg"]
    order = composed(evening(crowded, 55))
    assert len(order.talks) == 7
    assert {each.rule for each in order.findings} >= {Rule.TOPIC_VARIETY, Rule.ALTERNATE_LENGTHS}


def test_a_draw_for_other_presenters_is_refused() -> None:
    made, other = evening([talk("a"), talk("b")]), evening([talk("a"), talk("c")])
    with pytest.raises(RunningOrderError, match=r"by-b \(open\)"):
        plan(made, draw(other, SEED))
