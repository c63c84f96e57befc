"""An iCalendar file cut into its entries by text alone, so that one odd entry cannot break the others.

Only what tells times is kept of an entry: titles, places and guests are passed over unread, and so is whatever is
nested in it. Entries that cannot touch the dates that are asked for are passed over, too; most of a large calendar is
long past.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from services.registrations.imports.drafts import UnreadableFileError
from services.registrations.imports.horizon import Horizon

MAX_ENTRIES = 5_000
MAX_ZONES = 500
MAX_LINE = 64 * 1024

_BEGIN = re.compile(r"BEGIN:([A-Z0-9-]+)\s*", re.IGNORECASE)
_END = re.compile(r"END:([A-Z0-9-]+)\s*", re.IGNORECASE)
_NAME = re.compile(r"([A-Za-z0-9-]+)[;:]")
_CALENDAR_ZONE = re.compile(r"X-WR-TIMEZONE[^:]*:(.+)", re.IGNORECASE)
_DAY = re.compile(r"[0-9]{8}(?=T[0-9]{6}|[^0-9]|$)")
_UNTIL = re.compile(r"UNTIL=([0-9]{8})", re.IGNORECASE)

_KINDS = {"VEVENT", "VTIMEZONE", "VFREEBUSY"}
_NESTED = {"STANDARD", "DAYLIGHT"}
_TIMES = {
    *("UID", "SEQUENCE", "RECURRENCE-ID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "FREEBUSY"),
    *("STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS"),
}
_REPEATED = {"RDATE", "RECURRENCE-ID"}


@dataclass(frozen=True)
class Block:
    """What one VEVENT, VFREEBUSY or VTIMEZONE says about times, unfolded, and the line of its BEGIN.

    ``closed`` says whether its END was there, ``whole`` whether no line was too long to keep.
    """

    kind: str
    line: int
    text: str
    closed: bool = True
    whole: bool = True


@dataclass
class Blocks:
    """The entries of one file that can touch the horizon. ``zone`` is what the calendar itself says its zone is."""

    zone: str | None = None
    zones: list[Block] = field(default_factory=list)
    events: list[Block] = field(default_factory=list)
    elsewhere: int = 0
    """entries on other dates"""


def split(text: str, horizon: Horizon) -> Blocks:
    """Cut a calendar into entries. Raises UnreadableFileError for text that is no calendar, or too much of one."""
    if not re.match(r"\s*BEGIN:VCALENDAR\s", text, re.IGNORECASE):
        raise UnreadableFileError("file", "is not a calendar", "iCalendar text that starts with BEGIN:VCALENDAR")
    blocks = Blocks()
    for block in _blocks(text):
        if isinstance(block, str):
            blocks.zone = block
        elif block.kind == "VTIMEZONE":
            blocks.zones.append(block)
        elif _is_elsewhere(block, horizon):
            blocks.elsewhere += 1
        else:
            blocks.events.append(block)
        if len(blocks.events) > MAX_ENTRIES:
            raise UnreadableFileError("file", "has too many entries", f"at most {MAX_ENTRIES} on these dates")
        if len(blocks.zones) > MAX_ZONES:
            raise UnreadableFileError("file", "defines too many time zones", f"at most {MAX_ZONES}")
    return blocks


@dataclass
class _Open:
    """An entry that is being read."""

    kind: str
    line: int
    lines: list[str]
    nested: list[str] = field(default_factory=list)
    keeping: bool = True
    """whether the last line was kept, so that its continuation is"""
    length: int = 0
    whole: bool = True

    def take(self, line: str) -> None:
        if line[:1] in {" ", "\t"}:
            if self.keeping:
                self._add(line[1:])
            return
        begin, end = _BEGIN.fullmatch(line), _END.fullmatch(line)
        if begin:
            self.nested.append(begin[1].upper())
            self.keeping = self._is_wanted()
        elif end and self.nested:
            self.keeping = self._is_wanted()
            self.nested.pop()
        else:
            self.keeping = self._is_wanted() and self._says_times(line)
        if self.keeping:
            self.lines.append("")
            self.length = 0
            self._add(line)

    def _add(self, text: str) -> None:
        self.length += len(text)
        self.whole = self.whole and self.length <= MAX_LINE
        if self.whole:
            self.lines[-1] += text.rstrip("\r")

    def _is_wanted(self) -> bool:
        return not self.nested or (self.kind == "VTIMEZONE" and len(self.nested) == 1 and self.nested[0] in _NESTED)

    def _says_times(self, line: str) -> bool:
        name = _NAME.match(line)
        return name is not None and (self.kind == "VTIMEZONE" or name[1].upper() in _TIMES)

    def block(self, *, closed: bool = True) -> Block:
        text = "\r\n".join((*self.lines, f"END:{self.kind}", ""))
        return Block(self.kind, self.line, text, closed, self.whole)


def _blocks(text: str) -> Iterator[Block | str]:
    """Every block, and the calendar's own zone where a line between blocks names it."""
    entry: _Open | None = None
    for number, line in enumerate(_lines(text), start=1):
        begin = _BEGIN.fullmatch(line)
        kind = begin[1].upper() if begin else ""
        if kind in _KINDS and (entry is None or kind == entry.kind):
            if entry is not None:
                yield entry.block(closed=False)
            entry = _Open(kind, number, [f"BEGIN:{kind}"])
        elif entry is not None:
            end = _END.fullmatch(line)
            if end and end[1].upper() == entry.kind:
                yield entry.block()
                entry = None
            else:
                entry.take(line)
        elif zone := _CALENDAR_ZONE.fullmatch(line):
            yield zone[1].strip()
    if entry is not None:
        yield entry.block(closed=False)


def _lines(text: str) -> Iterator[str]:
    """Line by line, without a list of them all."""
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]


def _is_elsewhere(block: Block, horizon: Horizon) -> bool:
    """Whether an entry surely lies on other dates. When in doubt it does not, and is read properly."""
    if block.kind != "VEVENT" or not (block.closed and block.whole):
        return False
    lines = {(name[1].upper() if (name := _NAME.match(line)) else ""): line for line in block.text.splitlines()}
    start, end = (_day(lines.get(name, "")) for name in ("DTSTART", "DTEND"))
    if start is None or end is None or _REPEATED & lines.keys():
        return False
    spare = timedelta(days=2)  # for other zones
    if start > horizon.last + spare:
        return True
    if "RRULE" in lines:
        until = _UNTIL.search(lines["RRULE"])
        last = _day(until[1]) if until else None
        return last is not None and last + abs(end - start) < horizon.first - spare
    return max(start, end) < horizon.first - spare


def _day(line: str) -> date | None:
    found = _DAY.search(line.rpartition(":")[2])
    try:
        return date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None
