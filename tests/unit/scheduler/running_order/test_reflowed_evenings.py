"""Re-flow: what follows is worked out anew, and every change is told."""

from __future__ import annotations

from datetime import datetime
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scheduler.running_order.drawing import draw
from services.scheduler.running_order.errors import RunningOrderError
from services.scheduler.running_order.evening import Evening
from services.scheduler.running_order.order import RunningOrder
from services.scheduler.running_order.planning import plan
from services.scheduler.running_order.reflow import Reflow, due, reflow
from tests.unit.scheduler.running_order.evenings import at, evening, pause, random_evening, standing, talk

# a 0-7, b 8-15, break 15-30, c 30-37, d 38-45
FULL = evening([talk(name) for name in "abcd"], 45, (pause(),))
ORDER = standing(FULL, "a b", "c d")

# The same with two nano talks standing by.
WITH_RESERVES = evening(
    [*(talk(name) for name in "abcd"), talk("r", 2, reserve=True), talk("s", reserve=True)], 45, (pause(),)
)
RESERVED = standing(WITH_RESERVES, "a b", "c d", reserves="r s")


def starts(made: Reflow) -> dict[str, int]:
    return {slot.id: FULL.minutes_until(slot.start) for slot in made.order.slots}


def minutes(made: Reflow, name: str = "apathy") -> int:
    return next(slot.minutes for slot in made.order.slots if slot.id == name)


def test_four_minutes_late_shrink_the_apathy_break() -> None:
    made = reflow(FULL, ORDER, ended=2, now=at(19))
    assert "4 minutes late: the apathy break shrinks from 15 to 11 minutes." in made.changes
    assert starts(made)["c"] == 30
    assert not made.order.left_out


def test_lateness_that_the_end_allows_only_moves_what_follows() -> None:
    roomy = FULL.model_copy(update={"end": at(60)})
    made = reflow(roomy, standing(roomy, "a b", "c d"), ended=1, now=at(11))
    assert made.changes == ("4 minutes late: b begins at 17:42, not 17:38.", "It all ends at 18:19, not 18:15.")


def test_when_breaks_cannot_give_more_reserves_give_way_before_speakers() -> None:
    order = standing(WITH_RESERVES.model_copy(update={"end": at(48)}), "a b", "r c d", reserves="s")
    made = reflow(WITH_RESERVES.model_copy(update={"end": at(48)}), order, ended=2, now=at(26))
    assert made.order.talks == ("a", "b", "c", "d")
    assert made.order.standing_by == ("r", "s")
    assert "The reserve talk r gives way and stands by again." in made.changes


def test_as_a_last_resort_it_names_who_will_not_speak() -> None:
    made = reflow(FULL, ORDER, ended=2, now=at(26))
    assert made.order.talks == ("a", "b", "c")
    assert "There is no time left for d: by-d goes first next time." in made.changes
    (left,) = made.order.left_out
    assert left.first_next_time


def test_second_talks_give_way_before_presenters_who_have_not_spoken() -> None:
    made = evening([talk("a"), talk("a2", by="by-a"), talk("b")], 23)
    after = reflow(made, standing(made, "a b a2"), ended=1, now=at(10))
    assert after.order.talks == ("a", "b")
    swapped = evening([talk("a"), talk("a2", by="by-a"), talk("b")], 45, (pause(),))
    after = reflow(swapped, standing(swapped, "a", "a2 b"), ended=1, now=at(31))
    assert after.order.talks == ("a", "b")


def test_who_was_dropped_comes_back_when_there_is_time_again() -> None:
    dropped = reflow(FULL, ORDER, ended=1, now=at(20)).order
    assert dropped.talks == ("a", "b", "c")
    made = reflow(FULL, dropped, ended=2, now=at(23))
    assert made.order.talks == ("a", "b", "c", "d")
    assert not made.order.left_out
    assert any("there is time again for d by by-d, at 18:08" in told for told in made.changes)


def test_a_break_gets_its_minutes_back() -> None:
    shrunk = reflow(FULL, ORDER, ended=1, now=at(11)).order
    made = reflow(FULL, shrunk, ended=2, now=at(15))
    assert minutes(made) == 15
    assert "4 minutes early: the apathy break grows from 11 to 15 minutes." in made.changes


def test_an_early_finish_brings_in_the_reserve_that_fits() -> None:
    made = reflow(WITH_RESERVES, RESERVED, ended=1, now=at(4))
    assert made.order.talks == ("a", "r", "b", "c", "d")
    assert starts(made) == {"a": 0, "r": 5, "b": 8, "apathy": 15, "c": 30, "d": 38}
    assert made.changes == ("3 minutes early: the reserve talk r by by-r comes in at 17:35.",)


def test_a_no_show_is_replaced_by_the_reserves_that_fit() -> None:
    made = reflow(WITH_RESERVES, RESERVED, ended=1, now=at(7), no_shows=["c"])
    assert made.order.talks == ("a", "b", "r", "d")
    assert made.changes[:2] == (
        "c is not given: by-c did not come.",
        "The reserve talk r by by-r comes in at 18:00.",
    )
    (left,) = made.order.left_out
    assert (left.talk, left.first_next_time) == ("c", False)


