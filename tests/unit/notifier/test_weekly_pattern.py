"""The dates of a weekly series, and how single ones differ from them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st
from notifier_samples import entry

from services.notifier.planning.weekly import Part, pattern, series_entry
from shared.time.intervals import local_instant
from shared.time.zones import zone

LONDON = "Europe/London"
WEEK = timedelta(weeks=1)
FIRST = datetime(2027, 3, 9, 15, 30, tzinfo=UTC)


def tuesdays(count: int, zone_name: str = LONDON) -> list[datetime]:
    """At half past three by the clock; in London summer time begins between the third and the fourth."""
    clock = zone(zone_name)
    day = FIRST.astimezone(clock).date()
    return [local_instant(day + number * WEEK, time(15, 30), clock) for number in range(count)]


def parts(*starts: datetime | None, **other: object) -> list[Part]:
    return [
        Part(f"knots-part-{number}", entry(start=start, **other) if start is not None else None)
        for number, start in enumerate(starts, start=1)
    ]


def test_a_series_keeps_its_local_time_over_a_change_of_the_clocks() -> None:
    dates = tuesdays(5)
    assert {each.hour for each in dates} == {14, 15}
    found = series_entry(parts(*dates), "Knots")
    assert (found.title, found.start, found.dates, found.changed) == ("Knots", dates[0], tuple(dates), ())
    assert found.sessions == tuple(f"knots-part-{number}" for number in range(1, 6))
    assert found.session_on(dates[2]) == "knots-part-3"
    assert found.date_of("knots-part-3") == dates[2]


def test_a_week_that_is_passed_over_is_no_change() -> None:
    dates = tuesdays(6)
    held = [*dates[:2], *dates[3:]]
    assert series_entry(parts(*held), "Knots").dates == tuple(held)


def test_a_date_that_lies_elsewhere_has_moved() -> None:
    dates = tuesdays(4)
    elsewhere = dates[1] + timedelta(days=1, hours=1)
    found = series_entry(parts(dates[0], elsewhere, *dates[2:]), "Knots")
    assert found.dates == tuple(dates)
    [moved] = found.changed
    assert (moved.original, moved.start, moved.cancelled) == (dates[1], elsewhere, False)


def test_a_date_without_a_place_is_called_off_wherever_it_is() -> None:
    dates = tuesdays(4)
    for number in range(4):
        starts: list[datetime | None] = [*dates]
        starts[number] = None
        found = series_entry(parts(*starts), "Knots")
        assert found.dates == tuple(dates)
        [off] = found.changed
        assert (off.original, off.cancelled, off.given_back) == (dates[number], True, False)


def test_another_room_on_one_date_is_a_change_of_that_date() -> None:
    dates = tuesdays(3)
    given = parts(*dates)
    other = Part("knots-part-2", entry(start=dates[1], location="Hall"))
    found = series_entry([given[0], other, given[2]], "Knots")
    [changed] = found.changed
    assert (found.location, changed.original, changed.location) == (entry().location, dates[1], "Hall")


def test_dates_without_a_pattern_are_just_the_dates() -> None:
    dates = tuesdays(3)
    # The first two have changed places, so that no weekly pattern has them in order.
    found = series_entry(parts(dates[1], dates[0], dates[2]), "Knots")
    assert (found.dates, found.changed) == (tuple(dates), ())
    assert found.sessions == ("knots-part-2", "knots-part-1", "knots-part-3")


def test_two_sessions_at_one_time_are_one_date() -> None:
    dates = tuesdays(2)
    found = series_entry(parts(dates[1], dates[0], dates[1]), "Knots")
    assert (found.dates, found.sessions) == (tuple(dates), ("knots-part-2", "knots-part-1"))


@given(
    st.sampled_from([LONDON, "America/New_York", "Asia/Kolkata", "Australia/Sydney", "Africa/Casablanca"]),
    st.integers(3, 12),
    st.data(),
)
def test_a_few_dates_that_differ_leave_the_pattern_what_it_was(zone_name: str, count: int, data: st.DataObject) -> None:
    dates = tuesdays(count, zone_name)
    starts: list[datetime | None] = [*dates]
    differing = data.draw(st.sets(st.integers(0, count - 1), max_size=(count - 1) // 2), label="differing")
    for number in differing:
        hours = data.draw(st.integers(1, 5), label="hours later")
        starts[number] = data.draw(st.sampled_from([None, dates[number] + timedelta(hours=hours)]), label="start")
    # Those that differ each differ in their own way, so that they are no pattern of their own.
    kept = [number for number in range(count) if number not in differing]
    if len(kept) > len(differing):
        assert pattern(starts, zone_name) == dates
