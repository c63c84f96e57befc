"""The algebra of intervals, held against plain sets of minutes."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.time.intervals import Interval, days, merged

START = datetime(2027, 1, 12, tzinfo=UTC)


def between(first: int, last: int) -> Interval:
    return Interval(START + timedelta(minutes=first), START + timedelta(minutes=last))


INTERVALS = st.tuples(st.integers(0, 40), st.integers(1, 15)).map(lambda pair: between(pair[0], pair[0] + pair[1]))


def minutes(*intervals: Interval) -> set[int]:
    return {
        minute
        for each in intervals
        for minute in range(int((each.start - START).seconds / 60), int((each.end - START).seconds / 60))
    }


@given(INTERVALS, INTERVALS)
def test_intervals_overlap_when_they_share_a_minute(one: Interval, other: Interval) -> None:
    assert one.overlaps(other) == bool(minutes(one) & minutes(other))
    assert one.overlaps(other) == other.overlaps(one)


@given(INTERVALS, INTERVALS)
def test_an_interval_contains_another_when_it_has_all_its_minutes(one: Interval, other: Interval) -> None:
    assert one.contains(other) == (minutes(other) <= minutes(one))


@given(st.lists(INTERVALS, max_size=12))
def test_merged_intervals_are_the_same_minutes(intervals: list[Interval]) -> None:
    assert minutes(*merged(intervals)) == minutes(*intervals)


@given(st.lists(INTERVALS, max_size=12))
def test_merged_intervals_are_in_order_and_apart(intervals: list[Interval]) -> None:
    joined = merged(intervals)
    assert all(one.end < other.start for one, other in itertools.pairwise(joined))
    assert merged(joined) == joined


@given(st.permutations([between(0, 5), between(5, 9), between(12, 20), between(3, 6)]))
def test_merging_does_not_depend_on_order(intervals: list[Interval]) -> None:
    assert merged(intervals) == [between(0, 9), between(12, 20)]


@pytest.mark.parametrize("length", [0, -5])
def test_an_empty_interval_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        between(10, 10 + length)


def test_days_are_both_ends_and_all_between() -> None:
    first = date(2027, 2, 27)
    assert list(days(first, first)) == [first]
    assert [day.day for day in days(first, date(2027, 3, 2))] == [27, 28, 1, 2]
    assert list(days(first, first - timedelta(days=1))) == []