def test_a_reserve_is_not_called_while_something_else_has_to_give() -> None:
    made = reflow(WITH_RESERVES, RESERVED, ended=1, now=at(17), no_shows=["c"])
    assert made.order.talks == ("a", "b", "d")


def test_a_break_after_which_nobody_speaks_falls_away() -> None:
    made = reflow(FULL, ORDER, ended=1, now=at(30))
    assert [slot.id for slot in made.order.slots] == ["a", "b"]
    assert "23 minutes late: the apathy break falls away, because nobody speaks after it." in made.changes


def test_a_break_that_begins_after_its_latest_start_is_told() -> None:
    made = evening([talk("a"), talk("b")], 60, (pause(latest=at(8)),))
    assert (
        "The apathy break begins at 17:40, though it should by 17:38."
        in reflow(made, standing(made, "a", "b"), ended=1, now=at(10)).changes
    )


def test_two_talks_in_a_row_that_a_no_show_leaves_are_told() -> None:
    made = evening([talk("a"), talk("b"), talk("a2", by="by-a")])
    told = reflow(made, standing(made, "a b a2"), ended=0, now=at(0), no_shows=["b"]).changes
    assert "by-a now speaks twice in a row, with a and a2." in told


def test_seconds_are_rounded_up() -> None:
    assert starts(reflow(FULL, ORDER, ended=2, now=at(16).replace(second=1)))["apathy"] == 17


@cache
def planned(seed: int) -> tuple[Evening, RunningOrder]:
    made = random_evening(seed, talks=8, breaks=seed % 3, pins=False).model_copy(
        update={"remote_changeover_minutes": None}
    )
    return made, plan(made, draw(made, "a" * 64), seconds=None, workers=1)


moments = st.tuples(st.integers(0, 9), st.floats(0, 1), st.integers(-10, 40), st.floats(0, 1))


def at_a_moment(
    seed: int, share: float, late: int, absent: float
) -> tuple[Evening, RunningOrder, int, datetime, list[str]]:
    made, order = planned(seed)
    ended = round(share * len(order.slots))
    late = max(late, -order.slots[ended - 1].minutes if ended else late)
    coming = [slot.id for slot in order.slots[ended:] if slot.kind == "talk"]
    now = max(due(made, order, ended), made.start) + (at(late) - at(0))
    return made, order, ended, now, coming[: round(absent * 2)]


@given(st.integers(0, 9), st.floats(0, 1))
@settings(deadline=None)
def test_what_is_on_time_stays_as_it_is(seed: int, share: float) -> None:
    made, order, ended, now, _ = at_a_moment(seed, share, 0, 0)
    after = reflow(made, order, ended=ended, now=now)
    assert (after.order.slots, after.changes) == (order.slots, ())


@given(moments)
@settings(deadline=None)
def test_whatever_happens_nobody_is_lost_and_nothing_runs_over(moment: tuple[int, float, int, float]) -> None:
    made, order, ended, now, no_shows = at_a_moment(*moment)
    after = reflow(made, order, ended=ended, now=now, no_shows=no_shows).order
    everybody = [*after.talks, *(each.talk for each in after.left_out), *after.standing_by]
    assert sorted(everybody) == sorted(one.id for one in made.talks)
    assert all(slot.end <= made.end for slot in after.slots[ended:])
    assert all(slot.start >= now for slot in after.slots[ended:])
    before = [name for name in order.talks if name in after.talks]
    assert before == [name for name in after.talks if name in order.talks]
    for slot in after.slots[ended:]:
        if slot.kind == "break":
            held = next(each for each in made.breaks if each.id == slot.id)
            assert held.shortest_minutes <= slot.minutes <= held.minutes
    heard = {made.talk(name).presenter for name in after.talks}
    assert all(
        each.first_next_time == (each.presenter not in heard) for each in after.left_out if each.talk not in no_shows
    )


@given(moments)
@settings(deadline=None)
def test_a_second_reflow_at_the_same_moment_changes_nothing(moment: tuple[int, float, int, float]) -> None:
    made, order, ended, now, no_shows = at_a_moment(*moment)
    once = reflow(made, order, ended=ended, now=now, no_shows=no_shows).order
    if ended:
        again = reflow(made, once, ended=ended, now=now)
        assert (again.order.slots, again.changes) == (once.slots, ())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"ended": 9, "now": at(9)}, "ended: must be from 0 to 5"),
        ({"ended": 2, "now": at(7)}, "now: 17:37 is before b began"),
        ({"ended": 2, "now": at(9).replace(tzinfo=None)}, "now: must be an instant"),
        (
            {"ended": 2, "now": at(15), "no_shows": ["a"]},
            "no_shows: 'a' is not a talk that is still to come; allowed: c, d",
        ),
    ],
)
def test_what_does_not_go_together_is_refused(arguments: dict, told: str) -> None:
    with pytest.raises(RunningOrderError, match=told):
        reflow(FULL, ORDER, **arguments)


def test_an_order_of_another_evening_is_refused() -> None:
    with pytest.raises(RunningOrderError, match="evening_digest"):
        reflow(WITH_RESERVES, ORDER, ended=1, now=at(7))
