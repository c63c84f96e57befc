"""When weekly letters are due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.digests.slots import LATE_AT_MOST, present_slot
from shared.contract.details import WeeklyDigest
from shared.contract.values import Weekday

MONDAY_SEVEN = WeeklyDigest()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("now", "week"),
    [
        ("2026-12-07T06:59:59Z", None),
        ("2026-12-07T07:00:00Z", "2026-w50"),
        ("2026-12-08T06:59:59Z", "2026-w50"),
        ("2026-12-08T07:00:00Z", None),
        ("2027-01-04T09:00:00Z", "2027-w01"),
        # By summer time.
        ("2027-06-07T05:59:59Z", None),
        ("2027-06-07T06:00:00Z", "2027-w23"),
    ],
)
def test_letters_may_go_for_a_day_from_their_hour_by_the_communitys_clocks(now: str, week: str | None) -> None:
    slot = present_slot(MONDAY_SEVEN, "Europe/London", at(now))
    assert (slot.week if slot is not None else None) == week


def test_a_zone_of_its_own_tells_the_hour() -> None:
    digest = WeeklyDigest(weekday=Weekday.SUN, hour=23, zone="Pacific/Auckland")
    slot = present_slot(digest, "Europe/London", at("2026-12-06T10:00:00Z"))
    assert slot is not None
    assert (slot.at, slot.week) == (at("2026-12-06T10:00:00Z"), "2026-w49")


@given(
    st.integers(0, 20 * 365 * 24),
    st.sampled_from(list(Weekday)),
    st.integers(0, 23),
    st.sampled_from(["Europe/London", "Australia/Lord_Howe", "America/Santiago", "Asia/Kathmandu"]),
)
def test_every_week_has_one_slot_of_one_day(hours: int, weekday: Weekday, hour: int, zone: str) -> None:
    now = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    digest = WeeklyDigest(weekday=weekday, hour=hour, zone=zone)
    slots = [present_slot(digest, "UTC", now + timedelta(hours=step)) for step in range(7 * 24)]
    found = {slot for slot in slots if slot is not None}
    assert 1 <= len(found) <= 2
    # 24 of 168 hours; one more or fewer where a clock is changed by an odd amount.
    assert 23 <= sum(slot is not None for slot in slots) <= 25
    assert len({slot.week for slot in found}) == len(found)
    assert all(slot.ends_at - slot.at == LATE_AT_MOST for slot in found)
