"""A week as a table of boxes, one for each hour: ticked hours become words, and what was said before ticks boxes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise

from shared.contract.values import Answer, Weekday, WeeklyWindow, Window

HOURS = range(7, 22)
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAY_NAMES = dict(zip(Weekday, _NAMES, strict=True))


@dataclass(frozen=True)
class Cell:
    """One hour of one weekday; ``value`` is what its box posts."""

    value: str
    words: str
    ticked: bool


@dataclass(frozen=True)
class Row:
    hour: str
    cells: tuple[Cell, ...]


def grid(windows: Iterable[Window], today: date) -> tuple[Row, ...]:
    """The table with those hours ticked at which somebody said yes for every week to come."""
    said = [each for each in windows if isinstance(each, WeeklyWindow) and each.last >= today]
    return tuple(
        Row(f"{hour:02}:00", tuple(_cell(day, hour, ticked=_is_said(said, day, hour)) for day in Weekday))
        for hour in HOURS
    )


def _cell(day: Weekday, hour: int, *, ticked: bool) -> Cell:
    return Cell(f"{day.value}-{hour}", f"{DAY_NAMES[day]}, {hour:02}:00 to {hour + 1:02}:00", ticked)


def _is_said(windows: Iterable[WeeklyWindow], day: Weekday, hour: int) -> bool:
    about = [each for each in windows if day in each.weekdays and _covers(each, hour)]
    return bool(about) and all(each.answer is Answer.YES for each in about)


def _covers(window: WeeklyWindow, hour: int) -> bool:
    start, end = _minutes(window.start), _minutes(window.end) or 24 * 60
    return start <= hour * 60 and (hour + 1) * 60 <= (end if end > start else 24 * 60)


def _minutes(local: time) -> int:
    return local.hour * 60 + local.minute


def words_of(ticked: Collection[str], *, others_are_no: bool) -> str:
    """Availability in words: the ticked hours, and perhaps that the other hours of the table are impossible."""
    lines = []
    for day in Weekday:
        hours = [hour for hour in HOURS if f"{day.value}-{hour}" in ticked]
        lines += [f"{DAY_NAMES[day]} {span}" for span in _spans(hours)]
        if others_are_no:
            lines += [f"not {DAY_NAMES[day]} {span}" for span in _spans([each for each in HOURS if each not in hours])]
    return "\n".join(lines)


def _spans(hours: list[int]) -> Iterator[str]:
    """Hours that follow one another as one stretch."""
    if not hours:
        return
    gaps = [place for place, (one, other) in enumerate(pairwise(hours), start=1) if other != one + 1]
    for first, last in zip([0, *gaps], [*gaps, len(hours)], strict=True):
        yield f"{hours[first]:02}:00-{hours[last - 1] + 1:02}:00"
