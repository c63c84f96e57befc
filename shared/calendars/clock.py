"""The clock that times are told by: their zone's, with a VTIMEZONE, or UTC where that would not be exact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from shared.calendars.vtimezone import vtimezone
from shared.time.zones import zone


@dataclass(frozen=True)
class CalendarClock:
    """A zone and its VTIMEZONE; UTC has none."""

    zone: str | None = None
    definition: bytes | None = None

    def shows(self, instant: datetime) -> datetime:
        return instant.astimezone(zone(self.zone) if self.zone is not None else UTC)


IN_UTC = CalendarClock()


def clock_telling(zone_name: str, instants: Iterable[datetime]) -> CalendarClock:
    """The zone's clock, if calendars read every one of these instants right by it; else UTC's."""
    return _clock(zone_name, tuple(sorted(set(instants))))


@lru_cache(maxsize=4096)
def _clock(zone_name: str, instants: tuple[datetime, ...]) -> CalendarClock:
    local = zone(zone_name)
    walls = [instant.astimezone(local) for instant in instants]
    years = range(walls[0].year, walls[-1].year + 1) if walls else range(0)
    definitions = {vtimezone(zone_name, year) for year in years}
    definition = definitions.pop() if len(definitions) == 1 else None
    if definition is None or any(map(_comes_twice, walls)):
        return IN_UTC
    return CalendarClock(zone_name, definition)


def _comes_twice(wall: datetime) -> bool:
    """RFC 5545 means the first of the two hours; libical and ical.js read the second."""
    return wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()
