"""One calendar entry at a time: parsed and checked, or refused with the property that is wrong."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from icalendar import Event, Timezone
from icalendar.error import GloballyUniqueTZIDGuessed
from icalendar.prop import vRecur
from icalendar.timezone import tzp

from services.registrations.imports.ics_blocks import MAX_LINE, Block

ODD = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError)
"""What icalendar, dateutil and recurring_ical_events raise over odd entries."""

_FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_TOO_FINE = {"BYHOUR", "BYMINUTE", "BYSECOND"}
_TIMING = ("DTSTART", "DTEND", "DURATION", "RRULE", "RECURRENCE-ID")
_DISPENSABLE = ("EXDATE", "RDATE")


@dataclass(frozen=True)
class Fault:
    """What is wrong with an entry: the property, the problem, and what is allowed."""

    line: int
    field: str
    problem: str
    allowed: str


@dataclass(frozen=True)
class Entry:
    line: int
    event: Event


def learn_zones(blocks: Iterable[Block]) -> None:
    """Make the zones that a file defines known by their TZID, for names that are not IANA's; forget earlier files'."""
    tzp.use_zoneinfo()
    for block in blocks:
        if block.closed and not any(_rule_fault(rule) for rule in _rules(block.text)):
            _learn(block)


def _learn(block: Block) -> None:
    try:
        Timezone.from_ical(_named(block.text))
    except ODD:
        return  # entries that use the zone are reported, the others do not need it


def _named(text: str) -> str:
    """With a name for each of its times: times whose zone tells no name are taken for times without a zone."""
    if "\nTZNAME" in text.upper():
        return text
    return re.sub(r"(?=^END:(STANDARD|DAYLIGHT))", "TZNAME:LOCAL\r\n", text, flags=re.MULTILINE | re.IGNORECASE)


def _rules(text: str) -> Iterator[vRecur | None]:
    for line in text.splitlines():
        if line.upper().startswith("RRULE"):
            try:
                yield vRecur.from_ical(line.partition(":")[2])
            except ODD:
                yield None


def read_entry(block: Block) -> Iterator[Entry | Fault]:
    """The entry, and what had to be left out of it; or only the fault for which it cannot be used."""
    if not block.closed:
        yield Fault(block.line, "VEVENT", "has no END", "BEGIN:VEVENT ... END:VEVENT")
        return
    if not block.whole:
        yield Fault(block.line, "VEVENT", "has a line that is too long", f"at most {MAX_LINE} characters")
        return
    try:
        event = _parsed(block.text)
        faults = list(_faults(block.line, event))
    except ODD:
        yield Fault(block.line, "VEVENT", "cannot be read", "an entry as RFC 5545 defines it")
        return
    yield from faults
    if all(fault.field in (*_DISPENSABLE, "TZID") for fault in faults):
        yield Entry(block.line, event)


def _parsed(text: str) -> Event:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", GloballyUniqueTZIDGuessed)
        event = Event.from_ical(text)
    if not isinstance(event, Event):
        raise TypeError("not a VEVENT")
    return event


def _faults(line: int, event: Event) -> Iterator[Fault]:
    broken = {name for name, _ in event.errors}
    for name in _TIMING:
        if name in broken or isinstance(event.get(name), list):
            yield Fault(line, name, "cannot be read", f"one {name} as RFC 5545 defines it")
            return
    for name in _DISPENSABLE:
        if name in broken:
            del event[name]
            yield Fault(line, name, "cannot be read and is left out", "dates or times, with commas between them")
    yield from _time_faults(line, event)
    rule = event.get("RRULE")
    if isinstance(rule, vRecur) and (problem := _rule_fault(rule)):
        yield Fault(line, "RRULE", problem, "daily, weekly, monthly or yearly, without BYHOUR, BYMINUTE, BYSECOND")


def _time_faults(line: int, event: Event) -> Iterator[Fault]:
    start, end = event.DTSTART, event.DTEND
    if start is None:
        yield Fault(line, "DTSTART", "is missing", "a date, or a date and time")
        return
    if end and _is_before(end, start):
        yield Fault(line, "DTEND", "is before DTSTART", "a later time")
    if isinstance(start, datetime) and start.tzinfo is None and "TZID" in getattr(event["DTSTART"], "params", ()):
        yield Fault(line, "TZID", "is not a known zone; read as local time", "an IANA zone, or one with a VTIMEZONE")


def _is_before(end: date, start: date) -> bool:
    """Compared as instants where both have a zone, otherwise by what the clock shows."""
    first, last = (each if isinstance(each, datetime) else datetime.combine(each, time()) for each in (end, start))
    if first.tzinfo and last.tzinfo:
        return first < last
    return first.replace(tzinfo=None) < last.replace(tzinfo=None)


def _rule_fault(rule: vRecur | None) -> str | None:
    """Why that rule is not followed: it is unreadable, or would repeat without end or by the thousand."""
    if rule is None:
        return "cannot be read"
    if set(rule.get("FREQ", ())) - _FREQUENCIES or _TOO_FINE & set(rule):
        return "repeats more than once a day"
    if any(interval < 1 for interval in rule.get("INTERVAL", ())):
        return "has an INTERVAL below 1"
    return None
