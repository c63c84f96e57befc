"""Busy times from a calendar export: a teaching timetable as .ics becomes windows with the answer *no*.

Entries marked TRANSPARENT or CANCELLED are not busy. Entries for whole days are busy from midnight to midnight in the
calendar's own zone (X-WR-TIMEZONE) or, without one, in the zone of the horizon; so are times without a zone. An entry
that cannot be read is reported and the others are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from services.registrations.imports.drafts import Problem, UnreadableFileError
from services.registrations.imports.horizon import Horizon
from services.registrations.imports.ics_blocks import Block, Blocks, split
from services.registrations.imports.ics_busy import busy
from services.registrations.imports.ics_entries import Entry, Fault, learn_zones, read_entry
from shared.contract.values import Answer, DatedWindow
from shared.time.intervals import Interval, merged
from shared.time.zones import known_zones

MAX_BYTES = 2 * 1024 * 1024
MAX_ENTRIES = 5_000
MAX_WINDOWS = 1_000

Result = TypeVar("Result")


@dataclass(frozen=True)
class Timetable:
    """Busy windows in order, neither overlapping nor touching, and what was not understood."""

    windows: tuple[DatedWindow, ...]
    problems: tuple[Problem, ...]


def read_timetable(file: str, content: bytes, horizon: Horizon) -> Timetable:
    """Busy time within the horizon. Raises UnreadableFileError for a file that is too large, or no calendar."""
    blocks = split(_text(content))
    if len(blocks.events) > MAX_ENTRIES:
        raise UnreadableFileError("file", "has too many entries", f"at most {MAX_ENTRIES}")
    learn_zones(blocks.zones)
    faults = list(_zone_faults(blocks))
    entries = _kept(_read(blocks.events), faults)
    calendar_zone = blocks.zone if blocks.zone in known_zones() else None
    intervals = _kept(busy(entries, horizon, calendar_zone), faults)
    return Timetable(_windows(intervals), tuple(_problem(file, fault) for fault in faults))


def _text(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise UnreadableFileError("file", "is too large", f"at most {MAX_BYTES // 1024} KiB")
    return content.decode("utf-8-sig", errors="replace")


def _zone_faults(blocks: Blocks) -> Iterator[Fault]:
    if blocks.zone and blocks.zone not in known_zones():
        yield Fault(1, "X-WR-TIMEZONE", "is not a known zone and is left out", "an IANA time zone")


def _read(blocks: list[Block]) -> Iterator[Entry | Fault]:
    results = [result for block in blocks for result in read_entry(block)]
    if blocks and not any(isinstance(result, Entry) for result in results):
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


def _windows(intervals: Iterable[Interval]) -> tuple[DatedWindow, ...]:
    stretches = merged(intervals)
    if len(stretches) > MAX_WINDOWS:
        raise UnreadableFileError("file", "has too many separate busy times on these dates", f"at most {MAX_WINDOWS}")
    return tuple(DatedWindow(answer=Answer.NO, start=each.start, end=each.end) for each in stretches)


def _problem(file: str, fault: Fault) -> Problem:
    return Problem(file, fault.line, fault.field, fault.problem, fault.allowed)
