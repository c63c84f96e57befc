"""Windows of time in words that are read back as the same windows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time

from shared.contract.values import Answer, DatedWindow, Weekday, WeeklyWindow, Window
from shared.time.zones import zone


def said(windows: Iterable[Window], zone_name: str, today: date, *, with_answers: bool = True) -> str:
    """One line for each window, by the clocks of that zone; what is past is left out.

    Weekly windows are told by their own clocks: whoever reads them back must say the same zone.
    """
    told = (each for each in windows if not _is_past(each, zone_name, today))
    return "\n".join(
        _answered(each, _words(each, zone_name)) if with_answers else _words(each, zone_name) for each in told
    )


def _words(window: Window, zone_name: str) -> str:
    return _weekly(window) if isinstance(window, WeeklyWindow) else _dated(window, zone_name)


def _answered(window: Window, words: str) -> str:
    match window.answer:
        case Answer.NO:
            return f"not {words}"
        case Answer.IF_NEED_BE:
            return f"{words} if need be"
    return words


def _weekly(window: WeeklyWindow) -> str:
    left_out = f" except {' '.join(each.isoformat() for each in window.except_dates)}" if window.except_dates else ""
    if window.first == window.last and Weekday.of(window.first) in window.weekdays:
        return f"{window.first.isoformat()}{_times(window.start, window.end)}{left_out}"
    days = " ".join(each.value.capitalize() for each in Weekday if each in window.weekdays)
    holds = f" from {window.first.isoformat()} until {window.last.isoformat()}"
    return f"{days}{_times(window.start, window.end)}{holds}{left_out}"


def _dated(window: DatedWindow, zone_name: str) -> str:
    start, end = (each.astimezone(zone(zone_name)) for each in (window.start, window.end))
    return f"{start.date().isoformat()}{_times(start.time(), end.time())}"


def _times(start: time, end: time) -> str:
    return "" if start == end == time() else f" {start:%H:%M}-{end:%H:%M}"


def _is_past(window: Window, zone_name: str, today: date) -> bool:
    last = window.last if isinstance(window, WeeklyWindow) else window.end.astimezone(zone(zone_name)).date()
    return last < today
