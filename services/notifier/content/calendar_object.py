"""Builds iCalendar objects: the invitation or cancellation of one person's entry (RFC 5545, 5546, 7986).

The icalendar library writes the properties. Around it stands what it does not do as calendars need it: its own
time zones (see vtimezone), names always quoted, and features of a conference as a list.

What all people of a session are told is written once; only what differs from person to person is written for each.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from icalendar import Event, vCalAddress, vInt, vText
from icalendar.parser import Contentline, Parameters

from services.notifier.content.calendar_address import attendee, organiser
from services.notifier.content.calendar_clock import clock_of
from services.notifier.content.languages import Language, language, language_of
from services.notifier.content.printable import line
from services.notifier.content.vevent import alarm, described, occurrence_described, utc
from services.notifier.planning.message import MessageDue
from shared.calendars.uid import uid
from shared.contract.facts.notifier import CalendarEntry, Method
from shared.contract.facts.registrations import Community, Contact

_PRODID = "-//TeachMeet Scheduler//Notifier 1//EN"
_FOLDED_LENGTH = 74
_BEGIN, _END = b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n"


@dataclass(frozen=True)
class Revision:
    """Which state of an entry this is: SEQUENCE, DTSTAMP, and when the entry came to be."""

    sequence: int
    stamp: datetime
    created: datetime


@dataclass(frozen=True)
class _Shared:
    """What one message tells everybody alike. ``alarm_minutes`` is None where there is no alarm."""

    uid: str
    entry: CalendarEntry
    occurrence: datetime | None
    whole: bool
    status: str | None
    alarm_minutes: int | None
    words: Language


def itip(
    message: MessageDue, community: Community, recipient: Contact, stamp: datetime, *, reply_to: str | None = None
) -> bytes:
    """The iTIP object of a message. Its only ATTENDEE is the recipient; its ORGANIZER is at ``reply_to``."""
    if message.method is Method.DECLINECOUNTER:
        return vcalendar(message.method, [_refusal(message, community, stamp, reply_to)], [])
    own = _property("ATTENDEE", attendee(recipient, message.method, message.partstat))
    own += _property("ORGANIZER", organiser(community, reply_to))
    to_the_second = (each.replace(microsecond=0) for each in (stamp, message.created or stamp))
    own_lines = _revision_lines(Revision(message.sequence, *to_the_second)) + own
    shared = _shared_lines(_shared(message, community, language_of(recipient, community)))
    events_told = (_BEGIN + own_lines + each + _END for each in shared)
    return _calendar(message.method, events_told, [message.entry])


def _shared(message: MessageDue, community: Community, words: Language) -> _Shared:
    return _Shared(
        uid(message.session, community.domain),
        message.entry,
        message.occurrence,
        whole=message.method is not Method.CANCEL,
        status=_status(message),
        alarm_minutes=community.alarm_minutes if message.method is Method.REQUEST else None,
        words=words,
    )


@lru_cache(maxsize=1024)
def _shared_lines(shared: _Shared) -> tuple[bytes, ...]:
    """The content lines of each event, without its BEGIN and END."""
    if shared.occurrence is not None:
        told = [occurrence_described(shared.uid, shared.entry, shared.occurrence, shared.status, shared.words)]
    else:
        told = described(shared.uid, shared.entry, shared.status, shared.words)
    if shared.alarm_minutes is not None:
        for component in told:
            component.add_component(alarm(shared.entry, shared.alarm_minutes))
    return tuple(map(_lines, told if shared.whole else told[:1]))


@lru_cache(maxsize=1024)
def _revision_lines(revision: Revision) -> bytes:
    """Mails that are written within a second have these in common."""
    component = Event()
    _revise(component, revision)
    return _lines(component)


def _property(name: str, address: vCalAddress) -> bytes:
    """One content line; a whole component around it would cost more than the line."""
    return _folded(Contentline.from_parts(name, address.params, address)) + b"\r\n"


def _folded(content: Contentline) -> bytes:
    """As the library folds (RFC 5545, 3.1), which looks at each character; few names and addresses need that."""
    if not content.isascii() or "\\" in content or "^" in content:
        return bytes(content.to_ical())  # type: ignore[no-untyped-call]  # the library has no types there
    starts = range(0, len(content), _FOLDED_LENGTH)
    return "\r\n ".join(content[start : start + _FOLDED_LENGTH] for start in starts).encode()


def _lines(component: Event) -> bytes:
    return bytes(component.to_ical()).removeprefix(_BEGIN).removesuffix(_END)


def vcalendar(
    method: str,
    events: Iterable[Event],
    entries: Iterable[CalendarEntry],
    *,
    name: str | None = None,
    more: bytes = b"",
) -> bytes:
    """A VCALENDAR around events, with the time zones of their entries.

    ``name`` is what a calendar file is called; ``more`` are further content lines of the calendar itself.
    """
    return _calendar(
        method, (each.to_ical() for each in events), entries, (_names(name) if name is not None else b"") + more
    )


def _calendar(method: str, events: Iterable[bytes], entries: Iterable[CalendarEntry], more: bytes = b"") -> bytes:
    clocks = {clock.zone: clock.definition for clock in map(clock_of, entries)}
    return b"".join(
        [
            f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{_PRODID}\r\n".encode(),
            f"CALSCALE:GREGORIAN\r\nMETHOD:{method}\r\n".encode(),
            more,
            *(definition for _, definition in sorted((z, d) for z, d in clocks.items() if z is not None and d)),
            *events,
            b"END:VCALENDAR\r\n",
        ]
    )


def _names(name: str) -> bytes:
    """NAME (RFC 7986) and the property that calendars read before there was one."""
    lines = (Contentline.from_parts(each, Parameters(), vText(line(name))) for each in ("NAME", "X-WR-CALNAME"))
    return b"".join(each.to_ical() + b"\r\n" for each in lines)


def _refusal(message: MessageDue, community: Community, stamp: datetime, reply_to: str | None) -> Event:
    """The bare event of a DECLINECOUNTER (RFC 5546, 3.2.8): nothing that a calendar could take for a change."""
    refusal = Event()
    refusal["UID"] = vText(uid(message.session, community.domain))
    refusal["SEQUENCE"] = vInt(message.sequence)
    refusal["DTSTAMP"] = utc(stamp)
    refusal["ORGANIZER"] = organiser(community, reply_to)
    return refusal


def events(
    session: str,
    entry: CalendarEntry,
    revision: Revision,
    community: Community,
    *,
    status: str | None,
    words: Language | None = None,
) -> list[Event]:
    """The VEVENT of an entry and, of a series, one for each occurrence that is held otherwise; without attendees."""
    told = described(uid(session, community.domain), entry, status, words or language(community.language))
    for component in told:
        _revise(component, revision)
        component["ORGANIZER"] = organiser(community, None)
    return told


def event(
    session: str,
    entry: CalendarEntry,
    revision: Revision,
    community: Community,
    *,
    status: str | None,
    words: Language | None = None,
) -> Event:
    """The VEVENT of an entry, of a series as it is held usually; without attendees. ``words`` are for its reader."""
    return events(session, entry, revision, community, status=status, words=words)[0]


def _revise(component: Event, revision: Revision) -> None:
    component["SEQUENCE"] = vInt(revision.sequence)
    component["DTSTAMP"] = component["LAST-MODIFIED"] = utc(revision.stamp)
    component["CREATED"] = utc(revision.created)


def _status(message: MessageDue) -> str | None:
    """A seat that is given back leaves the session's own status alone (RFC 5546, 3.2.5)."""
    if message.method is not Method.CANCEL:
        return "CONFIRMED"
    return None if message.gives_back else "CANCELLED"
