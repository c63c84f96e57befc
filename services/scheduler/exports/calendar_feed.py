"""iCalendar: a release as a feed to subscribe to (RFC 5545; METHOD:PUBLISH as RFC 5546, 3.2.1 has it).

There are no attendees. A session has the UID that it has in invitations, and no SEQUENCE: whoever copies the feed into
the calendar that also holds their invitation must not outdo its updates. DTSTAMP tells which of two copies is newer.
"""

from __future__ import annotations

from datetime import UTC, datetime

from icalendar import Calendar, Event, Timezone, vCalAddress, vDatetime, vText

from services.scheduler.exports.edition import Edition, EditionSession
from shared.calendars.clock import CalendarClock, clock_telling
from shared.calendars.uid import uid

_PRODID = "-//TeachMeet Scheduler//Exports 1//EN"
# Releases from before the time of publishing was kept are older than any other.
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def calendar_feed(edition: Edition) -> str:
    """The edition as an iCalendar object. Equal editions give equal text."""
    calendar = Calendar()
    calendar["PRODID"] = vText(_PRODID)
    calendar["VERSION"] = vText("2.0")
    calendar["CALSCALE"] = vText("GREGORIAN")
    calendar["METHOD"] = vText("PUBLISH")
    calendar["NAME"] = calendar["X-WR-CALNAME"] = vText(_line(f"{edition.title}, {edition.host.name}"))
    clock = clock_telling(edition.zone, (at for session in edition.sessions for at in (session.start, session.end)))
    if clock.definition is not None:
        calendar.add_component(Timezone.from_ical(clock.definition.decode()))
    for session in edition.sessions:
        calendar.add_component(_event(edition, session, clock))
    return bytes(calendar.to_ical()).decode()


def _event(edition: Edition, session: EditionSession, clock: CalendarClock) -> Event:
    event = Event()
    event["UID"] = vText(uid(session.id, edition.host.domain))
    event["DTSTAMP"] = vDatetime(edition.published_at or _LONG_AGO)
    event["DTSTART"], event["DTEND"] = (_told(clock, instant) for instant in (session.start, session.end))
    event["ORGANIZER"] = _organiser(edition)
    texts = {
        "SUMMARY": _line(session.full_title),
        "DESCRIPTION": _description(session),
        "LOCATION": _line(session.venue.line),
        "CATEGORIES": session.format,
        "STATUS": "CONFIRMED",
        # A programme is an offer; it takes nobody's time.
        "TRANSP": "TRANSPARENT",
    }
    # libical takes a property without a value for an error.
    event.update({name: vText(text) for name, text in texts.items() if text or name == "SUMMARY"})
    link = edition.link(session)
    if link is not None:
        event["URL"] = link
    return event


def _organiser(edition: Edition) -> vCalAddress:
    organiser = vCalAddress(f"mailto:{edition.host.mailbox}")
    # Few readers know how RFC 6868 writes a double quote in a parameter.
    organiser.params["CN"] = _line(edition.host.organiser).replace('"', "'")
    return organiser


def _description(session: EditionSession) -> str:
    names = ", ".join(each.name for each in session.presenters)
    return "\n\n".join(filter(None, (session.abstract, f"With {names}" if names else "")))


def _told(clock: CalendarClock, instant: datetime) -> vDatetime:
    return vDatetime(clock.shows(instant), params={"TZID": clock.zone} if clock.zone else {})


def _line(text: str) -> str:
    return " ".join(text.split())
