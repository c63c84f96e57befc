"""When a session is, in words: by the clocks of a zone, in a reader's language."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from babel.dates import format_date, format_skeleton, format_time

from services.notifier.content.languages import Language
from shared.contract.facts.notifier import CalendarEntry
from shared.time.zones import zone


def when(entry: CalendarEntry, zone_name: str, language: Language) -> str:
    """Day and times by the clocks of a zone, which it names."""
    return _when(entry.start, entry.minutes, zone_name, language)


@lru_cache(maxsize=4096)
def _when(start: datetime, minutes: int, zone_name: str, language: Language) -> str:
    begins, ends = _local(start, minutes, zone_name)
    words = {"day": _day(begins, language), "start": _time(begins, language), "end": _time(ends, language)}
    if begins.date() == ends.date():
        return language.say("%(day)s, %(start)s to %(end)s (%(zone)s)", zone=zone_name, **words)
    return language.say(
        "%(day)s, %(start)s to %(end)s on %(last_day)s (%(zone)s)",
        last_day=_day(ends, language),
        zone=zone_name,
        **words,
    )


def when_for(entry: CalendarEntry, zone_name: str, language: Language) -> str | None:
    """The same by the reader's clocks; None if they show the same."""
    theirs, ours = (_local(entry.start, entry.minutes, each) for each in (zone_name, entry.zone))
    same = [each.replace(tzinfo=None) for each in theirs] == [each.replace(tzinfo=None) for each in ours]
    return None if same else when(entry, zone_name, language)


@lru_cache(maxsize=4096)
def short_day(start: datetime, zone_name: str, language: Language) -> str:
    """``Tue, 12 Jan 2027``."""
    return format_skeleton("yMMMEd", start.astimezone(zone(zone_name)), locale=language.locale)


@lru_cache(maxsize=4096)
def clock_time(start: datetime, zone_name: str, language: Language) -> str:
    """``15:30``."""
    return _time(start.astimezone(zone(zone_name)), language)


def _local(start: datetime, minutes: int, zone_name: str) -> tuple[datetime, datetime]:
    local = zone(zone_name)
    return start.astimezone(local), (start + timedelta(minutes=minutes)).astimezone(local)


def _day(local: datetime, language: Language) -> str:
    return format_date(local, "full", locale=language.locale)


def _time(local: datetime, language: Language) -> str:
    return format_time(local.time(), "short", locale=language.locale)
