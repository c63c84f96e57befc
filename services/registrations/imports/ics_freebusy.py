"""VFREEBUSY: what a server says of somebody's time without saying more (RFC 5545, 3.6.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from icalendar.prop import vPeriod

from services.registrations.imports.ics_blocks import MAX_LINE, Block
from services.registrations.imports.ics_busy import Busy
from services.registrations.imports.ics_entries import ODD, Fault
from shared.contract.values import Answer
from shared.time.intervals import Interval

_PERIODS = re.compile(r"FREEBUSY((?:;[^:;=]+=[^:;]*)*):(.*)", re.IGNORECASE)
_TYPE = re.compile(r";FBTYPE=\"?([A-Z-]+)", re.IGNORECASE)
# A type that nobody knows counts as busy (3.2.9).
_ANSWERS = {"FREE": None, "BUSY-TENTATIVE": Answer.IF_NEED_BE}


def free_busy(block: Block) -> Iterator[Busy | Fault]:
    """What the block names as busy, for sure or perhaps. Free time is not named: it says nothing."""
    if not block.closed:
        yield Fault(block.line, "VFREEBUSY", "has no END", "BEGIN:VFREEBUSY ... END:VFREEBUSY")
        return
    if not block.whole:
        yield Fault(block.line, "VFREEBUSY", "has a line that is too long", f"at most {MAX_LINE} characters")
        return
    for line in block.text.splitlines():
        found = _PERIODS.fullmatch(line)
        if found is None:
            continue
        stated = _TYPE.search(found[1])
        answer = _ANSWERS.get(stated[1].upper(), Answer.NO) if stated else Answer.NO
        if answer is not None:
            yield from _periods(block.line, found[2], answer)


def _periods(line: int, text: str, answer: Answer) -> Iterator[Busy | Fault]:
    for period in text.split(","):
        try:
            start, end = _instants(period.strip())
            if end > start:
                yield Busy(Interval(start, end), answer)
        except ODD:
            yield Fault(line, "FREEBUSY", "has a period that cannot be read", "start and end, or start and duration")


def _instants(period: str) -> tuple[datetime, datetime]:
    start, end_or_length = vPeriod.from_ical(period)  # type: ignore[no-untyped-call]  # the library has no types there
    end = end_or_length if isinstance(end_or_length, datetime) else start + end_or_length
    return _utc(start), _utc(end)


def _utc(moment: datetime) -> datetime:
    """RFC 5545 allows nothing but UTC here."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
