"""Rules in local time, on both sides of the clock change of 28 March 2027 in London."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scheduling_samples import candidates_of, default_policy, placement, problem, session

from services.scheduler.board import Board
from services.scheduler.entities import Person, Wish
from services.scheduler.finished import FinishedPlan
from services.scheduler.rules.base import Level
from services.scheduler.rules.windows import ProhibitedTimes, RequiredTimes
from shared.contract.values import DateSpan, Weekday
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
    free = candidates.options("a").free()[0]
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


ZONES = ("Europe/London", "Asia/Dubai", "Australia/Sydney", "Australia/Lord_Howe", "America/New_York", "Asia/Kolkata")
TURNS = (date(2027, 3, 27), date(2027, 10, 30), date(2027, 4, 3), date(2027, 10, 2), date(2026, 12, 30))
"""The days before clocks change in London and Sydney, and the last but one of a year."""


@st.composite
def windows(draw: st.DrawFn) -> ProhibitedTimes | RequiredTimes:
    walls = st.times(max_value=time(23, 59)).map(lambda wall: wall.replace(second=0, microsecond=0))
    given: dict[str, Any] = {
        "id": "r",
        "sentence": "S",
        "source": "T",
        "start": draw(walls),
        "end": draw(walls),
        "weekdays": tuple(sorted(draw(st.sets(st.sampled_from(Weekday), min_size=1)))),
        "level": draw(st.sampled_from([Level.MUST, Level.WARN, Level.BLOCK_RELEASE])),
        "share": draw(st.integers(0, 20)),
        "notice_days": draw(st.none() | st.integers(1, 5)),
    }
    if draw(st.booleans()):
        first = draw(st.sampled_from(TURNS))
        given["dates"] = (DateSpan(first=first, last=first + timedelta(days=draw(st.integers(0, 3))), reason="then"),)
    return draw(st.sampled_from([ProhibitedTimes(**given, where="then"), RequiredTimes(**given)]))


@settings(max_examples=60, deadline=None)
@given(windows(), st.sampled_from(ZONES), st.sampled_from(TURNS), st.integers(1, 600), st.integers(0, 3))
def test_what_a_window_states_on_the_grid_is_what_it_finds_in_a_plan(
    rule: ProhibitedTimes | RequiredTimes, name: str, first: date, minutes: int, wishing: int
) -> None:
    one = session("a", "p", minutes=minutes)
    people = tuple(Person(id=f"q-{number}") for number in range(wishing))
    made = problem(
        [one],
        zone=name,
        first_day=first,
        last_day=first + timedelta(days=2),
        asked_at=datetime(first.year, first.month, first.day, 3, 30, tzinfo=UTC),
        people=people,
        wishes=tuple(Wish(person=person.id, proposal="a", level="interested") for person in people),
    )
    board = Board(made, keep_published=False)
    starts = board.grid.starts
    stated = rule.amounts(one, np.arange(len(starts)), board)[0]
    for start, amount in zip(starts.tolist(), stated.tolist(), strict=True):
        plan = FinishedPlan(made, [placement(one, datetime.fromtimestamp(start, UTC))], keep_published=False)
        assert sum(finding.amount for finding in rule.judge(plan)) == amount


def wrong_at(rule: ProhibitedTimes | RequiredTimes, start: datetime, minutes: int, name: str) -> int:
    """The minutes of a session at that instant that the rule finds wrong."""
    one, day = session("a", minutes=minutes), start.date()
    made = problem([one], zone=name, first_day=day - timedelta(days=1), last_day=day + timedelta(days=1))
    return sum(each.amount for each in rule.judge(FinishedPlan(made, [placement(one, start)], keep_published=False)))


def closed(start: int, end: int, **more: Any) -> ProhibitedTimes:
    given: dict[str, Any] = {"id": "r", "sentence": "S", "source": "T", "where": "then"}
    return ProhibitedTimes(**given, start=time(start), end=time(end), **more)


def test_a_window_over_the_hour_that_the_clock_skips_is_an_hour_shorter() -> None:
    spring = datetime(2027, 3, 28, 0, 0, tzinfo=UTC)
    assert wrong_at(closed(0, 4), spring, 300, "Europe/London") == 180
    assert wrong_at(closed(0, 4), spring + timedelta(days=7, hours=-1), 300, "Europe/London") == 240


def test_a_window_over_the_hour_that_the_clock_repeats_is_an_hour_longer() -> None:
    autumn = datetime(2027, 10, 30, 23, 0, tzinfo=UTC)
    assert wrong_at(closed(0, 4), autumn, 400, "Europe/London") == 300


def test_south_of_the_equator_the_clock_changes_the_other_way() -> None:
    sydney = "Australia/Sydney"
    noon_before, noon_after = datetime(2027, 4, 3, 1, tzinfo=UTC), datetime(2027, 4, 4, 2, tzinfo=UTC)
    assert wrong_at(closed(12, 14), noon_before, 60, sydney) == wrong_at(closed(12, 14), noon_after, 60, sydney) == 60
    assert wrong_at(closed(12, 14), noon_before - timedelta(hours=1), 60, sydney) == 0
    assert wrong_at(closed(12, 14), noon_after - timedelta(hours=1), 60, sydney) == 0


def test_a_friday_half_day_in_dubai_begins_at_local_noon() -> None:
    friday = closed(12, 0, weekdays=(Weekday.FRI,))
    assert wrong_at(friday, datetime(2027, 1, 15, 7, tzinfo=UTC), 60, "Asia/Dubai") == 0
    assert wrong_at(friday, datetime(2027, 1, 15, 7, 30, tzinfo=UTC), 60, "Asia/Dubai") == 30
    assert wrong_at(friday, datetime(2027, 1, 15, 19, 30, tzinfo=UTC), 60, "Asia/Dubai") == 30


def test_a_weekend_of_friday_and_saturday_is_local_too() -> None:
    weekend = closed(0, 0, weekdays=(Weekday.FRI, Weekday.SAT))
    assert wrong_at(weekend, datetime(2027, 1, 14, 20, 30, tzinfo=UTC), 60, "Asia/Riyadh") == 30
    assert wrong_at(weekend, datetime(2027, 1, 16, 20, 30, tzinfo=UTC), 60, "Asia/Riyadh") == 30
    assert wrong_at(weekend, datetime(2027, 1, 17, 9, 0, tzinfo=UTC), 60, "Asia/Riyadh") == 0


def test_a_night_over_the_turn_of_a_year_is_one_stretch() -> None:
    night = closed(22, 2)
    assert wrong_at(night, datetime(2026, 12, 31, 21, tzinfo=UTC), 360, "Europe/London") == 240
    only = closed(22, 2, dates=(DateSpan(first=date(2026, 12, 31), last=date(2026, 12, 31), reason="x"),))
    assert wrong_at(only, datetime(2027, 1, 1, 1, tzinfo=UTC), 60, "Europe/London") == 60
    assert wrong_at(only, datetime(2027, 1, 1, 23, tzinfo=UTC), 60, "Europe/London") == 0


def test_a_share_counts_for_each_person_but_not_where_the_rule_must_hold() -> None:
    noon = datetime(2027, 1, 12, 12, tzinfo=UTC)
    assert wrong_at(closed(12, 13, share=5, level=Level.WARN), noon, 60, "Europe/London") == 15
    assert wrong_at(closed(12, 13, share=1, level=Level.BLOCK_RELEASE), noon, 1, "Europe/London") == 1
    assert wrong_at(closed(12, 13, share=5), noon, 60, "Europe/London") == 60


def test_a_rule_falls_on_its_weekdays_only() -> None:
    rule = ProhibitedTimes(id="r", sentence="S", source="T", where="then", weekdays=(Weekday.FRI,))
    days = {interval.start.date() for interval in rule.intervals(date(2027, 1, 11), date(2027, 1, 24), "UTC")}
    assert days == {date(2027, 1, 15), date(2027, 1, 22)}


def test_the_grid_has_one_start_fewer_an_hour_where_the_clock_skips_it() -> None:
    made = problem([session("a")], first_day=date(2027, 3, 28), last_day=date(2027, 3, 28))
    starts = [datetime.fromtimestamp(int(start), UTC) for start in candidates_of(made).board.grid.starts]
    assert len(starts) == 23
    assert len(set(starts)) == 23
