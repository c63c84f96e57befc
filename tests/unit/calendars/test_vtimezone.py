"""The VTIMEZONEs, read back by a second library and compared with the zone data."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from dateutil import tz

from shared.calendars import vtimezone as module
from shared.calendars.vtimezone import vtimezone
from shared.time.zones import known_zones, zone

YEAR = 2027


def _one_zone_for_each_rule() -> list[str]:
    by_footer = {module._footer(name): name for name in sorted(known_zones()) if name != "localtime"}
    return sorted(by_footer.values())


def _definition(name: str) -> str:
    definition = vtimezone(name, YEAR)
    assert definition is not None
    return definition.decode()


def _instants_of_interest(name: str) -> list[datetime]:
    """Every 20 days, and around every change of the clocks."""
    local, hour = zone(name), timedelta(hours=1)
    hours = [datetime(YEAR, 1, 1, tzinfo=UTC) + number * hour for number in range(365 * 24)]
    changes = [at for at in hours if at.astimezone(local).utcoffset() != (at - hour).astimezone(local).utcoffset()]
    around = [at + timedelta(minutes=minutes) for at in changes for minutes in (-181, -61, -31, 29, 61, 181)]
    return hours[:: 20 * 24] + around


@pytest.mark.parametrize(
    "name",
    [
        "Europe/London",
        "Europe/Dublin",
        "Europe/Berlin",
        "America/New_York",
        "America/St_Johns",
        "Australia/Lord_Howe",
        "Australia/Sydney",
        "Pacific/Chatham",
        "Antarctica/Troll",
        "Asia/Dubai",
        "Asia/Kolkata",
        "Pacific/Marquesas",
        "Asia/Beirut",
    ],
)
def test_a_second_library_reads_every_instant_of_the_zone_as_the_zone_data_tells_it(name: str) -> None:
    read = tz.tzical(io.StringIO(_definition(name))).get(name)
    local = zone(name)
    for instant in _instants_of_interest(name):
        told = instant.astimezone(local)
        if told.fold or told.replace(fold=1).utcoffset() != told.utcoffset():
            continue  # an hour that comes twice: dateutil reads only one of them
        assert told.replace(tzinfo=read).utcoffset() == told.utcoffset(), instant


@pytest.mark.parametrize("name", _one_zone_for_each_rule())
def test_every_rule_there_is_has_an_exact_form_or_none(name: str) -> None:
    definition = vtimezone(name, YEAR)
    if definition is not None:
        assert definition.count(b"BEGIN:STANDARD") == 1
        assert definition.count(b"BEGIN:DAYLIGHT") == definition.count(b"RRULE") // 2


def test_nearly_all_zones_have_a_form() -> None:
    without = {name for name in known_zones() if name != "localtime" and vtimezone(name, YEAR) is None}
    assert len(without) < 30


@pytest.mark.parametrize("name", ["Africa/Cairo", "Asia/Jerusalem", "America/Santiago", "America/Nuuk", "UTC"])
def test_a_change_outside_the_day_and_utc_itself_have_no_form(name: str) -> None:
    assert vtimezone(name, YEAR) is None


def test_a_year_in_which_the_zone_followed_other_rules_has_no_form() -> None:
    assert vtimezone("Africa/Casablanca", 2025) is None
    assert vtimezone("Europe/Istanbul", 2016) is None
    assert vtimezone("Europe/Istanbul", 2027) is not None


def test_the_onset_is_told_by_the_clock_that_ends() -> None:
    assert "BEGIN:DAYLIGHT\r\nDTSTART:19700329T010000\r\n" in _definition("Europe/London")


def test_the_smaller_offset_is_standard_also_in_dublin() -> None:
    standard = _definition("Europe/Dublin").partition("BEGIN:DAYLIGHT")[0]
    assert "TZOFFSETTO:+0000" in standard
