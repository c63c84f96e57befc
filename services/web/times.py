"""How a page writes instants: by the clocks of a zone, which it names, with the UTC instant for machines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shared.time.intervals import Interval
from shared.time.zones import zone


@dataclass(frozen=True)
class WrittenTime:
    """A stretch of time in words. ``day`` is written out when it is not the day of the heading above."""

    day: str | None
    start: str
    end: str
    clock: str
    start_instant: str
    end_instant: str


def written_time(time: Interval, zone_name: str, heading: date) -> WrittenTime:
    """The time by the clocks of that zone, below a heading that names a day."""
    start, end = _local(time.start, zone_name), _local(time.end, zone_name)
    start_clock, end_clock = clock_name(start), clock_name(end)
    return WrittenTime(
        day=None if start.date() == heading else short_day(start.date()),
        start=f"{start:%H:%M}" if start_clock == end_clock else f"{start:%H:%M} {start_clock}",
        end=f"{end:%H:%M}" if end.date() == start.date() else f"{end:%H:%M} on {short_day(end.date())}",
        clock=end_clock,
        start_instant=instant(time.start),
        end_instant=instant(time.end),
    )


def local_day(moment: datetime, zone_name: str) -> date:
    return _local(moment, zone_name).date()


def same_clocks(time: Interval, one: str, other: str) -> bool:
    """Whether the clocks of two zones show the same at the start and at the end."""
    return all(
        _local(moment, one).utcoffset() == _local(moment, other).utcoffset() for moment in (time.start, time.end)
    )


def instant(moment: datetime) -> str:
    """A UTC instant for a machine."""
    return moment.isoformat().replace("+00:00", "Z")


def long_day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def short_day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%B}"


def zone_title(name: str) -> str:
    return name.replace("_", " ")


def clock_name(local: datetime) -> str:
    """GMT, BST and the like; where a zone has no such name, its offset (UTC+4)."""
    name = local.tzname() or ""
    return name if name.isalpha() else _offset(local.utcoffset() or timedelta())


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def _local(moment: datetime, zone_name: str) -> datetime:
    return moment.astimezone(zone(zone_name))
