"""Cells turned into JSON values where they can be. What cannot be turned stays text, for registrations to refuse."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from services.registrations.imports.wording import slug
from shared.contract.values import TAG_PATTERN

Convert = Callable[[str], Any]

_TRUTHS = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SEPARATORS = re.compile(r"[|;\s]+")
_CLEAR_SEPARATORS = re.compile(r"\s*[|;,\n]\s*")
_HOURS = re.compile(r"([0-9]{1,2}):([0-5][0-9])(?::00)?")


def text(cell: str) -> str:
    return cell


def whole_number(cell: str) -> int | str:
    return int(cell) if re.fullmatch(r"[+-]?[0-9]{1,9}", cell) else cell


def minutes(cell: str) -> int | str:
    """A length: ``45``, ``45 min``, ``00:45``, ``1:30``."""
    if found := _HOURS.fullmatch(cell):
        return int(found[1]) * 60 + int(found[2])
    found = re.fullmatch(r"([0-9]{1,4})\s*(?:m|min|mins|minutes?)\.?", cell, re.IGNORECASE)
    return int(found[1]) if found else whole_number(cell)


def truth(cell: str) -> bool | str:
    """yes, y, true, 1 or no, n, false, 0, in any case."""
    return _TRUTHS.get(cell.lower(), cell)


def several(cell: str) -> list[str]:
    """A list in one cell: its parts stand between '|', ';' or blanks."""
    return [part for part in _SEPARATORS.split(cell) if part]


def people(cell: str) -> list[str]:
    """Ids, addresses or names: between '|', ';', ',' or line breaks; blanks separate ids and addresses, not names."""
    if _CLEAR_SEPARATORS.search(cell):
        return [part for part in _CLEAR_SEPARATORS.split(cell) if part]
    parts = cell.split()
    return parts if all("@" in part or re.fullmatch(r"[a-z0-9-]+", part) for part in parts) else [cell]


def lines(cell: str) -> list[str]:
    """A list of whole phrases: between '|', ';' or line breaks; or JSON, where a phrase itself has such a sign."""
    if cell.startswith("[") and isinstance(listed := nested(cell), list):
        return [str(each) for each in listed]
    return [part.strip() for part in re.split(r"[|;\n]", cell) if part.strip()]


def tags(cell: str) -> list[str]:
    """Tags as people write them: ``Early Years, SEND`` becomes early-years and send."""
    parts = re.split(r"[|;,\n]", cell) if re.search(r"[|;,\n]", cell) else [cell]
    return [tag(part.strip()) for part in parts if part.strip()]


def features(cell: str) -> list[str]:
    """Features of rooms: as tags, and blanks separate what is written as tags already."""
    return several(cell) if re.fullmatch(r"[a-z0-9|;\s-]+", cell) else tags(cell)


def tag(cell: str) -> str:
    """One tag as people write it; what is one already stays."""
    return cell if TAG_PATTERN.fullmatch(cell) else slug(cell) or cell


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


def nested(cell: str) -> Any:
    """JSON in a cell, as our own exports write windows and formats."""
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return cell
