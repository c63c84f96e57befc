"""Which busy times are kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.registrations.calendars.busy_windows import kept_windows
from services.registrations.calendars.horizons import DAYS_AHEAD, DAYS_BACK, STEP_DAYS, horizon_at
from shared.contract.facts.registrations import Availability, StatedWindows
from shared.contract.values import Answer
from shared.time.intervals import Interval

START = datetime(2027, 1, 4, tzinfo=UTC)
LAST = date(2027, 3, 1)


def hours(first: int, length: int) -> Interval:
    return Interval(START + timedelta(hours=first), START + timedelta(hours=first + length))


SOME = st.lists(st.builds(hours, st.integers(0, 200), st.integers(1, 9)), max_size=12)


@given(SOME, SOME, st.integers(0, 210))
def test_every_hour_keeps_its_most_cautious_answer(no: list[Interval], maybe: list[Interval], hour: int) -> None:
    kept = kept_windows(no, maybe, LAST)
    time = hours(hour, 1)
    stated = Availability(person="p-001", sources=(StatedWindows(source="calendar-work", windows=kept.windows),))
    expected = Answer.NO if any(each.overlaps(time) for each in no) else None
    if expected is None and any(each.overlaps(time) for each in maybe):
        expected = Answer.IF_NEED_BE
    assert stated.answer_at(time) is expected


@given(SOME, SOME)
def test_windows_are_in_order_and_none_overlaps_another(no: list[Interval], maybe: list[Interval]) -> None:
    windows = kept_windows(no, maybe, LAST).windows
    assert all(first.end <= second.start for first, second in pairwise(windows))


def test_of_too_many_the_earliest_are_kept_and_the_last_known_day_is_before_the_first_that_is_not() -> None:
    kept = kept_windows([hours(24 * day + 9, 1) for day in range(20)], [], LAST, most=5)
    assert (len(kept.windows), kept.until_day) == (5, (START + timedelta(days=4)).date())
    assert kept_windows([hours(9, 1)], [], LAST).until_day == LAST


@given(st.integers(0, 80_000), st.sampled_from(["Europe/London", "Pacific/Auckland"]))
def test_the_days_reach_from_a_week_ago_to_four_hundred_days_ahead_and_move_in_steps(hours: int, zone: str) -> None:
    now = START + timedelta(hours=hours)
    horizon = horizon_at(now, zone)
    today = now.date()
    assert horizon.first <= today + timedelta(days=1 - DAYS_BACK)
    assert horizon.last >= today + timedelta(days=DAYS_AHEAD - 1)
    assert horizon.first.toordinal() % STEP_DAYS == 0
