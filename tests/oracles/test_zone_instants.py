"""Sessions next to every change of clocks from 2026 to 2031, as foreign readers resolve them by our own VTIMEZONEs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from services.notifier.content.calendar_object import Revision, event, vcalendar
from shared.calendars.vtimezone import vtimezone
from shared.contract.facts.notifier import CalendarEntry
from shared.time.zones import known_zones, zone
from tests.oracles.reading import Reader
from tests.unit.notifier.notifier_samples import COMMUNITY, NOW, entry

YEARS = range(2026, 2032)
_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)
_MINUTES = 30
# Before, over, right after and well after a change; both hours of an hour that comes twice are among them.
_AROUND = tuple(timedelta(minutes=each) for each in (-61, -15, 0, 15, 61))

TELLING = {
    "gap and fold": "Europe/Berlin",
    "gap and fold at midnight": "America/Havana",
    "half-hour zone without changes": "Asia/Kolkata",
    "half-hour zone with changes": "America/St_Johns",
    "quarter-hour zone, southern": "Pacific/Chatham",
    "southern": "Australia/Sydney",
    "winter time by law": "Europe/Dublin",
    "half an hour forward": "Australia/Lord_Howe",
    "end at 24:00": "Africa/Cairo",
    "Ramadan": "Africa/Casablanca",
    "two hours forward": "Antarctica/Troll",
    "changes before midnight": "America/Nuuk",
    "midnight change": "Asia/Beirut",
    "changes on a Friday": "Asia/Jerusalem",
    "southern, at 24:00": "America/Santiago",
    "new rules": "America/Vancouver",
    "UTC": "UTC",
}
# A yearly rule cannot tell them: clocks change outside the hours of its day, or the rules themselves changed.
WITHOUT_FORM = (
    ("Africa/Cairo", 2027),
    ("Africa/Casablanca", 2026),
    ("Africa/El_Aaiun", 2026),
    ("America/Nuuk", 2027),
    ("America/Santiago", 2027),
    ("America/Vancouver", 2026),
    ("Asia/Gaza", 2027),
    ("Asia/Jerusalem", 2027),
)


def _zones() -> list[str]:
    return sorted(known_zones() - {"localtime"})


@cache
def _changes(zone_name: str) -> tuple[datetime, ...]:
    """The instants from which another offset holds."""
    local = zone(zone_name)
    first, last = datetime(YEARS[0], 1, 1, tzinfo=UTC), datetime(YEARS[-1] + 1, 1, 1, tzinfo=UTC)
    days = [first + number * _DAY for number in range((last - first).days + 1)]
    offsets = [each.astimezone(local).utcoffset() for each in days]
    return tuple(
        _onset(zone_name, day)
        for day, before, after in zip(days, offsets, offsets[1:], strict=False)
        if before != after
    )


def _onset(zone_name: str, before: datetime) -> datetime:
    local, after = zone(zone_name), before + _DAY
    old = before.astimezone(local).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // _SECOND // 2 * _SECOND
        if middle.astimezone(local).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


def _starts(zone_name: str) -> Iterator[datetime]:
    for change in _changes(zone_name):
        yield from (change + each for each in _AROUND)
    if not _changes(zone_name):
        yield from (datetime(year, month, 1, 12, tzinfo=UTC) for year in (YEARS[0], YEARS[-1]) for month in (1, 7))


def _entries(zone_name: str) -> list[CalendarEntry]:
    return [entry(start=start, minutes=_MINUTES, zone=zone_name) for start in _starts(zone_name)]


def _calendar(zone_name: str) -> bytes:
    entries = _entries(zone_name)
    revision = Revision(0, NOW, NOW)
    events = [
        event(f"s-{number}", each, revision, COMMUNITY, status="CONFIRMED") for number, each in enumerate(entries)
    ]
    return vcalendar("PUBLISH", events, entries)


def _told(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _wrong(reader: Reader, zone_names: list[str]) -> list[str]:
    """Where the reader sees another instant than we mean."""
    readings = reader.calendars([_calendar(each) for each in zone_names])
    found = []
    for zone_name, reading in zip(zone_names, readings, strict=True):
        meant = [(_told(each.start), _told(each.start + timedelta(minutes=_MINUTES))) for each in _entries(zone_name)]
        seen = [(each.start, each.end) for each in reading.events]
        found += [f"{zone_name}: {error}" for error in reading.errors]
        found += [f"{zone_name}: {a} read as {b}" for a, b in zip(meant, seen, strict=True) if a != b]
    return found


@pytest.mark.timeout(120)
def test_libical_reads_every_zone_of_the_world_as_the_zone_data_tells_it(libical: Reader) -> None:
    assert _wrong(libical, _zones()) == []


def test_every_reader_reads_the_telling_zones_as_the_zone_data_tells_them(reader: Reader) -> None:
    assert _wrong(reader, list(TELLING.values())) == []


def test_a_wrong_onset_is_noticed(strict_reader: Reader) -> None:
    right = _calendar("Europe/Berlin")
    wrong = right.replace(b"DTSTART:19700329T020000", b"DTSTART:19700329T050000")
    assert wrong != right
    seen, meant = strict_reader.calendars([wrong, right])
    assert [each.start for each in seen.events] != [each.start for each in meant.events]


@pytest.mark.parametrize(("zone_name", "year"), WITHOUT_FORM)
def test_zones_that_no_yearly_rule_tells_exactly_are_sent_in_utc(zone_name: str, year: int) -> None:
    assert any(each.year == year for each in _changes(zone_name))
    summer = entry(zone=zone_name, start=datetime(year, 6, 1, 12, tzinfo=UTC))
    meeting = event("s", summer, Revision(0, NOW, NOW), COMMUNITY, status="CONFIRMED")
    raw = vcalendar("PUBLISH", [meeting], [summer])
    assert b"VTIMEZONE" not in raw
    assert f"DTSTART:{year}0601T120000Z\r\n".encode() in raw


def test_nearly_all_zones_are_sent_by_their_own_clocks() -> None:
    without = {each for each in _zones() for year in YEARS if _changes(each) and vtimezone(each, year) is None}
    assert len(without) <= 30, sorted(without)
