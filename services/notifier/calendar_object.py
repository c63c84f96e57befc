"""Builds iCalendar objects: the invitation or cancellation of one person's entry (RFC 5545, 5546, 7986).

The icalendar library writes the properties. Around it stands what it does not do as calendars need it: its own
time zones (see vtimezone), names always quoted, and features of a conference as a list.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Event, vCalAddress, vDatetime, vInt, vText, vUri
from icalendar.parser import Contentline, Parameters

from services.notifier.planning import MessageDue
from services.notifier.printable import line, prose
from services.notifier.vtimezone import vtimezone
from shared.contract.facts.notifier import CalendarEntry, CancelKind, Method
from shared.contract.facts.registrations import Community, Contact
from shared.time.zones import zone

_PRODID = "-//TeachMeet Scheduler//Notifier 1//EN"


class _NamedParameters(Parameters):
    """Parameters whose CN is always quoted: some readers drop a name with other than ASCII letters that is not."""

    always_quoted = (*Parameters.always_quoted, "CN")  # type: ignore[assignment]  # typed there by its length


@dataclass(frozen=True)
class Revision:
    """Which state of an entry this is: SEQUENCE, DTSTAMP, and when the entry came to be."""

    sequence: int
    stamp: datetime
    created: datetime


def uid(session: str, community: Community) -> str:
    """One UID for a session in every calendar, for ever."""
    return f"{session}@{community.domain}"


def itip(message: MessageDue, community: Community, recipient: Contact, stamp: datetime) -> bytes:
    """The iTIP object of a message. Its only ATTENDEE is the recipient."""
    revision = Revision(message.sequence, stamp, message.created or stamp)
    meeting = event(message.session, message.entry, revision, community, status=_status(message))
    meeting["ATTENDEE"] = _attendee(recipient, message.method)
    return vcalendar(message.method, [meeting], [message.entry])


def vcalendar(
    method: str, events: Iterable[Event], entries: Iterable[CalendarEntry], *, name: str | None = None
) -> bytes:
    """A VCALENDAR around events, with the time zones of their entries; ``name`` is what a calendar file is called."""
    zones = {entry.zone: definition for entry in entries if (definition := _zone_definition(entry))}
    return b"".join(
        [
            f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{_PRODID}\r\n".encode(),
            f"CALSCALE:GREGORIAN\r\nMETHOD:{method}\r\n".encode(),
            _names(name) if name is not None else b"",
            *(zones[each] for each in sorted(zones)),
            *(each.to_ical() for each in events),
            b"END:VCALENDAR\r\n",
        ]
    )


def _names(name: str) -> bytes:
    """NAME (RFC 7986) and the property that calendars read before there was one."""
    lines = (Contentline.from_parts(each, Parameters(), vText(line(name))) for each in ("NAME", "X-WR-CALNAME"))
    return b"".join(each.to_ical() + b"\r\n" for each in lines)


def event(session: str, entry: CalendarEntry, revision: Revision, community: Community, *, status: str | None) -> Event:
    """The VEVENT of an entry, without attendees."""
    component = Event()
    component["UID"] = vText(uid(session, community))
    component["SEQUENCE"] = vInt(revision.sequence)
    component["DTSTAMP"] = component["LAST-MODIFIED"] = _utc(revision.stamp)
    component["CREATED"] = _utc(revision.created)
    component["DTSTART"] = _wall_time(entry, entry.start)
    component["DTEND"] = _wall_time(entry, entry.start + timedelta(minutes=entry.minutes))
    component["ORGANIZER"] = _address(community.mailbox, community.organiser)
    for name, text in _texts(entry, status).items():
        component[name] = vText(text)
    if entry.join_url is not None:
        component["CONFERENCE"] = _conference(entry.join_url)
    return component


def _texts(entry: CalendarEntry, status: str | None) -> dict[str, str]:
    texts = {
        "SUMMARY": line(entry.title),
        "DESCRIPTION": _description(entry),
        "LOCATION": line(entry.location),
        "TRANSP": "OPAQUE",
        "CLASS": "PUBLIC",
    }
    return texts if status is None else texts | {"STATUS": status}


def _status(message: MessageDue) -> str | None:
    """A seat that is given back leaves the session's own status alone (RFC 5546, 3.2.5)."""
    if message.method is Method.REQUEST:
        return "CONFIRMED"
    return "CANCELLED" if message.cancels is CancelKind.SESSION else None


def _description(entry: CalendarEntry) -> str:
    join = f"Join online: {line(entry.join_url)}" if entry.join_url else ""
    return "\n\n".join(filter(None, (prose(entry.description), join)))


def _conference(join_url: str) -> vUri:
    return vUri(line(join_url), params={"VALUE": "URI", "FEATURE": ["AUDIO", "VIDEO"], "LABEL": "Join online"})


def _address(address: str, name: str, **parameters: str) -> vCalAddress:
    calendar_address = vCalAddress(f"mailto:{line(address)}")
    # Few readers know how RFC 6868 writes a double quote in a parameter.
    calendar_address.params = _NamedParameters(CN=line(name).replace('"', "'"), **parameters)
    return calendar_address


def _attendee(recipient: Contact, method: Method) -> vCalAddress:
    reply = {"RSVP": "TRUE"} if method is Method.REQUEST else {}
    role = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION"}
    return _address(recipient.address, recipient.name, **role, **reply)


def _utc(instant: datetime) -> vDatetime:
    return vDatetime(instant.astimezone(UTC))


def _wall_time(entry: CalendarEntry, instant: datetime) -> vDatetime:
    """The instant by the entry's zone; in UTC where no VTIMEZONE tells that zone exactly."""
    if _zone_definition(entry) is None:
        return _utc(instant)
    return vDatetime(instant.astimezone(zone(entry.zone)), params={"TZID": entry.zone})


def _zone_definition(entry: CalendarEntry) -> bytes | None:
    return vtimezone(entry.zone, entry.start.year)
