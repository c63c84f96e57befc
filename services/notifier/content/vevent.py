"""The VEVENT of an entry: what it says to everybody alike (RFC 5545, 3.6.1; RFC 7986)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Event, vDatetime, vDDDLists, vDuration, vRecur, vText, vUri

from services.notifier.content.about import about
from services.notifier.content.calendar_clock import clock_of
from services.notifier.content.languages import Language
from services.notifier.content.printable import line
from services.notifier.content.recurrence import recurrence
from services.notifier.planning.series import alone
from shared.calendars.clock import CalendarClock
from shared.contract.facts.notifier import CalendarEntry


def described(uid: str, entry: CalendarEntry, status: str | None, words: Language) -> list[Event]:
    """The event of an entry and, of a series, one for each occurrence that is held otherwise than usually."""
    master = _described(uid, entry, clock_of(entry), status, words)
    if entry.dates:
        _tell_series(master, entry, clock_of(entry))
    held = (each.original for each in entry.changed if not each.cancelled)
    return [master, *(occurrence_described(uid, entry, original, status, words) for original in held)]


def occurrence_described(
    uid: str, entry: CalendarEntry, original: datetime, status: str | None, words: Language
) -> Event:
    """The event of one occurrence of a series, told by the clock of the series."""
    clock = clock_of(entry)
    component = _described(uid, alone(entry, original), clock, status, words)
    component["RECURRENCE-ID"] = _wall_time(clock, original)
    return component


def alarm(entry: CalendarEntry, minutes: int) -> Alarm:
    """An alarm that only shows, so long before the start."""
    component = Alarm()
    component["ACTION"] = vText("DISPLAY")
    component["DESCRIPTION"] = vText(line(entry.title))
    component["TRIGGER"] = vDuration(-timedelta(minutes=minutes))
    return component


def utc(instant: datetime) -> vDatetime:
    return vDatetime(instant.astimezone(UTC))


def _described(uid: str, entry: CalendarEntry, clock: CalendarClock, status: str | None, words: Language) -> Event:
    component = Event()
    component["UID"] = vText(uid)
    component["DTSTART"] = _wall_time(clock, entry.start)
    component["DTEND"] = _wall_time(clock, entry.start + timedelta(minutes=entry.minutes))
    texts = {
        "SUMMARY": line(entry.title),
        "DESCRIPTION": _description(entry, words),
        "LOCATION": line(entry.location),
        "TRANSP": "OPAQUE",
        "CLASS": "PUBLIC",
        "STATUS": status or "",
    }
    # libical takes a property without a value for an error. A summary there must be (RFC 5546, 3.2.2).
    for name, text in texts.items():
        if text or name == "SUMMARY":
            component[name] = vText(text)
    if entry.join_url is not None:
        component["CONFERENCE"] = _conference(entry.join_url, words)
    return component


def _tell_series(component: Event, entry: CalendarEntry, clock: CalendarClock) -> None:
    cancelled = sorted(each.original for each in entry.changed if each.cancelled)
    recurs = recurrence([clock.shows(each) for each in entry.dates], [clock.shows(each) for each in cancelled])
    if recurs.rule:
        component["RRULE"] = vRecur(dict(recurs.rule))
    for name, dates in (("RDATE", recurs.listed), ("EXDATE", recurs.left_out)):
        if dates:
            component[name] = vDDDLists(list(dates), params=_zone_parameter(clock))


def _description(entry: CalendarEntry, words: Language) -> str:
    join = f"{words.say('Join online')}: {line(entry.join_url)}" if entry.join_url else ""
    return "\n\n".join(filter(None, (about(entry, words), join)))


def _conference(join_url: str, words: Language) -> vUri:
    label = words.say("Join online")
    return vUri(line(join_url), params={"VALUE": "URI", "FEATURE": ["AUDIO", "VIDEO"], "LABEL": label})


def _wall_time(clock: CalendarClock, instant: datetime) -> vDatetime:
    return vDatetime(clock.shows(instant), params=_zone_parameter(clock))


def _zone_parameter(clock: CalendarClock) -> dict[str, str]:
    return {"TZID": clock.zone} if clock.zone is not None else {}
