"""A weekly series as one calendar entry: the dates of its pattern, and how some of them differ from it.

The sessions of a series are planned one by one, so its pattern is what most of them have in common. A session that lies
elsewhere is a date that moved, and one without a place is a date that is called off; both keep the name of the date
that they would have by the pattern (RECURRENCE-ID).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from shared.contract.facts.notifier import CalendarEntry, Occurrence
from shared.time.intervals import local_instant
from shared.time.zones import zone

_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Part:
    """One session of a series, and its entry as if it stood alone; None: it has no place."""

    session: str
    entry: CalendarEntry | None
    given_back: bool = False
    """it is held, but not for the person whose entry is made"""
    earlier: tuple[datetime, ...] = ()
    """when it was to be held by earlier releases, the last of them first"""


def series_entry(parts: Sequence[Part], title: str) -> CalendarEntry:
    """The entry of a series; ``parts`` are in order, and at least one has a place."""
    placed = sorted((part for part in parts if part.entry is not None), key=_start)
    starts = [part.entry.start if part.entry is not None else None for part in parts]
    dates = pattern(starts, _zone(placed), [part.earlier for part in parts])
    if dates is None:
        # Without a pattern, there are just the dates on which something is held.
        parts = list({_start(part): part for part in reversed(placed)}.values())[::-1]
        dates = [_start(part) for part in parts]
    usual = _usual(part.entry for part, day in zip(parts, dates, strict=True) if part.entry and part.entry.start == day)
    held = {"title": title, "start": dates[0], "dates": tuple(dates), "sessions": tuple(each.session for each in parts)}
    series = usual.model_copy(update=held)
    found = (_occurrence(series, part, day) for part, day in zip(parts, dates, strict=True))
    changed = tuple(each for each in found if each != series.occurrence(each.original))
    return series.model_copy(update={"changed": changed})


def pattern(
    starts: Sequence[datetime | None], zone_name: str, earlier: Sequence[Sequence[datetime]] = ()
) -> list[datetime] | None:
    """When each part is held by the pattern: on the weekday and at the local time that most of them have.

    A part that lies elsewhere, or nowhere (None), belongs where it was by the pattern in an ``earlier`` release; else a
    week before the next one, or after the last. None where they do not follow one another like that.
    """
    clock = zone(zone_name)
    local = [start.astimezone(clock) if start is not None else None for start in starts]
    common = Counter((each.weekday(), each.time()) for each in local if each is not None).most_common(1)
    weekday, wall = common[0][0]
    regular = {
        number: each.date()
        for number, each in enumerate(local)
        if each is not None and (each.weekday(), each.time()) == (weekday, wall)
    }
    for number, known in enumerate(earlier):
        was = (each.astimezone(clock) for each in known)
        day = next((each.date() for each in was if (each.weekday(), each.time()) == (weekday, wall)), None)
        if number not in regular and day is not None and _fits(number, day, regular):
            regular[number] = day
    days = [_day(number, regular) for number in range(len(starts))]
    if any(later <= sooner for sooner, later in pairwise(days)):
        return None
    return [local_instant(day, wall, clock) for day in days]


def _fits(number: int, day: date, regular: dict[int, date]) -> bool:
    """Whether it lies between those before and after it."""
    return all((day < known) == (number < each) and day != known for each, known in regular.items())


def _day(number: int, regular: dict[int, date]) -> date:
    if number in regular:
        return regular[number]
    following = min((each for each in regular if each > number), default=None)
    if following is not None:
        return regular[following] - (following - number) * _WEEK
    last = max(regular)
    return regular[last] + (number - last) * _WEEK


def _usual(entries: Iterable[CalendarEntry]) -> CalendarEntry:
    """The first of those that are held as most of them are."""
    known = list(entries)
    [(common, _)] = Counter(map(_manner, known)).most_common(1)
    return next(each for each in known if _manner(each) == common)


def _manner(entry: CalendarEntry) -> tuple[object, ...]:
    return entry.minutes, entry.location, entry.join_url


def _occurrence(series: CalendarEntry, part: Part, day: datetime) -> Occurrence:
    if part.entry is None or part.given_back:
        by_pattern = series.occurrence(day)
        return by_pattern.model_copy(update={"cancelled": True, "given_back": part.entry is not None})
    entry = part.entry
    return Occurrence(
        original=day, start=entry.start, minutes=entry.minutes, location=entry.location, join_url=entry.join_url
    )


def _start(part: Part) -> datetime:
    assert part.entry is not None, "only what has a place is listed"
    return part.entry.start


def _zone(placed: Sequence[Part]) -> str:
    entry = placed[0].entry
    assert entry is not None
    return entry.zone
