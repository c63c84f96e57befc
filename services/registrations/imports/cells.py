"""Cells turned into JSON values where they can be. What cannot be turned stays text, for registrations to refuse."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Convert = Callable[[str], Any]

_TRUTHS = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SEPARATORS = re.compile(r"[|;\s]+")


def text(cell: str) -> str:
    return cell


def whole_number(cell: str) -> int | str:
    return int(cell) if re.fullmatch(r"[+-]?[0-9]{1,9}", cell) else cell


def truth(cell: str) -> bool | str:
    """yes, y, true, 1 or no, n, false, 0, in any case."""
    return _TRUTHS.get(cell.lower(), cell)


def several(cell: str) -> list[str]:
    """A list in one cell: its parts stand between '|', ';' or blanks."""
    return [part for part in _SEPARATORS.split(cell) if part]


def whole_numbers(cell: str) -> list[int | str]:
    return [whole_number(part) for part in several(cell)]


def weekdays(cell: str) -> list[str]:
    """A list of weekdays, short or long, in any case: ``Mon|Thu``, ``monday thursday``."""
    return [_weekday(part.lower()) for part in several(cell)]


def _weekday(name: str) -> str:
    return name[:3] if name in _WEEKDAYS else name


def wall_time(cell: str) -> str:
    """A local time; spreadsheets drop the leading zero of 9:30."""
    return f"0{cell}" if re.fullmatch(r"[0-9]:[0-5][0-9](:[0-5][0-9])?", cell) else cell
