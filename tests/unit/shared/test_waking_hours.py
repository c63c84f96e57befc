"""Time that passes outside the quiet hours, also when the clocks are changed in between."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.time.intervals import Interval
from shared.time.quiet import QuietHours
from shared.time.zones import zone

NIGHT = QuietHours.read("22:00-07:00")
LONDON = "Europe/London"
FAR = datetime(2100, 1, 1, tzinfo=UTC)
ZONES = st.sampled_from([LONDON, "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"])
QUARTER = timedelta(minutes=15)
# Around both changes of the clocks in Europe and America.
MOMENTS = st.builds(
    lambda first, quarters: first + quarters * QUARTER,
    st.sampled_from([datetime(2027, 3, 10, tzinfo=UTC), datetime(2027, 10, 25, tzinfo=UTC)]),
    st.integers(0, 96 * 20),
)
SPANS = st.sampled_from(["22:00-07:00", "23:30-06:45", "12:00-14:00", "00:30-02:30", "18:00-10:00"])


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "hours", "ends"),
    [
        ("2027-01-12T09:00", 12, "2027-01-12T21:00"),
        ("2027-01-12T11:00", 12, "2027-01-13T08:00"),
        ("2027-01-12T23:00", 12, "2027-01-13T19:00"),
        ("2027-01-12T10:00", 12, "2027-01-12T22:00"),
        # The clocks go forward: the night is an hour shorter. They go back: it is an hour longer.
        ("2027-03-27T20:00", 4, "2027-03-28T08:00"),
        ("2027-10-30T20:00", 4, "2027-10-31T10:00"),
    ],
)
def test_nights_do_not_count(moment: str, hours: int, ends: str) -> None:
    assert NIGHT.after(at(moment), timedelta(hours=hours), LONDON, at_most=FAR) == at(ends)


def test_it_is_never_later_than_what_is_stated() -> None:
    assert NIGHT.after(at("2027-01-12T23:00"), timedelta(hours=12), LONDON, at_most=at("2027-01-13T06:00")) == at(
        "2027-01-13T06:00"
    )


@given(MOMENTS, st.integers(1, 80), SPANS, ZONES)
def test_it_is_what_counting_by_the_quarter_of_an_hour_gives(
    moment: datetime, quarters: int, span: str, name: str
) -> None:
    quiet = QuietHours.read(span)
    left, now = quarters, moment
    while left:
        left -= not _is_quiet(quiet, now, name)
        now += QUARTER
    assert quiet.after(moment, quarters * QUARTER, name, at_most=FAR) == now
    assert quiet.waking(Interval(moment, now), name) == quarters * QUARTER


def _is_quiet(quiet: QuietHours, moment: datetime, name: str) -> bool:
    """By what the clock shows; in the hour that a change repeats or skips, by the hour as it is counted first."""
    today = moment.astimezone(zone(name)).date()
    for day in (today - timedelta(days=1), today):
        last = day if quiet.end > quiet.start else day + timedelta(days=1)
        if _instant(day, quiet.start, name) <= moment < _instant(last, quiet.end, name):
            return True
    return False


def _instant(day: date, wall: time, name: str) -> datetime:
    return datetime.combine(day, wall, tzinfo=zone(name)).astimezone(UTC)


@pytest.mark.parametrize("text", ["22:00", "24:00-07:00", "22:00-22:00", "", "22.00-07.00"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        QuietHours.read(text)
