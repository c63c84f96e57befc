"""Quiet hours by the recipient's clock, and what they and other rules hold back."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.delivery.holding import Hold, HoldingRules, HoldReason, hold, is_urgent
from shared.time.quiet import QuietHours
from shared.time.zones import zone

NIGHT = QuietHours.read("22:00-07:00")
ZONES = ["Europe/London", "Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Auckland", "UTC"]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def test_a_night_goes_over_midnight() -> None:
    assert NIGHT.ends_at(utc("2027-01-12T21:59:00+00:00"), "Europe/London") is None
    assert NIGHT.ends_at(utc("2027-01-12T22:00:00+00:00"), "Europe/London") == utc("2027-01-13T07:00:00+00:00")
    assert NIGHT.ends_at(utc("2027-01-13T06:59:00+00:00"), "Europe/London") == utc("2027-01-13T07:00:00+00:00")
    assert NIGHT.ends_at(utc("2027-01-13T07:00:00+00:00"), "Europe/London") is None


def test_it_is_the_recipients_night() -> None:
    noon = utc("2027-01-12T12:00:00+00:00")
    assert NIGHT.ends_at(noon, "Europe/London") is None
    assert NIGHT.ends_at(noon, "Pacific/Auckland") == utc("2027-01-13T07:00:00+13:00")


def test_the_night_of_a_change_of_the_clocks_ends_at_the_same_local_time() -> None:
    assert NIGHT.ends_at(utc("2027-03-27T23:00:00+00:00"), "Europe/London") == utc("2027-03-28T07:00:00+01:00")
    assert NIGHT.ends_at(utc("2027-10-30T23:00:00+00:00"), "Europe/London") == utc("2027-10-31T07:00:00+00:00")


# hypothesis takes naive bounds and makes aware instants of them.
YEARS = datetime(2026, 1, 1), datetime(2031, 1, 1)  # noqa: DTZ001 - see above


@given(st.datetimes(*YEARS, timezones=st.just(UTC)), st.sampled_from(ZONES))
def test_what_is_held_goes_out_within_a_night_and_then_it_is_day(now: datetime, name: str) -> None:
    end = NIGHT.ends_at(now, name)
    local = now.astimezone(zone(name)).time()
    assert (end is not None) == (local >= time(22) or local < time(7))
    if end is not None:
        assert now < end <= now + timedelta(hours=11)
        assert NIGHT.ends_at(end, name) is None


@pytest.mark.parametrize("text", ["", "22-7", "22:00", "24:00-07:00", "22:00-07:60", "07:00-07:00"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"span of local time|never end"):
        QuietHours.read(text)


RULES = HoldingRules(settle=timedelta(minutes=5), quiet=NIGHT)
LATE = utc("2027-01-12T23:00:00+00:00")


def test_what_is_urgent_is_never_held() -> None:
    assert hold(LATE, RULES, "Europe/London", LATE, urgent=True) is None


def test_a_change_settles_first_and_the_night_comes_after() -> None:
    assert hold(LATE, RULES, "Europe/London", LATE, urgent=False) == Hold(
        HoldReason.SETTLING, LATE + timedelta(minutes=5)
    )
    later = LATE + timedelta(minutes=5)
    assert hold(later, RULES, "Europe/London", LATE, urgent=False) == Hold(
        HoldReason.QUIET, utc("2027-01-13T07:00:00+00:00")
    )
    assert hold(utc("2027-01-13T07:00:00+00:00"), RULES, "Europe/London", LATE, urgent=False) is None


def test_a_session_that_begins_soon_or_was_to_begin_soon_is_urgent() -> None:
    soon, far = LATE + timedelta(hours=10), LATE + timedelta(days=30)
    assert is_urgent(LATE, RULES, [soon])
    assert is_urgent(LATE, RULES, [far, soon])
    assert not is_urgent(LATE, RULES, [far])
