"""Rooms are not to be had outside their opening hours."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.scheduler.room_hours import closed_times
from shared.contract.facts.registrations import Room
from shared.contract.values import Weekday
from shared.time.intervals import Interval
from shared.time.zones import zone

MONDAY, SUNDAY = date(2027, 1, 11), date(2027, 1, 17)
TIMES = st.builds(lambda hour, quarter: f"{hour:02}:{15 * quarter:02}", st.integers(0, 23), st.integers(0, 3))
HOURS = st.lists(
    st.fixed_dictionaries(
        {
            "weekdays": st.lists(st.sampled_from([each.value for each in Weekday]), min_size=1, unique=True),
            "start": TIMES,
            "end": TIMES,
        }
    ),
    min_size=1,
    max_size=4,
)


def closed(hours: list[dict[str, Any]], zone_name: str | None = None, of: str = "Europe/London") -> list[Interval]:
    room = Room.model_validate(Room.example | {"hours": hours, "zone": zone_name})
    return list(closed_times(room, MONDAY, SUNDAY, of))


def test_a_room_that_states_no_hours_is_never_closed() -> None:
    assert closed([]) == []


def test_a_room_that_is_always_open_is_never_closed() -> None:
    assert closed([{"weekdays": [each.value for each in Weekday], "start": "00:00", "end": "00:00"}]) == []


def test_a_room_is_closed_at_night_and_on_other_days() -> None:
    found = closed([{"weekdays": ["tue"], "start": "09:00", "end": "17:00"}])
    told = [(f"{each.start:%a %H:%M}", f"{each.end:%a %H:%M}") for each in found]
    assert told == [("Mon 00:00", "Tue 09:00"), ("Tue 17:00", "Mon 00:00")]


def test_a_room_elsewhere_opens_by_its_own_clock() -> None:
    found = closed([{"weekdays": ["tue"], "start": "09:00", "end": "17:00"}], "Asia/Dubai")
    assert f"{found[0].end:%H:%M}" == "05:00"


@given(hours=HOURS, zone_name=st.sampled_from([None, "Asia/Dubai", "America/New_York"]), quarter=st.integers(0, 671))
def test_at_any_moment_a_room_is_either_open_or_closed(
    hours: list[dict[str, Any]], zone_name: str | None, quarter: int
) -> None:
    room = Room.model_validate(Room.example | {"hours": hours, "zone": zone_name})
    london = zone("Europe/London")
    moment = datetime(MONDAY.year, MONDAY.month, MONDAY.day, tzinfo=london) + quarter * timedelta(minutes=15)
    instant = Interval(moment, moment + timedelta(minutes=15))
    around = (MONDAY - timedelta(days=2), SUNDAY + timedelta(days=2), zone_name or "Europe/London")
    is_open = any(each.overlaps(instant) for one in room.hours for each in one.intervals(*around))
    assert any(each.overlaps(instant) for each in closed(hours, zone_name)) != is_open
