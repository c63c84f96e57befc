"""Busy times as the windows that are kept: as few as say the same, and no more than one statement may hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from shared.contract.values import Answer, DatedWindow
from shared.time.intervals import Interval, merged

MAX_WINDOWS = 1_000


@dataclass(frozen=True)
class KeptWindows:
    """The earliest busy times, and the last day of which all are among them."""

    windows: tuple[DatedWindow, ...]
    until_day: date


def kept_windows(
    no: Iterable[Interval], maybe: Iterable[Interval], last_day: date, *, most: int = MAX_WINDOWS
) -> KeptWindows:
    """At most so many windows in order of time; of what lies behind the last of them nothing is known."""
    busy = merged(no)
    every = sorted(
        chain(
            (DatedWindow(answer=Answer.NO, start=each.start, end=each.end) for each in busy),
            (
                DatedWindow(answer=Answer.IF_NEED_BE, start=each.start, end=each.end)
                for each in without(merged(maybe), busy)
            ),
        ),
        key=lambda each: each.start,
    )
    if len(every) <= most:
        return KeptWindows(tuple(every), last_day)
    return KeptWindows(tuple(every[:most]), min(last_day, every[most].start.date() - timedelta(days=1)))


def without(intervals: list[Interval], taken: list[Interval]) -> Iterator[Interval]:
    """What of some intervals lies in none of the others. Both are in order and merged."""
    place = 0
    for interval in intervals:
        start = interval.start
        while place < len(taken) and taken[place].end <= start:
            place += 1
        for other in taken[place:]:
            if other.start >= interval.end:
                break
            if other.start > start:
                yield Interval(start, other.start)
            start = max(start, other.end)
        if start < interval.end:
            yield Interval(start, interval.end)
