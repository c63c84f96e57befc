"""What a mail says to a person: what, when by the session's clock and by theirs, where, what changed and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from services.notifier.planning import MessageDue
from services.notifier.printable import line, prose, shortened
from shared.contract.facts.notifier import CalendarEntry, CancelKind, Method
from shared.contract.facts.registrations import Community, Contact
from shared.time.zones import zone

_SUBJECT_TITLE = 120


_TEMPLATES = Environment(
    loader=PackageLoader("services.notifier"),
    autoescape=select_autoescape(("html.j2",)),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_TEXT = _TEMPLATES.get_template("letter.txt.j2")
_HTML = _TEMPLATES.get_template("letter.html.j2")


class Occasion(StrEnum):
    """Why a person gets a mail."""

    INVITED = "invited"
    CHANGED = "changed"
    SESSION_OFF = "session-off"
    SEAT_GIVEN_BACK = "seat-given-back"


_SUBJECTS = {
    Occasion.INVITED: "Invitation",
    Occasion.CHANGED: "Changed",
    Occasion.SESSION_OFF: "Cancelled",
    Occasion.SEAT_GIVEN_BACK: "Seat given back",
}


@dataclass(frozen=True)
class Letter:
    """One mail's subject, and its text in both forms; lines end with a line feed."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Change:
    """What was, and what is now."""

    what: str
    old: str
    new: str


def letter(message: MessageDue, community: Community, recipient: Contact, page_url: str) -> Letter:
    """The words for a message. ``page_url`` leads to the person's own page."""
    occasion, entry = _occasion(message), message.entry
    facts = {
        "occasion": occasion,
        "name": line(recipient.name),
        "title": line(entry.title),
        "when": when(entry, entry.zone),
        "when_for_you": when_for(entry, recipient),
        "where": line(entry.location),
        "join_url": line(entry.join_url) if entry.join_url else None,
        "about": prose(entry.description),
        "changes": changes(message.before, entry) if message.before and occasion is Occasion.CHANGED else (),
        "page_url": line(page_url),
        "organiser": line(community.organiser),
        "community": line(community.name),
    }
    return Letter(_subject(occasion, entry), _TEXT.render(facts), _HTML.render(facts))


def _occasion(message: MessageDue) -> Occasion:
    if message.method is Method.REQUEST:
        return Occasion.CHANGED if message.before else Occasion.INVITED
    return Occasion.SESSION_OFF if message.cancels is CancelKind.SESSION else Occasion.SEAT_GIVEN_BACK


def _subject(occasion: Occasion, entry: CalendarEntry) -> str:
    start = entry.start.astimezone(zone(entry.zone))
    day = f"{start:%a} {start.day} {start:%b %Y}"
    return f"{_SUBJECTS[occasion]}: {shortened(entry.title, _SUBJECT_TITLE)}, {day}, {start:%H:%M}"


def when(entry: CalendarEntry, zone_name: str) -> str:
    """Day and times by the clocks of a zone, which it names."""
    start, end = _local(entry, zone_name)
    until = f"{end:%H:%M}" if end.date() == start.date() else f"{end:%H:%M} on {_day(end)}"
    return f"{_day(start)}, {start:%H:%M} to {until} ({zone_name})"


def when_for(entry: CalendarEntry, recipient: Contact) -> str | None:
    """The same by the recipient's clocks; None if they show the same."""
    same = [each.replace(tzinfo=None) for each in _local(entry, entry.zone)] == [
        each.replace(tzinfo=None) for each in _local(entry, recipient.zone)
    ]
    return None if same else when(entry, recipient.zone)


def changes(before: CalendarEntry, entry: CalendarEntry) -> tuple[Change, ...]:
    """What a person must know of the difference between two states of an entry."""
    compared = (
        Change("When", when(before, before.zone), when(entry, entry.zone)),
        Change("Where", _place(before), _place(entry)),
        Change("Join online", _link(before), _link(entry)),
    )
    return tuple(change for change in compared if change.old != change.new)


def _place(entry: CalendarEntry) -> str:
    return line(entry.location) or "not known yet"


def _link(entry: CalendarEntry) -> str:
    return line(entry.join_url) if entry.join_url else "no link"


def _local(entry: CalendarEntry, zone_name: str) -> tuple[datetime, datetime]:
    local = zone(zone_name)
    end = entry.start + timedelta(minutes=entry.minutes)
    return entry.start.astimezone(local), end.astimezone(local)


def _day(local: datetime) -> str:
    return f"{local:%A} {local.day} {local:%B %Y}"
