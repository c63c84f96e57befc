"""Busy times from a calendar: a teaching timetable or somebody's own calendar as .ics becomes *no* and *if-need-be*.

Entries marked TRANSPARENT or CANCELLED are not busy; TENTATIVE ones are *if-need-be*. Entries for whole days are busy
from midnight to midnight in the calendar's own zone (X-WR-TIMEZONE) or, without one, in the zone of the horizon; so
are times without a zone. An entry that cannot be read is reported and the others are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from services.registrations.imports.drafts import Problem, UnreadableFileError
from services.registrations.imports.horizon import Horizon
from services.registrations.imports.ics_blocks import Block, Blocks, split
from services.registrations.imports.ics_busy import Busy, busy, clip
from services.registrations.imports.ics_entries import Entry, Fault, learn_zones, read_entry
from services.registrations.imports.ics_freebusy import free_busy
from shared.contract.values import Answer, DatedWindow
from shared.time.intervals import Interval, merged
from shared.time.zones import known_zones

MAX_BYTES = 10 * 1024 * 1024
MAX_WINDOWS = 1_000

Result = TypeVar("Result")


@dataclass(frozen=True)
class Timetable:
    """Busy windows in order, those of one answer neither overlapping nor touching, and what was not understood."""

    windows: tuple[DatedWindow, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class BusyTimes:
    """When somebody is busy (``no``), when perhaps (``maybe``); each in order and merged."""

    no: tuple[Interval, ...] = ()
    maybe: tuple[Interval, ...] = ()
    faults: tuple[Fault, ...] = ()


def read_timetable(file: str, content: bytes, horizon: Horizon) -> Timetable:
    """Busy time within the horizon. Raises UnreadableFileError for a file that is too large, or no calendar."""
    found = read_busy(content, horizon)
    windows = windows_of(found)
    if len(windows) > MAX_WINDOWS:
        raise UnreadableFileError("file", "has too many separate busy times on these dates", f"at most {MAX_WINDOWS}")
    return Timetable(windows, tuple(_problem(file, fault) for fault in found.faults))


def read_busy(content: bytes, horizon: Horizon) -> BusyTimes:
    """The same without a limit on how many separate times there are."""
    blocks = split(_text(content), horizon)
    learn_zones(blocks.zones)
    calendar_zone = _zone(blocks)
    faults = list(_zone_faults(blocks, calendar_zone))
    entries = _kept(_read([each for each in blocks.events if each.kind == "VEVENT"], blocks.elsewhere), faults)
    stated = chain.from_iterable(free_busy(each) for each in blocks.events if each.kind == "VFREEBUSY")
    bounds = horizon.interval()
    found = _kept(busy(entries, horizon, calendar_zone), faults)
    found += [clipped for each in _kept(stated, faults) if (clipped := clip(each, bounds))]
    return BusyTimes(_stretches(found, Answer.NO), _stretches(found, Answer.IF_NEED_BE), tuple(faults))


def windows_of(found: BusyTimes) -> tuple[DatedWindow, ...]:
    """As windows, in order of time."""
    windows = [
        DatedWindow(answer=answer, start=each.start, end=each.end)
        for answer, intervals in ((Answer.NO, found.no), (Answer.IF_NEED_BE, found.maybe))
        for each in intervals
    ]
    return tuple(sorted(windows, key=lambda each: (each.start, each.end)))


def _stretches(found: Iterable[Busy], answer: Answer) -> tuple[Interval, ...]:
    return tuple(merged(each.interval for each in found if each.answer is answer))


def _text(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise UnreadableFileError("file", "is too large", f"at most {MAX_BYTES // 1024} KiB")
    return content.decode("utf-8-sig", errors="replace")


def _zone(blocks: Blocks) -> str | None:
    """The IANA name of the zone that the calendar says it is in, where there is one."""
    name = WINDOWS_TO_OLSON.get(blocks.zone, blocks.zone) if blocks.zone else None
    return name if name in known_zones() else None


def _zone_faults(blocks: Blocks, calendar_zone: str | None) -> Iterator[Fault]:
    if blocks.zone and calendar_zone is None:
        yield Fault(1, "X-WR-TIMEZONE", "is not a known zone and is left out", "an IANA time zone")


def _read(blocks: list[Block], elsewhere: int) -> Iterator[Entry | Fault]:
    results = [result for block in blocks for result in read_entry(block)]
    if blocks and not elsewhere and not any(isinstance(result, Entry) for result in results):
        raise UnreadableFileError("file", "has no entry that can be read", "entries as RFC 5545 defines them")
    yield from results


def _kept(results: Iterable[Result | Fault], faults: list[Fault]) -> list[Result]:
    """The results; the faults among them are added to the list."""
    kept: list[Result] = []
    for result in results:
        if isinstance(result, Fault):
            faults.append(result)
        else:
            kept.append(result)
    return kept


def _problem(file: str, fault: Fault) -> Problem:
    return Problem(file, fault.line, fault.field, fault.problem, fault.allowed)
