"""Series: what tells two states of an entry apart for a calendar, and which message tells one from the other.

A change of one occurrence goes out as that occurrence alone, under its RECURRENCE-ID: sent along with the whole
series, it is passed over by some calendars, and a whole series sent for it undoes what people did to the others.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime

from shared.contract.facts.notifier import CalendarEntry, Occurrence

_TOLD_ALONE_AT_MOST = 2
"""So many changed occurrences are told one by one; more are told at once, with the whole series."""


@dataclass(frozen=True)
class OccurrenceChange:
    """One occurrence that changes, and the entry once it has."""

    occurrence: Occurrence
    entry: CalendarEntry


def significant(entry: CalendarEntry, but: Container[datetime] = ()) -> tuple[object, ...]:
    """What a calendar must be told of when it changes, leaving the dates out that are in ``but``.

    Texts alone may change without a mail, and so may why a date is not held.
    """
    differing = {
        each.original: None if each.cancelled else each
        for each in entry.changed
        if _differs(entry, each) and each.original not in but
    }
    return (*times(entry), entry.location, entry.join_url, differing)


def times(entry: CalendarEntry) -> tuple[object, ...]:
    """What an answer is about: a person who can come then may not be able to come at other times."""
    return entry.start, entry.minutes, entry.dates


def starts(entry: CalendarEntry) -> frozenset[tuple[datetime, int]]:
    """When it is held, and for how many minutes; of a series, each of its dates."""
    held = [each for each in map(entry.occurrence, entry.dates) if not each.cancelled]
    return frozenset((each.start, each.minutes) for each in (held if entry.dates else [entry]))


def changes_of_occurrences(
    held: CalendarEntry, wanted: CalendarEntry, now: datetime, but: Container[datetime] = ()
) -> list[OccurrenceChange] | None:
    """The occurrences to tell of one by one, each upon the one before; none of those that are over.

    None where the whole entry must be told: it is no series, the series itself differs, or too much of it does. A date
    that is held after all needs the whole, too: some calendars keep a cancelled date out of the series for good.
    """
    if not held.dates or _series(held) != _series(wanted):
        return None
    if any(each.cancelled and not wanted.occurrence(each.original).cancelled for each in held.changed):
        return None
    upcoming = [
        occurrence
        for occurrence in map(wanted.occurrence, wanted.dates)
        if (before := held.occurrence(occurrence.original)) != occurrence
        and not (before.cancelled and occurrence.cancelled)
        and occurrence.original not in but
        and now < max(before.ends_at(), occurrence.ends_at())
    ]
    if len(upcoming) > _TOLD_ALONE_AT_MOST:
        return None
    return _one_by_one(held, wanted, upcoming)


def _one_by_one(held: CalendarEntry, wanted: CalendarEntry, upcoming: list[Occurrence]) -> list[OccurrenceChange]:
    found: list[OccurrenceChange] = []
    known = {each.original: each for each in held.changed}
    for occurrence in upcoming:
        # What is called off is called off where it was.
        was = held.occurrence(occurrence.original)
        off = {"cancelled": True, "given_back": occurrence.given_back}
        known[occurrence.original] = occurrence if not occurrence.cancelled else was.model_copy(update=off)
        changed = tuple(known[original] for original in sorted(known) if _differs(wanted, known[original]))
        found.append(OccurrenceChange(known[occurrence.original], wanted.model_copy(update={"changed": changed})))
    return found


def _series(entry: CalendarEntry) -> tuple[object, ...]:
    return (*times(entry), entry.location, entry.join_url)


def _differs(entry: CalendarEntry, occurrence: Occurrence) -> bool:
    """Whether it is not just as the series says."""
    return occurrence != entry.model_copy(update={"changed": ()}).occurrence(occurrence.original)


def shown_dates(entry: CalendarEntry, now: datetime) -> tuple[Occurrence, ...]:
    """The dates of a series that people are told of: those that are held, without those that are over if any is not."""
    held = [each for each in map(entry.occurrence, entry.dates) if not each.cancelled]
    to_come = [each for each in held if each.ends_at() > now]
    return tuple(sorted(to_come or held, key=lambda each: each.start))


def alone(entry: CalendarEntry, original: datetime) -> CalendarEntry:
    """That occurrence as an entry of its own."""
    occurrence = entry.occurrence(original)
    held = {
        "start": occurrence.start,
        "minutes": occurrence.minutes,
        "location": occurrence.location,
        "join_url": occurrence.join_url,
        "dates": (),
        "changed": (),
    }
    return entry.model_copy(update=held)
