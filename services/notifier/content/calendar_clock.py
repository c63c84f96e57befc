"""The clock that an entry is told by, of a series one for all of its dates."""

from __future__ import annotations

from datetime import timedelta

from services.notifier.content.recurrence import recurrence
from shared.calendars.clock import IN_UTC, CalendarClock, clock_telling
from shared.contract.facts.notifier import CalendarEntry


def clock_of(entry: CalendarEntry) -> CalendarClock:
    """The clock by which calendars read every instant of the entry right, of a series all of them."""
    instants = {entry.start, entry.start + timedelta(minutes=entry.minutes)}
    for occurrence in map(entry.occurrence, entry.dates):
        usual = occurrence.original + timedelta(minutes=entry.minutes)
        instants |= {occurrence.original, usual, occurrence.start, occurrence.ends_at()}
    clock = clock_telling(entry.zone, instants)
    # libical takes listed dates for UTC, whatever zone they name.
    return IN_UTC if recurrence([clock.shows(each) for each in entry.dates], ()).listed else clock
