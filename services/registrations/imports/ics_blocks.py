"""An iCalendar file cut into its entries by text alone, so that one odd entry cannot break the others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from services.registrations.imports.drafts import UnreadableFileError

_FOLD = re.compile(r"\r?\n[ \t]")
_BEGIN = re.compile(r"BEGIN:(VEVENT|VTIMEZONE)\s*", re.IGNORECASE)
_END = re.compile(r"END:(VEVENT|VTIMEZONE)\s*", re.IGNORECASE)
_CALENDAR_ZONE = re.compile(r"X-WR-TIMEZONE[^:]*:(.+)", re.IGNORECASE)


@dataclass(frozen=True)
class Block:
    """One VEVENT or VTIMEZONE, unfolded, and the line of its BEGIN. ``closed`` says whether its END was there."""

    kind: str
    line: int
    text: str
    closed: bool = True


@dataclass
class Blocks:
    """The entries of one file. ``zone`` is what the calendar itself says its zone is."""

    zone: str | None = None
    zones: list[Block] = field(default_factory=list)
    events: list[Block] = field(default_factory=list)


def split(text: str) -> Blocks:
    """Cut a calendar into entries. Raises UnreadableFileError for text that is no calendar."""
    if not re.match(r"\s*BEGIN:VCALENDAR\s", text, re.IGNORECASE):
        raise UnreadableFileError("file", "is not a calendar", "iCalendar text that starts with BEGIN:VCALENDAR")
    blocks = Blocks()
    for block in _blocks(text):
        if isinstance(block, str):
            blocks.zone = block
        elif block.kind == "VEVENT":
            blocks.events.append(block)
        else:
            blocks.zones.append(block)
    return blocks


def _blocks(text: str) -> Iterator[Block | str]:
    """Every block, and the calendar's own zone where a line between blocks names it."""
    kind, start, lines = "", 0, list[str]()
    for number, line in enumerate(text.split("\n"), start=1):
        begin, end = _BEGIN.fullmatch(line), _END.fullmatch(line)
        if begin and (not kind or begin[1].upper() == kind):
            if kind:
                yield _block(kind, start, lines, closed=False)
            kind, start, lines = begin[1].upper(), number, [line]
        elif kind:
            lines.append(line)
            if end and end[1].upper() == kind:
                yield _block(kind, start, lines)
                kind = ""
        elif zone := _CALENDAR_ZONE.fullmatch(line):
            yield zone[1].strip()
    if kind:
        yield _block(kind, start, lines, closed=False)


def _block(kind: str, line: int, lines: list[str], *, closed: bool = True) -> Block:
    return Block(kind, line, _FOLD.sub("", "\n".join(lines)).rstrip() + "\r\n", closed)
