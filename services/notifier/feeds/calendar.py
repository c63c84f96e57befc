"""A calendar that anybody may subscribe to, as bytes (METHOD:PUBLISH, RFC 7986): equal state gives equal bytes.

No e-mail address is in it. What is published must have an ORGANIZER (RFC 5546, 3.2.1), whose address may be any URI:
it is the community's page. There is no ATTENDEE, and what looks like an address in a text is taken out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from icalendar import Event, vCalAddress, vCategory, vDatetime, vText, vUri
from icalendar.parser import Contentline, Parameters

from services.notifier.content.calendar_object import events, vcalendar
from services.notifier.content.printable import line
from services.notifier.feeds.listing import UNKNOWN_TIME, ListedSession
from shared.contract.facts.notifier import CalendarEntry
from shared.contract.facts.registrations import Community

# Bounded as addresses are: without bounds, a long text of one word takes the square of its length.
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_REFRESH = "PT12H"


@dataclass(frozen=True)
class Heading:
    """What a calendar is called, and where it and the page about it are. A secret address is in no calendar."""

    name: str
    page: str
    source: str | None


@dataclass(frozen=True)
class Calendar:
    """A feed, and what its readers are told of its state."""

    body: bytes
    etag: str
    modified: datetime


def calendar(listed: Iterable[ListedSession], heading: Heading, community: Community) -> Calendar:
    """The feed of these sessions."""
    listed = list(listed)
    modified = max((each.revision.stamp for each in listed), default=UNKNOWN_TIME)
    entries = [_without_addresses(each.entry) for each in listed]
    found = [
        event for each, entry in zip(listed, entries, strict=True) for event in _events(each, entry, heading, community)
    ]
    body = vcalendar("PUBLISH", found, entries, name=heading.name, more=_described(heading, community.colour, modified))
    return Calendar(body, hashlib.sha256(body).hexdigest()[:32], modified)


def _events(listed: ListedSession, entry: CalendarEntry, heading: Heading, community: Community) -> list[Event]:
    status = "CANCELLED" if listed.cancelled else "CONFIRMED"
    found = events(listed.session, entry, listed.revision, community, status=status)
    organiser = vCalAddress(line(heading.page))
    for event in found:
        organiser.params = event["ORGANIZER"].params
        event["ORGANIZER"] = organiser
        if listed.tags:
            event["CATEGORIES"] = vCategory([vText(each) for each in listed.tags])
        if listed.cancelled:
            event["TRANSP"] = vText("TRANSPARENT")
    return found


def _without_addresses(entry: CalendarEntry) -> CalendarEntry:
    texts = {"title": entry.title, "description": entry.description, "location": entry.location}
    found = {name: _ADDRESS.sub("(address on request)", text) for name, text in texts.items() if "@" in text}
    return entry.model_copy(update=found)


def _described(heading: Heading, colour: str, modified: datetime) -> bytes:
    """The properties of the calendar itself, in RFC 7986's words and in those that calendars read before it."""
    duration, uri = Parameters({"VALUE": "DURATION"}), Parameters({"VALUE": "URI"})
    lines = [
        _line("COLOR", colour),
        _line("REFRESH-INTERVAL", _REFRESH, duration),
        _line("X-PUBLISHED-TTL", _REFRESH),
        _line("LAST-MODIFIED", vDatetime(modified.astimezone(UTC))),
        _line("URL", vUri(line(heading.page)), uri),
    ]
    if heading.source is not None:
        lines.append(_line("SOURCE", vUri(line(heading.source)), uri))
    return b"".join(lines)


def _line(name: str, value: str | vDatetime | vUri, parameters: Parameters | None = None) -> bytes:
    written = vText(value) if type(value) is str else value
    return bytes(Contentline.from_parts(name, parameters or Parameters(), written).to_ical()) + b"\r\n"
