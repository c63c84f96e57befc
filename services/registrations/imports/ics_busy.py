"""Calendar entries expanded into the stretches of time in which they keep a person busy, for sure or perhaps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Event

from services.registrations.imports.drafts import UnreadableFileError
from services.registrations.imports.horizon import Horizon
from services.registrations.imports.ics_entries import ODD, Entry, Fault
from services.registrations.imports.ics_time_limit import TookTooLongError, time_limit
from shared.contract.values import Answer
from shared.time.intervals import Interval, local_instant
from shared.time.zones import zone

MAX_INSTANCES = 20_000
MAX_SECONDS = 0.3
"""that one series may take: daily since 1970 takes a tenth of it"""
MAX_COSTLY = 5

_OUTLOOK = {"FREE": None, "TENTATIVE": Answer.IF_NEED_BE, "BUSY": Answer.NO, "OOF": Answer.NO}


@dataclass(frozen=True)
class Busy:
    """A stretch of time in which a person is busy (*no*) or may be (*if-need-be*)."""

    interval: Interval
    answer: Answer


def busy(entries: Iterable[Entry], horizon: Horizon, calendar_zone: str | None) -> Iterator[Busy | Fault]:
    """What lies within the horizon, in no order. Raises UnreadableFileError for what would take too long."""
    local = zone(calendar_zone or horizon.zone)
    bounds = horizon.interval()
    count = costly = 0
    for series in _series(entries):
        try:
            with time_limit(MAX_SECONDS):
                instances = _instances(series, horizon, calendar_zone)
                found = [_busy(each, local) for each in instances]
        except TookTooLongError:
            costly += 1
            if costly > MAX_COSTLY:
                raise UnreadableFileError("file", "takes too long to expand", "series that repeat once a day") from None
            yield Fault(series[0].line, "RRULE", "takes too long to expand", "a series that repeats on these dates")
            continue
        except (*ODD, RecursionError):
            yield Fault(series[0].line, "VEVENT", "cannot be placed on dates", "a series as RFC 5545 defines it")
            continue
        count += len(instances)
        if count > MAX_INSTANCES:
            raise UnreadableFileError("file", "has too many entries on these dates", f"at most {MAX_INSTANCES}")
        yield from (clipped for each in found if each and (clipped := clip(each, bounds)))


def clip(found: Busy, bounds: Interval) -> Busy | None:
    """The part of it that lies within the bounds."""
    interval = found.interval
    if not interval.overlaps(bounds):
        return None
    return Busy(Interval(max(interval.start, bounds.start), min(interval.end, bounds.end)), found.answer)


def _series(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Entries by UID: a series and its changed instances belong together. Without UID an entry stands alone."""
    by_uid: dict[str, list[Entry]] = {}
    for entry in entries:
        by_uid.setdefault(str(entry.event.get("UID", f"line {entry.line}")), []).append(entry)
    return list(by_uid.values())


def _instances(series: list[Entry], horizon: Horizon, calendar_zone: str | None) -> list[Event]:
    calendar = Calendar()
    if calendar_zone:
        calendar.add("X-WR-TIMEZONE", calendar_zone)
    for entry in series:
        calendar.add_component(entry.event)
    a_day = timedelta(days=1)  # either side, for other zones
    query = recurring_ical_events.of(calendar)
    return list(query.between(horizon.first - a_day, horizon.last + 2 * a_day))


def _busy(instance: Event, local: ZoneInfo) -> Busy | None:
    answer = _answer(instance)
    interval = _interval(instance, local) if answer is not None else None
    return Busy(interval, answer) if interval is not None and answer is not None else None


def _answer(instance: Event) -> Answer | None:
    """What an entry says of its time; None: the person is free."""
    status, transparency, outlook = (
        str(instance.get(name, "")).strip().upper() for name in ("STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS")
    )
    if transparency == "TRANSPARENT" or status == "CANCELLED":
        return None
    answer = _OUTLOOK.get(outlook, Answer.NO)
    return Answer.IF_NEED_BE if answer is Answer.NO and status == "TENTATIVE" else answer


def _interval(instance: Event, local: ZoneInfo) -> Interval | None:
    """The stretch of one instance; None when it takes no time."""
    first, last = instance.DTSTART, instance.DTEND
    start, end = _instant(first, local), _instant(last, local)
    if end <= start and _on_the_wall(last) > _on_the_wall(first) and _same_zone(first, last):
        # The clock skips the start and moves it past the end: the end and the length hold.
        start = end - (_on_the_wall(last) - _on_the_wall(first))
    return Interval(start, end) if end > start else None


def _instant(moment: date | None, local: ZoneInfo) -> datetime:
    """The instant of a date (its midnight) or of a date and time, in local time where it has no zone."""
    if moment is None:
        raise ValueError("an instance without start or end")
    if not isinstance(moment, datetime):
        return local_instant(moment, time(), local)
    return moment.astimezone(UTC) if moment.tzinfo else local_instant(moment.date(), moment.time(), local)


def _on_the_wall(moment: date) -> datetime:
    """What the clock shows, as if there were no zones."""
    return moment.replace(tzinfo=UTC) if isinstance(moment, datetime) else datetime.combine(moment, time(), tzinfo=UTC)


def _same_zone(first: date, last: date) -> bool:
    return getattr(first, "tzinfo", None) == getattr(last, "tzinfo", None)
