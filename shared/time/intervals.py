"""Half-open intervals of UTC instants, and windows of local time expanded into them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, order=True)
class Interval:
    """``[start, end)`` in UTC instants; never empty."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(f"an interval ends after it starts, not {self.start} to {self.end}")

    def overlaps(self, other: Interval) -> bool:
        return self.start < other.end and other.start < self.end

    def contains(self, other: Interval) -> bool:
        return self.start <= other.start and other.end <= self.end


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """The same instants as ordered intervals that neither overlap nor touch."""
    joined: list[Interval] = []
    for interval in sorted(intervals):
        if joined and interval.start <= joined[-1].end:
            joined[-1] = Interval(joined[-1].start, max(joined[-1].end, interval.end))
        else:
            joined.append(interval)
    return joined


def days(first: date, last: date) -> Iterator[date]:
    """Every date from ``first`` to ``last``, both included."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def local_instant(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of a wall time; the first of two in autumn, moved past the gap in spring (RFC 5545, 3.3.5)."""
    return datetime.combine(day, wall, tzinfo=zone).astimezone(UTC)


def local_interval(day: date, start: time, end: time, zone: ZoneInfo) -> Interval:
    """From ``start`` to ``end`` in local time on ``day``; an end not after the start is on the next day.

    Where the clock skips the start and moves it past the end, the interval keeps its end and its length.
    """
    last = day if end > start else day + timedelta(days=1)
    first, until = local_instant(day, start, zone), local_instant(last, end, zone)
    if first >= until:
        first = local_instant(day, start.replace(fold=1), zone)
    return Interval(first, until)
