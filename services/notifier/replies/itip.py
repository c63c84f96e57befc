"""Reads the calendar object of an attendee's message, leniently: what calendars send is not always what the RFC asks.

outlook.com leaves ORGANIZER out, addresses come as ``MAILTO:``, DTSTAMP may be missing, one message may hold several
components, and its character set may not be the one it says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from icalendar import Calendar, Component, Event
from icalendar.prop import vBroken

from services.notifier.content.printable import shortened
from services.notifier.replies.incoming import ItipAnswer
from shared.contract.facts.replies import COMMENT_LENGTH, PartStat

_MOST_EVENTS = 50
_MOST_MINUTES = 1440
_LONGEST_ADDRESS = 254
_LONGEST_UID = 320
_MAILTO = "mailto:"


class UnreadableObjectError(ValueError):
    """The calendar object cannot be read; says why."""


@dataclass(frozen=True)
class ItipObject:
    """METHOD in upper case, ORGANIZER if there is one, and one answer for each VEVENT."""

    method: str
    organizer: str | None
    answers: tuple[ItipAnswer, ...]


def read_itip(text: str, stated_method: str | None) -> ItipObject:
    """The object in ``text``; ``stated_method`` is that of the MIME part, used where the object has none.

    Raises UnreadableObjectError.
    """
    calendar = _calendar(text)
    method = (_text(calendar, "METHOD") or stated_method or "").upper()
    if not method:
        raise UnreadableObjectError("it does not say what it is for (METHOD)")
    events = [each for each in calendar.subcomponents if isinstance(each, Event)]
    if not events:
        raise UnreadableObjectError("it has no event")
    if len(events) > _MOST_EVENTS:
        raise UnreadableObjectError(f"it has more than {_MOST_EVENTS} events")
    organizers = filter(None, (address_of(value) for each in events for value in _values(each, "ORGANIZER")))
    return ItipObject(method, next(organizers, None), tuple(_answer(each) for each in events))


def address_of(value: Any) -> str | None:
    """The address of a calendar address, in lower case and without ``mailto:``; None when it has none."""
    text = str(value).strip().strip("<>").lower() if value is not None else ""
    text = text.removeprefix(_MAILTO).strip()
    return text if "@" in text and len(text) <= _LONGEST_ADDRESS and text.isprintable() else None


def _calendar(text: str) -> Component:
    try:
        calendars = Calendar.from_ical(text.lstrip("\ufeff \r\n\t"), multiple=True)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        # What the parser raises for broken input differs from property to property.
        raise UnreadableObjectError("it is not a calendar object") from error
    found = [each for each in calendars if each.name == "VCALENDAR"]
    if not found:
        raise UnreadableObjectError("it is not a calendar object")
    return found[0]


def _answer(event: Event) -> ItipAnswer:
    attendee = _attendee(event)
    parameters = getattr(attendee, "params", {})
    start = _instant(event, "DTSTART")
    return ItipAnswer(
        uid=(_text(event, "UID") or "")[:_LONGEST_UID],
        attendee=address_of(attendee),
        sent_by=address_of(_first(parameters.get("SENT-BY"))),
        partstat=_partstat(_first(parameters.get("PARTSTAT"))),
        delegate=address_of(_first(parameters.get("DELEGATED-TO"))),
        sequence=_whole_number(event.get("SEQUENCE")),
        stamp=_instant(event, "DTSTAMP"),
        recurrence=_recurrence(event),
        comment=_comment(event),
        start=start,
        minutes=_minutes(event, start),
    )


def _recurrence(event: Event) -> datetime | None:
    """The one date that it is about. Raises UnreadableObjectError: half an answer must not be taken for a whole one."""
    found = _instant(event, "RECURRENCE-ID")
    if found is None and event.get("RECURRENCE-ID") is not None:
        raise UnreadableObjectError("it is about one date of a series, which cannot be read (RECURRENCE-ID)")
    return found


def _attendee(event: Event) -> Any:
    """The attendee who answers: the one that delegates where a delegate is named too, else the first with an answer."""
    attendees = _values(event, "ATTENDEE")

    def rank(attendee: Any) -> int:
        parameters = getattr(attendee, "params", {})
        if parameters.get("DELEGATED-TO"):
            return 0
        return 1 if _partstat(_first(parameters.get("PARTSTAT"))) is not None else 2

    return min(attendees, key=rank, default=None)


def _first(value: Any) -> Any:
    """Of a parameter that may have several values."""
    return next(iter(value), None) if isinstance(value, list) else value


def _partstat(value: Any) -> PartStat | None:
    try:
        return PartStat(str(value).strip().lower())
    except ValueError:
        return None


def _whole_number(value: Any) -> int | None:
    try:
        return max(0, int(value))
    except (TypeError, ValueError):
        return None


def _text(component: Component, name: str) -> str | None:
    return next((str(value).strip() for value in _values(component, name)), None)


def _comment(event: Event) -> str | None:
    return shortened(" ".join(map(str, _values(event, "COMMENT"))), COMMENT_LENGTH) or None


def _instant(event: Event, name: str) -> datetime | None:
    """UTC; a time without a zone is read as UTC, a date as its midnight."""
    found = next(_decoded(event, name), None)
    if isinstance(found, datetime):
        try:
            return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        except (OverflowError, ValueError):
            return None
    return datetime.combine(found, time(), tzinfo=UTC) if isinstance(found, date) else None


def _minutes(event: Event, start: datetime | None) -> int | None:
    end = _instant(event, "DTEND")
    length = end - start if end is not None and start is not None else next(_decoded(event, "DURATION"), None)
    if not isinstance(length, timedelta):
        return None
    minutes = int(length.total_seconds() // 60)
    return minutes if 1 <= minutes <= _MOST_MINUTES else None


def _decoded(event: Event, name: str) -> Iterator[Any]:
    for value in _values(event, name):
        yield getattr(value, "dt", None) if hasattr(value, "dt") else getattr(value, "td", None)


def _values(component: Component, name: str) -> list[Any]:
    """The values of a property that could be read."""
    value = component.get(name)
    values = value if isinstance(value, list) else [value]
    return [each for each in values if each is not None and not isinstance(each, vBroken)]
