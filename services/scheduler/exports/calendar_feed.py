"""iCalendar: a release as a feed to subscribe to (RFC 5545; METHOD:PUBLISH as RFC 5546, 3.2.1 has it).

There are no attendees. A session has the UID that it has in invitations, and no SEQUENCE: whoever copies the feed into
the calendar that also holds their invitation must not outdo its updates. DTSTAMP tells which of two copies is newer.
"""

from __future__ import annotations

from datetime import UTC, datetime

from icalendar import Calendar, Event, vCalAddress, vDatetime, vText

from services.scheduler.exports.edition import Edition, EditionSession
from services.scheduler.exports.identifiers import uid
from services.scheduler.exports.vtimezone import vtimezone

_PRODID = "-//TeachMeet Scheduler//Exports 1//EN"
# Releases from before the time of publishing was kept are older than any other.
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_IN_UTC = frozenset({"UTC", "Etc/UTC", "Zulu", "Etc/Zulu", "UCT", "Etc/UCT", "Universal", "Etc/Universal"})


def calendar_feed(edition: Edition) -> str:
    """The edition as an iCalendar object. Equal editions give equal text."""
    calendar = Calendar()
    calendar["PRODID"] = vText(_PRODID)
    calendar["VERSION"] = vText("2.0")
    calendar["CALSCALE"] = vText("GREGORIAN")
    calendar["METHOD"] = vText("PUBLISH")
    calendar["NAME"] = calendar["X-WR-CALNAME"] = vText(_line(f"{edition.title}, {edition.host.name}"))
    if edition.sessions and edition.zone not in _IN_UTC:
        last = max(each.end for each in edition.sessions)
        calendar.add_component(vtimezone(edition.zone, edition.sessions[0].start, last))
    for session in edition.sessions:
        calendar.add_component(_event(edition, session))
    return bytes(calendar.to_ical()).decode()


def _event(edition: Edition, session: EditionSession) -> Event:
    event = Event()
    event["UID"] = vText(uid(session.id, edition.host.domain))
    event["DTSTAMP"] = vDatetime(edition.published_at or _LONG_AGO)
    event["DTSTART"], event["DTEND"] = _times(edition, session)
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


def _times(edition: Edition, session: EditionSession) -> tuple[vDatetime, vDatetime]:
    """Start and end by the programme's clocks; in UTC where their time comes twice, which no wall time can tell."""
    start, end = (each.astimezone(edition.local) for each in (session.start, session.end))
    if edition.zone in _IN_UTC or _comes_twice(start) or _comes_twice(end):
        return vDatetime(session.start.astimezone(UTC)), vDatetime(session.end.astimezone(UTC))
    zoned = {"TZID": edition.zone}
    return vDatetime(start, params=zoned), vDatetime(end, params=zoned)


def _comes_twice(wall: datetime) -> bool:
    """RFC 5545 means the first of the two hours; libical and ical.js read the second."""
    return wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()


def _line(text: str) -> str:
    return " ".join(text.split())
