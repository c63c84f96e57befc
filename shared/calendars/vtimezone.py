"""VTIMEZONE in the form every calendar reads: one STANDARD and at most one DAYLIGHT, each with a yearly RRULE.

The rules come from the POSIX TZ string that closes a zone file (RFC 9636, 3.3) of the pinned tzdata package. Some
zones have no exact form of this kind (a change of clocks outside 0-24 h, or one that follows Ramadan), and older
years may have followed other rules; the entry is then sent in UTC, which every calendar shows right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib import resources
from itertools import pairwise

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from shared.time.zones import zone

_NAME = r"(?:<[^>]+>|[A-Za-z]+)"
_CLOCK = r"[+-]?\d+(?::\d+){0,2}"
_FOOTER = re.compile(rf"(?P<std>{_NAME})(?P<off>{_CLOCK})(?:(?P<dst>{_NAME})(?P<dst_off>{_CLOCK})?,(?P<rules>.+))?")
_ONSET = re.compile(rf"M(?P<month>\d+)\.(?P<week>\d)\.(?P<weekday>\d)(?:/(?P<clock>{_CLOCK}))?")

_WEEKDAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_LAST_WEEK = 5
_DAY = timedelta(days=1)
_FIRST_YEAR = 1970


@dataclass(frozen=True)
class _Onset:
    """A day of the year such as the last Sunday in March, and a time of that day by the clock that ends then."""

    month: int
    week: int
    weekday: int
    clock: timedelta

    def local(self, year: int) -> datetime:
        """The onset in that year, by the clock that ends then."""
        first = datetime(year, self.month, 1)  # noqa: DTZ001 - local time of a zone that has no name yet
        day = first + timedelta(days=(self.weekday - first.isoweekday()) % 7, weeks=self.week - 1)
        return (day if day.month == self.month else day - timedelta(weeks=1)) + self.clock

    def rrule(self) -> dict[str, object]:
        week = -1 if self.week == _LAST_WEEK else self.week
        return {"FREQ": "YEARLY", "BYMONTH": self.month, "BYDAY": f"{week}{_WEEKDAYS[self.weekday]}"}


@dataclass(frozen=True)
class _Phase:
    """One part of the year: its offset from UTC, its abbreviation, and when it begins (never: it always holds)."""

    offset: timedelta
    name: str
    onset: _Onset | None = None


@lru_cache(maxsize=1024)
def vtimezone(zone_name: str, year: int) -> bytes | None:
    """The VTIMEZONE of an IANA zone, if it tells that whole year exactly as the zone's own data does; else None."""
    phases = _phases(_footer(zone_name))
    if phases is None or not _tells_year(phases, zone_name, year):
        return None
    return _component(zone_name, phases)


def _footer(zone_name: str) -> str:
    file = resources.files("tzdata").joinpath("zoneinfo", *zone_name.split("/"))
    return file.read_bytes().rsplit(b"\n", 2)[1].decode("ascii")


def _phases(footer: str) -> tuple[_Phase, ...] | None:
    """The one or two phases of a POSIX TZ string; None where they have no exact RRULE, or the zone is UTC itself."""
    found = _FOOTER.fullmatch(footer)
    if found is None or found["std"] == "UTC":
        return None
    standard = _Phase(-_duration(found["off"]), found["std"].strip("<>"))
    if found["dst"] is None:
        return (standard,)
    ahead = -_duration(found["dst_off"]) if found["dst_off"] else standard.offset + timedelta(hours=1)
    onsets = [_onset(rule) for rule in found["rules"].split(",")]
    match onsets:
        case [_Onset() as to_daylight, _Onset() as to_standard]:
            daylight = _Phase(ahead, found["dst"].strip("<>"), to_daylight)
            return (_Phase(standard.offset, standard.name, to_standard), daylight)
    return None


def _onset(rule: str) -> _Onset | None:
    found = _ONSET.fullmatch(rule)
    if found is None:
        return None
    clock = _duration(found["clock"] or "2")
    if not timedelta(0) <= clock < _DAY:
        return None
    return _Onset(int(found["month"]), int(found["week"]), int(found["weekday"]), clock)


def _duration(clock: str) -> timedelta:
    hours, minutes, seconds = (*clock.lstrip("+-").split(":"), "0", "0")[:3]
    length = timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds))
    return -length if clock.startswith("-") else length


def _tells_year(phases: tuple[_Phase, ...], zone_name: str, year: int) -> bool:
    """Whether phases and zone data agree on every day of the year, two days around it, and next to every onset."""
    local = zone(zone_name)
    changes = _changes(phases, year)
    first = datetime(year, 1, 1, 12, tzinfo=UTC)
    instants = [first + timedelta(days=day) for day in range(-2, 368)]
    instants += [at + step for at, _ in changes for step in (timedelta(seconds=-1), timedelta(0)) if at.year == year]
    return all(instant.astimezone(local).utcoffset() == _offset(phases, changes, instant) for instant in instants)


def _changes(phases: tuple[_Phase, ...], year: int) -> list[tuple[datetime, timedelta]]:
    """When which offset begins, in UTC instants, from the year before to the year after."""
    return sorted(
        (begun.onset.local(each).replace(tzinfo=UTC) - ended.offset, begun.offset)
        for begun, ended in (*pairwise(phases), *pairwise(phases[::-1]))
        if begun.onset is not None
        for each in range(year - 1, year + 2)
    )


def _offset(phases: tuple[_Phase, ...], changes: list[tuple[datetime, timedelta]], instant: datetime) -> timedelta:
    begun = [offset for at, offset in changes if at <= instant]
    return begun[-1] if begun else phases[0].offset


def _component(zone_name: str, phases: tuple[_Phase, ...]) -> bytes:
    """STANDARD is the phase with the smaller offset, also where the law names it otherwise (Dublin)."""
    component = Timezone()
    component.add("tzid", zone_name)
    by_offset = sorted(phases, key=lambda phase: phase.offset)
    for kind, begun, ended in zip((TimezoneStandard, TimezoneDaylight), by_offset, by_offset[::-1], strict=False):
        part = kind()
        part.add("dtstart", begun.onset.local(_FIRST_YEAR) if begun.onset else datetime(_FIRST_YEAR, 1, 1))  # noqa: DTZ001 - local time
        part.add("tzoffsetfrom", ended.offset)
        part.add("tzoffsetto", begun.offset)
        part.add("tzname", begun.name)
        if begun.onset is not None:
            part.add("rrule", begun.onset.rrule())
        component.add_component(part)
    return bytes(component.to_ical())
