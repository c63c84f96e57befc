"""Facts of the notifier: what it told each calendar, and how that went."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field, model_validator

from shared.contract.message import Fact, Ids
from shared.contract.values import Id, Instant, Minutes, Value, Zone


class Method(StrEnum):
    """iTIP methods that the notifier sends (RFC 5546)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    DECLINECOUNTER = "DECLINECOUNTER"


class CancelKind(StrEnum):
    """What leaves a calendar: a session that is off, only this person's seat, or one occurrence of a series."""

    SESSION = "session"
    SEAT = "seat"
    OCCURRENCE = "occurrence"


class Occurrence(Value):
    """An occurrence of a series that is held otherwise than the rest, or not at all.

    `original` is when it was to start by the series and names it for ever (RECURRENCE-ID).
    """

    original: Instant
    start: Instant
    minutes: Minutes
    location: str
    join_url: str | None = None
    cancelled: bool = Field(default=False, description="it is not held, or not for this person")
    given_back: bool = Field(default=False, description="it is held for others, but this person has no seat then")

    def ends_at(self) -> datetime:
        return self.start + timedelta(minutes=self.minutes)


class CalendarEntry(Value):
    """What one person's calendar holds for one session, or for a series of them."""

    title: str
    description: str
    presenters: tuple[str, ...] = Field(default=(), description="their names, as far as they may be shown")
    start: Instant
    minutes: Minutes
    zone: Zone
    location: str
    join_url: str | None = None
    dates: tuple[Instant, ...] = Field(default=(), description="starts of a series, in order; none: it is held once")
    sessions: Ids = Field(default=(), description="the session of each of the dates")
    changed: tuple[Occurrence, ...] = Field(default=(), description="the occurrences of a series that differ")

    @model_validator(mode="after")
    def _is_a_series_or_none(self) -> CalendarEntry:
        if self.dates and (self.dates[0] != self.start or list(self.dates) != sorted(set(self.dates))):
            raise ValueError("dates must be in order, without repeats, and begin with start")
        if self.sessions and len(self.sessions) != len(self.dates):
            raise ValueError("sessions must have one for each of the dates")
        originals = [occurrence.original for occurrence in self.changed]
        if len(set(originals)) < len(originals) or not set(originals) <= set(self.dates):
            raise ValueError("changed must name dates of the series, each at most once")
        return self

    def occurrence(self, original: datetime) -> Occurrence:
        """That occurrence of the series as it is held now."""
        by_series = Occurrence.model_construct(
            original=original,
            start=original,
            minutes=self.minutes,
            location=self.location,
            join_url=self.join_url,
            cancelled=False,
            given_back=False,
        )
        return next((each for each in self.changed if each.original == original), by_series)

    def date_of(self, session: str) -> datetime | None:
        """Which of the dates of a series that session is; None: none of them."""
        return dict(zip(self.sessions, self.dates, strict=False)).get(session)

    def session_on(self, original: datetime) -> str | None:
        """The session of that date of a series; None where it is not known."""
        return dict(zip(self.dates, self.sessions, strict=False)).get(original)

    def ends_at(self) -> datetime:
        """The end of the session, of a series that of the last occurrence that is held."""
        if not self.dates:
            return self.start + timedelta(minutes=self.minutes)
        dates = [self.occurrence(each) for each in self.dates]
        return max(each.ends_at() for each in [each for each in dates if not each.cancelled] or dates)


class InviteStatus(StrEnum):
    CLAIMED = "claimed"
    SENT = "sent"
    REFUSED = "refused"
    DEFERRED = "deferred"
    IN_DOUBT = "in-doubt"


class Invite(Fact):
    """One message to one person about one session: claimed before it is transmitted, then its outcome.

    Only a claim carries the exact bytes. `n` counts messages; `sequence` is the iCalendar SEQUENCE.
    """

    person: Id
    session: Id
    n: int = Field(ge=1)
    status: InviteStatus
    method: Method
    cancels: CancelKind | None = None
    occurrence: Instant | None = Field(
        default=None, description="the one occurrence of a series that the message is about"
    )
    sequence: int = Field(ge=0)
    asked_at: Instant | None = Field(
        default=None, description="when the person, or the organiser about them, last asked for a message, answered now"
    )
    entry: CalendarEntry
    offsets: tuple[int, ...] | None = Field(
        default=None, description="minutes ahead of UTC at each start, by the zone rules the message was written with"
    )
    message_id: str
    attempt: int = Field(default=1, ge=1)
    doubts: int = Field(default=0, ge=0, description="attempts of this message that ended in doubt")
    claimed_at: Instant = Field(description="DTSTAMP and Date of the message")
    deadline: Instant = Field(description="without an outcome by then the attempt is in doubt")
    decided_at: Instant | None = Field(default=None, description="when the outcome was known")
    next_attempt_at: Instant | None = Field(default=None, description="not before, when deferred")
    answer: str | None = Field(default=None, description="the SMTP server's last answer")
    mail: str | None = Field(default=None, description="the exact bytes, in ASCII; only in claims")

    example: ClassVar[dict[str, Any]] = {
        "person": "p-002",
        "session": "retrieval-practice",
        "n": 1,
        "status": "sent",
        "method": "REQUEST",
        "sequence": 0,
        "entry": {
            "title": "Retrieval practice in ten minutes",
            "description": "What to ask in the first ten minutes of a lesson.",
            "presenters": ["Amara Osei"],
            "start": "2027-01-12T15:30:00Z",
            "minutes": 60,
            "zone": "Europe/London",
            "location": "Library, Hillside School",
        },
        "message_id": "<retrieval-practice.p-002.0.request@northgate.example>",
        "claimed_at": "2026-12-01T09:05:00Z",
        "deadline": "2026-12-01T09:06:00Z",
        "decided_at": "2026-12-01T09:05:01Z",
        "answer": "250 OK",
    }
