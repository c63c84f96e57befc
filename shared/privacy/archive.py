"""All that is held on a person, as one zip: JSON for programs, ICS for calendars, CSV for tables, and words."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from icalendar import Calendar, Event

from shared.bus.client import Requester
from shared.calendars.uid import uid
from shared.cells import harmless
from shared.contract.commands.privacy import ExportPerson, HeldFact, HeldSession, PersonExport
from shared.contract.purposes import PURPOSES
from shared.contract.subjects import Service
from shared.contract.values import Answer, DatedWindow, WeeklyWindow, Window
from shared.time.zones import zone

HOLDERS = (Service.REGISTRATIONS, Service.NOTIFIER)
_SAID = {Answer.YES: "Can come", Answer.IF_NEED_BE: "Can come if need be", Answer.NO: "Cannot come"}
_BYDAY = {"mon": "MO", "tue": "TU", "wed": "WE", "thu": "TH", "fri": "FR", "sat": "SA", "sun": "SU"}
_README = """\
What {community} holds on {person}, as of {now:%Y-%m-%d %H:%M} UTC.

data.json      every fact, by the service that holds it; with why each field is held, and until when
data.csv       the same, one line for each field
calendar.ics   sessions in which you have a seat, and what was said of your time

Left out: names, addresses and ids of other people; the bytes of mails that were sent to you (you have them; here they
are overwritten 30 days after they were sent); addresses and passwords of calendars that are read for you (they are kept
encrypted).
"""


@dataclass(frozen=True)
class Held:
    """What every service holds on one person."""

    community: str
    person: str
    facts: Mapping[str, Sequence[HeldFact]]
    sessions: Sequence[HeldSession] = ()
    windows: Sequence[Window] = field(default=())
    domain: str = "localhost"


async def fetched(requester: Requester, person: str) -> Held:
    """Ask every service for all that it holds on the person. Raises Rejection, UnreachableError."""
    facts: dict[str, list[HeldFact]] = {}
    first = PersonExport()
    for service in HOLDERS:
        facts[service], after = [], 0
        while True:
            part = await requester.ask(service, ExportPerson(person=person, after=after), PersonExport)
            if service is Service.REGISTRATIONS and not after:
                first = part
            facts[service] += part.facts
            if part.next is None:
                break
            after = part.next
    domain = first.domain or "localhost"
    return Held(requester.community, person, facts, first.sessions, first.windows, domain)


def archive(held: Held, now: datetime) -> bytes:
    """The zip. Equal data give equal bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in (
            ("README.txt", _README.format(community=held.community, person=held.person, now=now).encode()),
            ("data.json", _json(held, now)),
            ("data.csv", _csv(held)),
            ("calendar.ics", calendar(held, now)),
        ):
            entry = zipfile.ZipInfo(name, date_time=now.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            pack.writestr(entry, content)
    return made.getvalue()


def _json(held: Held, now: datetime) -> bytes:
    entities = {fact.entity for facts in held.facts.values() for fact in facts}
    document = {
        "community": held.community,
        "person": held.person,
        "as_of": now.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "facts": {service: [each.model_dump(mode="json") for each in facts] for service, facts in held.facts.items()},
        "purposes": {
            entity: {name: {"why": each.why, "kept": each.kept} for name, each in PURPOSES[entity].items()}
            for entity in sorted(entities & PURPOSES.keys())
        },
    }
    return json.dumps(document, indent=2, ensure_ascii=False).encode()


def _csv(held: Held) -> bytes:
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(("service", "fact", "ids", "what", "written", "field", "value"))
    for service, facts in held.facts.items():
        for fact in facts:
            head = (service, fact.entity, "/".join(fact.ids), fact.what, fact.at.isoformat() if fact.at else "")
            rows.writerows(
                (*head, name, harmless(str(value)) if value is not None else "") for name, value in _flat(fact.state)
            )
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _flat(state: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    match state:
        case dict():
            for name, value in state.items():
                yield from _flat(value, f"{path}.{name}" if path else name)
        case list():
            for number, value in enumerate(state):
                yield from _flat(value, f"{path}.{number}")
        case _:
            yield path, state


def calendar(held: Held, now: datetime) -> bytes:
    """Sessions with a seat, and what was said of the person's time (as entries that block nothing)."""
    made = Calendar()
    made.add("PRODID", "-//TeachMeet Scheduler//Own data//EN")
    made.add("VERSION", "2.0")
    for session in held.sessions:
        made.add_component(_session(session, held, now))
    for number, window in enumerate(held.windows):
        event = _dated(window) if isinstance(window, DatedWindow) else _weekly(window)
        event.add("UID", uid(f"availability-{number}.{held.person}", held.domain))
        event.add("DTSTAMP", now)
        event.add("SUMMARY", _SAID[window.answer])
        event.add("TRANSP", "TRANSPARENT")
        made.add_component(event)
    made.add_missing_timezones()
    return bytes(made.to_ical())


def _session(session: HeldSession, held: Held, now: datetime) -> Event:
    event = Event()
    event.add("UID", uid(session.session, held.domain))
    event.add("DTSTAMP", now)
    event.add("SUMMARY", session.title)
    event.add("DTSTART", session.start)
    event.add("DTEND", session.start + timedelta(minutes=session.minutes))
    if session.location:
        event.add("LOCATION", session.location)
    return event


def _dated(window: DatedWindow) -> Event:
    event = Event()
    event.add("DTSTART", window.start)
    event.add("DTEND", window.end)
    return event


def _weekly(window: WeeklyWindow) -> Event:
    """One entry for each stretch that the rule makes would be long; the rule itself is shorter."""
    local = zone(window.zone)
    first = _first_day(window)
    start = datetime.combine(first, window.start, local)
    last_day = first if window.end > window.start else first + timedelta(days=1)
    event = Event()
    event.add("DTSTART", start)
    event.add("DTEND", datetime.combine(last_day, window.end, local))
    until = datetime.combine(window.last, window.start, local).astimezone(UTC)
    event.add("RRULE", {"FREQ": "WEEKLY", "BYDAY": [_BYDAY[each] for each in window.weekdays], "UNTIL": until})
    for day in window.except_dates:
        event.add("EXDATE", datetime.combine(day, window.start, local))
    return event


def _first_day(window: WeeklyWindow) -> date:
    weekdays = [list(_BYDAY).index(each) for each in window.weekdays]
    days = (window.first + timedelta(days=number) for number in range(7))
    return next(day for day in days if day.weekday() in weekdays)
