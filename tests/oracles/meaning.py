"""What a reader should find in a calendar object, worked out from what the object was made of."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from services.notifier.planning.message import MessageDue
from shared.contract.facts.notifier import CalendarEntry, CancelKind, Method, Occurrence
from shared.contract.facts.registrations import Contact
from tests.oracles.messages import Sample
from tests.oracles.reading import ReadEvent

_INVISIBLE = {"Cc", "Cs", "Zl", "Zp", "Zs"}


@dataclass(frozen=True)
class Meant:
    """One event as people should see it. ``summary`` and ``location`` are without spaces and controls."""

    uid: str
    sequence: int | None
    status: str | None = None
    start: str = ""
    end: str = ""
    starts: tuple[str, ...] = ()
    attendees: tuple[str, ...] = ()
    summary: str = ""
    location: str = ""
    recurrence_id: str | None = None


def meant_by(sample: Sample) -> list[Meant]:
    """The events of a message: the whole entry with its occurrences that differ, or one occurrence."""
    message = sample.message
    entry, original = message.entry, message.occurrence
    whole = Meant(
        uid=f"{message.session}@{sample.community.domain}",
        sequence=message.sequence,
        status=_status(message),
        starts=tuple(instant(each) for each in _starts(entry)),
        attendees=_attendees(sample.recipient),
        summary=visible(entry.title),
        **_where_and_when(entry.start, entry.minutes, entry.location),
    )
    if message.method is Method.DECLINECOUNTER:
        return [Meant(whole.uid, message.sequence)]
    if original is not None:
        return [_occurrence(whole, entry.occurrence(original))]
    told = () if message.method is Method.CANCEL else entry.changed
    return [whole, *(_occurrence(whole, each) for each in told if not each.cancelled)]


def published(uid: str, entry: CalendarEntry, sequence: int | None) -> Meant:
    """An event of a feed or a file, which invites nobody."""
    return Meant(
        uid=uid,
        sequence=sequence,
        status="CONFIRMED",
        starts=tuple(instant(each) for each in _starts(entry)),
        attendees=(),
        summary=visible(entry.title),
        **_where_and_when(entry.start, entry.minutes, entry.location),
    )


def _occurrence(series: Meant, held: Occurrence) -> Meant:
    place = _where_and_when(held.start, held.minutes, held.location)
    return replace(series, recurrence_id=instant(held.original), starts=(place["start"],), **place)


def _starts(entry: CalendarEntry) -> list[datetime]:
    """What the rule of a series stands for: also what another event of it tells otherwise, not what is cancelled."""
    return [each for each in entry.dates or (entry.start,) if not entry.occurrence(each).cancelled]


def seen(event: ReadEvent) -> Meant:
    """What a reader found, in the same form."""
    return Meant(
        uid=event.uid or "",
        sequence=event.sequence,
        status=event.status,
        start=event.start or "",
        end=event.end or "",
        starts=event.starts,
        attendees=event.attendees,
        summary=visible(event.summary or ""),
        location=visible(event.location or ""),
        recurrence_id=event.recurrence_id,
    )


def visible(text: str) -> str:
    """What of a text ink would show."""
    return "".join(each for each in text if unicodedata.category(each) not in _INVISIBLE)


def instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _status(message: MessageDue) -> str | None:
    if message.method is Method.CANCEL:
        given_back = any(each.original == message.occurrence and each.given_back for each in message.entry.changed)
        return None if message.cancels is CancelKind.SEAT or given_back else "CANCELLED"
    return "CONFIRMED"


def _attendees(recipient: Contact) -> tuple[str, ...]:
    return (f"mailto:{recipient.address}",)


def _where_and_when(start: datetime, minutes: int, location: str) -> dict[str, str]:
    return {
        "start": instant(start),
        "end": instant(start + timedelta(minutes=minutes)),
        "location": visible(location),
    }
