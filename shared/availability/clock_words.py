"""Times of day as people write them: ``9-11``, ``15.30 to 17``, ``3-5pm``, ``after 14:00``, ``afternoons``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

_NOON, _DAY_MINUTES = 12, 24 * 60
_EARLIEST_BARE = 6
_CLOCK = r"(\d{1,2}(?:[:.]\d{2})?\s*(?:am|pm)?|noon|midday|midnight)"
_TIME = rf"{_CLOCK}(?!\w|[:.]\w)"
_PARTS = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?")
_NAMED = {"noon": _NOON * 60, "midday": _NOON * 60, "midnight": _DAY_MINUTES}

SPAN = re.compile(rf"(?:from\s+)?{_CLOCK}\s*(?:-|–|—|to\b|till\b|until\b)\s*{_TIME}")  # noqa: RUF001 - people write dashes
BETWEEN = re.compile(rf"between\s+{_CLOCK}\s*(?:-|–|—|and\b)\s*{_TIME}")  # noqa: RUF001 - people write dashes
FROM = re.compile(rf"(?:from|after|since)\s+{_TIME}(?:\s+on(?:wards?)?\b)?")
BEFORE = re.compile(rf"(?:before|until|till|up\s+to)\s+{_TIME}")
TIME_OF_DAY = re.compile(r"(morning|afternoon|evening)s?\b")
WHOLE_DAY = re.compile(r"(?:all|the\s+whole|whole|any)[\s-]*(?:day|time)\b")

_TIMES_OF_DAY = {"morning": (6, 12), "afternoon": (12, 18), "evening": (18, 22)}


class NoTimeError(ValueError):
    """Something that reads like a time and is none, or could be two."""


@dataclass(frozen=True)
class Span:
    """From ``start`` to ``end`` in local time; midnight to midnight is the whole day, an earlier end the next day."""

    start: time = time()
    end: time = time()


@dataclass(frozen=True)
class _Said:
    minutes: int
    half: str | None
    bare: bool
    """an hour alone, without minutes, half of the day or leading zero"""


def between(first: str, last: str) -> Span:
    """Raises NoTimeError, also for times that could be in the morning or in the afternoon."""
    start, end = _said(first), _said(last)
    if start.half is None and end.half is not None:
        start = _same_half(start, end)
    begins, ends = _minutes(start), _minutes(end)
    unsure = start.half is None and end.half is None and begins < _NOON * 60
    if unsure and start.bare and begins < _EARLIEST_BARE * 60:
        raise NoTimeError("could be in the morning or in the afternoon")
    if unsure and ends <= begins:
        raise NoTimeError("ends before it begins")
    return Span(_time(begins), _time(ends))


def after(text: str) -> Span:
    return Span(_time(_minutes(_said(text))), time())


def before(text: str) -> Span:
    return Span(time(), _time(_minutes(_said(text))))


def time_of_day(name: str) -> Span:
    first, last = _TIMES_OF_DAY[name]
    return Span(time(first), time(last))


def _said(text: str) -> _Said:
    if text in _NAMED:
        return _Said(_NAMED[text], "24", bare=False)
    found = _PARTS.fullmatch(text.strip())
    if found is None:
        raise NoTimeError("is no time")
    hour, minute = int(found[1]), int(found[2] or 0)
    if not (hour <= _DAY_MINUTES // 60 and minute < 60 and hour * 60 + minute <= _DAY_MINUTES):
        raise NoTimeError("is no time of the day")
    if found[3] and not 1 <= hour <= _NOON:
        raise NoTimeError("is no time of the day")
    return _Said(hour * 60 + minute, found[3], bare=found[2] is None and not found[1].startswith("0"))


def _same_half(start: _Said, end: _Said) -> _Said:
    """``3-5pm`` is in the afternoon; ``9-1pm`` begins before noon."""
    if end.half == "24" or not 1 <= start.minutes // 60 <= _NOON:
        return start
    same = _Said(start.minutes, end.half, start.bare)
    other = _Said(start.minutes, "am", start.bare)
    return same if _minutes(same) < _minutes(end) else other


def _minutes(said: _Said) -> int:
    hour, minute = divmod(said.minutes, 60)
    match said.half:
        case "am":
            return hour % _NOON * 60 + minute
        case "pm":
            return (hour % _NOON + _NOON) * 60 + minute
    return said.minutes


def _time(minutes: int) -> time:
    return time(*divmod(minutes % _DAY_MINUTES, 60))
