"""Rules in local time, on both sides of the clock change of 28 March 2027 in London."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st
from scheduling_samples import candidates_of, default_policy, problem, session

from services.scheduler.rules.windows import ProhibitedTimes, RequiredTimes
from shared.contract.values import Weekday
from shared.time.zones import known_zones, zone

THURSDAY_BEFORE, MONDAY_AFTER = date(2027, 3, 25), date(2027, 3, 29)
LONDON = zone("Europe/London")


def allowed_hours(day: date, session_format: str = "workshop", minutes: int = 60) -> set[time]:
    """The local hours of that day at which the default pack lets a session start."""
    first, last = date(2027, 3, 22), date(2027, 4, 2)
    made = problem(
        [session("a", format=session_format, minutes=minutes)],
        policy=default_policy(first, last),
        first_day=first,
        last_day=last,
    )
    candidates = candidates_of(made)
    free = candidates.options["a"].free()[0]
    starts = [datetime.fromtimestamp(int(start), LONDON) for start in candidates.board.grid.starts[free]]
    return {start.time() for start in starts if start.date() == day}


def test_lunch_stays_free_at_local_noon_before_and_after_the_clock_change() -> None:
    expected = {time(hour) for hour in (9, 10, 11, 14, 15, 16)}
    assert allowed_hours(THURSDAY_BEFORE) == expected
    assert allowed_hours(MONDAY_AFTER) == expected


def test_a_light_lunch_lies_within_local_lunch_before_and_after_the_clock_change() -> None:
    assert allowed_hours(THURSDAY_BEFORE, "light-lunch") == {time(12), time(13)}
    assert allowed_hours(MONDAY_AFTER, "light-lunch") == {time(12), time(13)}


def test_a_friday_and_a_weekend_have_no_start_at_all() -> None:
    assert allowed_hours(date(2027, 3, 26)) == allowed_hours(date(2027, 3, 27)) == set()


def test_a_light_lunch_is_not_exempt_on_a_friday() -> None:
    assert allowed_hours(date(2027, 3, 26), "light-lunch") == set()


def test_a_session_of_two_hours_ends_before_lunch_and_before_the_working_day_does() -> None:
    assert allowed_hours(MONDAY_AFTER, minutes=120) == {time(hour) for hour in (9, 10, 14, 15)}


@given(
    st.sampled_from(sorted(known_zones())),
    st.dates(date(2026, 1, 1), date(2028, 12, 1)),
    st.integers(0, 23),
    st.integers(1, 12),
)
def test_a_rule_begins_and_ends_at_its_local_times_in_every_zone(
    name: str, first: date, hour: int, length: int
) -> None:
    start, end = time(hour), time((hour + length) % 24)
    rule = RequiredTimes(id="r", sentence="S", source="T", start=start, end=end)
    local = zone(name)
    for interval in rule.intervals(first, first + timedelta(days=3), name):
        begins, ends = interval.start.astimezone(local), interval.end.astimezone(local)
        assert begins.time() == start or clock_changes_near(begins)
        assert ends.time() == end or clock_changes_near(ends)


def clock_changes_near(instant: datetime) -> bool:
    """Where the clock skips a wall time, the first one after the gap takes its place."""
    return (instant - timedelta(days=1)).utcoffset() != (instant + timedelta(days=1)).utcoffset()


def test_a_rule_falls_on_its_weekdays_only() -> None:
    rule = ProhibitedTimes(id="r", sentence="S", source="T", where="then", weekdays=(Weekday.FRI,))
    days = {interval.start.date() for interval in rule.intervals(date(2027, 1, 11), date(2027, 1, 24), "UTC")}
    assert days == {date(2027, 1, 15), date(2027, 1, 22)}


def test_the_grid_has_one_start_fewer_an_hour_where_the_clock_skips_it() -> None:
    made = problem([session("a")], first_day=date(2027, 3, 28), last_day=date(2027, 3, 28))
    starts = [datetime.fromtimestamp(int(start), UTC) for start in candidates_of(made).board.grid.starts]
    assert len(starts) == 23
    assert len(set(starts)) == 23
