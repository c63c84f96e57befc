"""Until when an offered seat is held: awake hours count, and it never outlasts what it is a seat in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.registrations.seats.offering import held_until
from shared.contract.facts.seats import SeatPolicy
from shared.time.intervals import Interval

LONDON = "Europe/London"
DAYS = st.integers(0, 60 * 24 * 400).map(lambda each: datetime(2027, 1, 1, tzinfo=UTC) + timedelta(minutes=each))
POLICIES = st.builds(
    SeatPolicy, offer_hours=st.integers(1, 336), quiet_hours=st.sampled_from(["none", "22:00-07:00", "09:00-08:30"])
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}Z")


@pytest.mark.parametrize(
    ("now", "start", "until"),
    [
        # Far from the session: twelve hours in which people are awake.
        ("2027-01-12T09:00", "2027-01-20T15:00", "2027-01-12T21:00"),
        ("2027-01-12T22:00", "2027-01-20T15:00", "2027-01-13T19:00"),
        # The evening before: half of the hours that are left awake, not half of the night.
        ("2027-01-12T22:30", "2027-01-13T09:00", "2027-01-13T08:00"),
        ("2027-01-12T21:00", "2027-01-13T10:00", "2027-01-13T08:00"),
        # Hardly any of them are left: no shorter than a quarter of an hour, and no longer than until it begins.
        ("2027-01-12T23:00", "2027-01-13T07:20", "2027-01-13T07:15"),
        ("2027-01-12T23:00", "2027-01-13T07:10", "2027-01-13T07:10"),
        # The session itself is in the night.
        ("2027-01-12T23:00", "2027-01-13T03:00", "2027-01-13T01:00"),
        # The clocks go forward in that night, and back in that one.
        ("2027-03-27T20:00", "2027-04-09T15:00", "2027-03-28T16:00"),
        ("2027-10-30T20:00", "2027-11-09T15:00", "2027-10-31T18:00"),
    ],
)
def test_what_counts_of_an_offer_are_hours_awake(now: str, start: str, until: str) -> None:
    assert held_until(at(now), at(start), SeatPolicy(), LONDON) == at(until)


def test_without_quiet_hours_the_night_counts_as_the_day() -> None:
    now, start = at("2027-01-12T22:00"), at("2027-01-20T15:00")
    policy = SeatPolicy(quiet_hours="none")
    assert held_until(now, start, policy, LONDON) == now + timedelta(hours=12)


@given(DAYS, st.integers(1, 60 * 24 * 40), POLICIES, st.sampled_from([LONDON, "Asia/Kathmandu", "America/New_York"]))
def test_an_offer_ends_after_it_is_made_and_by_the_start_and_leaves_time_to_answer(
    now: datetime, minutes: int, policy: SeatPolicy, zone: str
) -> None:
    start = now + timedelta(minutes=minutes)
    until = held_until(now, start, policy, zone)
    assert now < until <= start
    quarter = timedelta(minutes=15)
    quiet = policy.quiet()
    awake = quiet.waking(Interval(now, until), zone) if quiet is not None else until - now
    left = quiet.waking(Interval(now, start), zone) if quiet is not None else start - now
    assert until - now >= min(quarter, start - now)
    if left:
        assert awake == min(timedelta(hours=policy.offer_hours), max(left / 2, quarter), left)


@pytest.mark.parametrize("text", ["22:00", "25:00-07:00", "07:00-07:00", ""])
def test_quiet_hours_that_are_no_span_are_refused_by_name_and_not_repeated(text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        SeatPolicy.model_validate({"quiet_hours": text})
    (error,) = refused.value.errors()
    assert error["loc"] == ("quiet_hours",)
    assert error["msg"] == "Value error, is no span of hours by the clock"
