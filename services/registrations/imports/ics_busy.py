"""Calendar entries expanded into the stretches of time in which they keep a person busy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Event

from services.registrations.imports.drafts import UnreadableFileError
from services.registrations.imports.horizon import Horizon
from services.registrations.imports.ics_entries import ODD, Entry, Fault
from shared.time.intervals import Interval, local_instant
from shared.time.zones import zone

MAX_INSTANCES = 5_000


def busy(entries: Iterable[Entry], horizon: Horizon, calendar_zone: str | None) -> Iterator[Interval | Fault]:
    """What lies within the horizon, in no order. Raises UnreadableFileError beyond MAX_INSTANCES instances."""
    local = zone(calendar_zone or horizon.zone)
    count = 0
    for series in _series(entries):
        try:
            instances = _instances(series, horizon, calendar_zone)
            intervals = [_interval(each, local) for each in instances if _is_busy(each)]
        except ODD:
            yield Fault(series[0].line, "VEVENT", "cannot be placed on dates", "a series as RFC 5545 defines it")
            continue
        count += len(instances)
        if count > MAX_INSTANCES:
            raise UnreadableFileError("file", "has too many entries on these dates", f"at most {MAX_INSTANCES}")
        yield from (clipped for each in intervals if each and (clipped := _clip(each, horizon.interval())))


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


def _is_busy(instance: Event) -> bool:
    transparent = str(instance.get("TRANSP", "")).upper() == "TRANSPARENT"
    return not transparent and str(instance.get("STATUS", "")).upper() != "CANCELLED"


def _interval(instance: Event, local: ZoneInfo) -> Interval | None:
    """The stretch of one instance; None when it takes no time."""
    start, end = (_instant(moment, local) for moment in (instance.DTSTART, instance.DTEND))
    return Interval(start, end) if end > start else None


def _instant(moment: date | None, local: ZoneInfo) -> datetime:
    """The instant of a date (its midnight) or of a date and time, in local time where it has no zone."""
    if moment is None:
        raise ValueError("an instance without start or end")
    if not isinstance(moment, datetime):
        return local_instant(moment, time(), local)
    return moment.astimezone(UTC) if moment.tzinfo else local_instant(moment.date(), moment.time(), local)


def _clip(interval: Interval, bounds: Interval) -> Interval | None:
    if not interval.overlaps(bounds):
        return None
    return Interval(max(interval.start, bounds.start), min(interval.end, bounds.end))
