"""What one reading of a calendar changes: when it is read next, and what it says of the person by now. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.registrations.calendars.busy_windows import KeptWindows
from services.registrations.calendars.responses import Validators
from services.registrations.imports.horizon import Horizon
from shared.bus.retry import growing_delay
from shared.contract.envelope import digest
from shared.contract.facts.calendars import CalendarSource, ReadProblem
from shared.contract.facts.registrations import StatedWindows
from shared.contract.values import Window

_FIRST_RETRY, _LAST_RETRY = 300.0, 86_400.0
_SPREAD = 0.2


@dataclass(frozen=True)
class Timing:
    """How often calendars are read, and how long what was read counts after that."""

    every: timedelta = timedelta(hours=1)
    grace: timedelta = timedelta(days=7)
    lease: timedelta = timedelta(seconds=90)
    """how long whoever reads a calendar has for it, before another process may"""


@dataclass(frozen=True)
class Unchanged:
    """The calendar says what it said before."""

    validators: Validators | None = None
    """None: those of the reading before still hold"""


@dataclass(frozen=True)
class Changed:
    """What the calendar says now."""

    kept: KeptWindows
    validators: Validators
    content: str
    horizon: Horizon
    not_understood: int


@dataclass(frozen=True)
class Failed:
    """Why it could not be read."""

    problem: ReadProblem
    retry_after: float | None = None


Outcome = Unchanged | Changed | Failed


def is_due(source: CalendarSource, now: datetime) -> bool:
    return source.sealed is not None and due_at(source) <= now


def due_at(source: CalendarSource) -> datetime:
    """When it may be read: not while somebody reads it."""
    return source.due if source.claimed_until is None else max(source.due, source.claimed_until)


def claimed(source: CalendarSource, now: datetime, timing: Timing) -> CalendarSource:
    return source.model_copy(update={"claimed_until": now + timing.lease})


def after(source: CalendarSource, outcome: Outcome, now: datetime, timing: Timing) -> CalendarSource:
    """The calendar once it was read, or could not be."""
    if isinstance(outcome, Failed):
        return _failed(source, outcome, now, timing)
    update: dict[str, object] = {
        "due": now + timing.every * _spread(source, now),
        "not_before": None,
        "claimed_until": None,
        "read_at": now,
        "failures": 0,
        "problem": None,
        "unknown_since": None,
    }
    if outcome.validators is not None:
        update |= {"etag": outcome.validators.etag, "modified": outcome.validators.modified}
    if isinstance(outcome, Changed):
        update |= {
            "content": outcome.content,
            "from_day": outcome.horizon.first,
            "read_in": outcome.horizon.zone,
            "until_day": outcome.kept.until_day,
            "not_understood": outcome.not_understood,
        }
    return source.model_copy(update=update)


def statement(source: CalendarSource, windows: tuple[Window, ...]) -> StatedWindows:
    """What the calendar says of the person: as it was read, until the grace period is over; then nothing is known."""
    counts = windows if source.content is not None else ()
    return StatedWindows(source=source.stated_as, windows=counts, unknown_since=source.unknown_since)


def _failed(source: CalendarSource, outcome: Failed, now: datetime, timing: Timing) -> CalendarSource:
    failures = source.failures + 1
    alone = timedelta(seconds=min(outcome.retry_after or 0.0, _LAST_RETRY))
    waits = timedelta(seconds=growing_delay(failures, first=_FIRST_RETRY, cap=_LAST_RETRY) * _spread(source, now))
    update: dict[str, object] = {
        "due": now + max(waits, alone),
        "not_before": now + alone if alone else None,
        "claimed_until": None,
        "failures": failures,
        "problem": outcome.problem,
        "unknown_since": source.unknown_since or source.read_at or source.connected,
    }
    counts_until = source.read_at + timing.grace if source.read_at is not None else now
    if counts_until <= now:
        # Once it can be read again, all of it is wanted, not only what has changed.
        update |= {"content": None, "etag": None, "modified": None, "from_day": None, "until_day": None}
    else:
        # When the grace period ends it is to be known at once, but for a server that is to be left alone.
        update["due"] = max(min(now + waits, counts_until), now + alone)
    return source.model_copy(update=update)


def _spread(source: CalendarSource, now: datetime) -> float:
    """A factor around 1 that differs between calendars and readings, so that not all are read at once."""
    drawn = int(digest(source.person, source.source, now.isoformat())[:8], 16) / 0xFFFF_FFFF
    return 1 - _SPREAD / 2 + _SPREAD * drawn
