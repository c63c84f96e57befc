"""Whole invitations composed, against the naive use of the same libraries: no broker and no mail server."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from time import process_time

from icalendar import Calendar, Event, vCalAddress, vText

from bench.measuring import Figure, against
from services.notifier.content.composing import Composer
from services.notifier.content.letter import letter
from services.notifier.planning.message import MessageDue
from shared.contract.facts.notifier import CalendarEntry, Method
from shared.contract.facts.registrations import Community, Contact
from shared.links import LinkKey
from shared.time.zones import zone

MAILS = 400
_SESSIONS = 20
_NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
_PAGE = "https://northgate.example/me/" + "x" * 120
_COMMUNITY = Community.model_validate(Community.example)
_COMPOSER = Composer(LinkKey(b"k" * 32), "https://northgate.example", reads_replies=True)


async def measure() -> list[Figure]:
    """Mails a second of one core. Both write the same texts; what differs is the calendar object and the MIME."""

    async def ours() -> float:
        return _rate(own_mail)

    async def naive() -> float:
        return _rate(naive_mail)

    name = "whole invitations composed on one core, to add_missing_timezones and EmailMessage"
    return [await against(name, ours, naive, target="at least 2", unit="mails/s")]


def own_mail(message: MessageDue, contact: Contact) -> bytes:
    """As the notifier composes it, with signed links and a reply address."""
    return _COMPOSER.mail(message, _COMMUNITY, contact, _NOW).text.encode()


def _rate(compose: Callable[[MessageDue, Contact], bytes]) -> float:
    messages = list(invitations())
    started = process_time()
    for message, contact in messages:
        compose(message, contact)
    return len(messages) / (process_time() - started)


def invitations() -> Iterable[tuple[MessageDue, Contact]]:
    """Many people in few sessions, one session after the other, as a release has them."""
    for number in range(MAILS):
        session, person = divmod(number, MAILS // _SESSIONS)
        entry = CalendarEntry(
            title=f"Retrieval practice in ten minutes, group {session}",
            description="With Amara Osei\n\n" + "How to begin a lesson with what was learnt before. " * 5,
            start=_NOW + timedelta(days=30 + session, hours=6),
            minutes=60,
            zone="Europe/London",
            location="Library, Hillside School",
            join_url="https://meet.example/retrieval",
        )
        contact = Contact(
            person=f"p-{person}", name=f"Zoë Person {person}", address=f"p-{person}@x.example", zone="Europe/Berlin"
        )
        yield MessageDue(f"p-{person}", f"s-{session}", 1, Method.REQUEST, 0, entry), contact


def naive_mail(message: MessageDue, contact: Contact) -> bytes:
    """What the documentation of both libraries leads to."""
    wording = letter(message, _COMMUNITY, contact, _NOW, _PAGE)
    calendar = _naive_object(message, contact)
    mail = EmailMessage()
    mail["From"] = f'"{_COMMUNITY.organiser}" <{_COMMUNITY.mailbox}>'
    mail["To"] = f'"{contact.name}" <{contact.address}>'
    mail["Subject"] = wording.subject
    mail["Date"] = format_datetime(_NOW)
    mail["Message-ID"] = f"<{message.session}.{message.person}@{_COMMUNITY.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(wording.text)
    mail.add_alternative(wording.html, subtype="html")
    mail.add_alternative(calendar.decode(), subtype="calendar", params={"method": message.method})
    mail.add_attachment(calendar, maintype="application", subtype="ics", filename="invite.ics")
    return mail.as_bytes(policy=SMTP)


def _naive_object(message: MessageDue, contact: Contact) -> bytes:
    entry = message.entry
    start = entry.start.astimezone(zone(entry.zone))
    calendar, event = Calendar(), Event()
    for name, text in (("prodid", "-//naive//"), ("version", "2.0"), ("method", message.method)):
        calendar.add(name, text)
    times = {"dtstamp": _NOW, "created": _NOW, "last-modified": _NOW, "dtstart": start}
    texts = {
        "summary": entry.title,
        "description": entry.description,
        "location": entry.location,
        "status": "CONFIRMED",
        "transp": "OPAQUE",
        "class": "PUBLIC",
    }
    values = times | texts | {"dtend": start + timedelta(minutes=entry.minutes), "sequence": message.sequence}
    for name, value in ({"uid": f"{message.session}@{_COMMUNITY.domain}"} | values).items():
        event.add(name, value)
    event.add("organizer", vCalAddress(f"mailto:{_COMMUNITY.mailbox}", params={"CN": _COMMUNITY.organiser}))
    attendee = vCalAddress(f"mailto:{contact.address}")
    role = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
    for parameter, text in ({"CN": contact.name} | role).items():
        attendee.params[parameter] = vText(text)
    event.add("attendee", attendee)
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())
