"""Facts of the notifier: what it told each calendar, and how that went."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field

from shared.contract.message import Fact
from shared.contract.values import Id, Instant, Minutes, Value, Zone


class Method(StrEnum):
    """iTIP methods that the notifier sends (RFC 5546)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


class CancelKind(StrEnum):
    """Why an entry leaves a calendar: the session is off, or only this person's seat is."""

    SESSION = "session"
    SEAT = "seat"


class CalendarEntry(Value):
    """What one person's calendar holds for one session."""

    title: str
    description: str
    start: Instant
    minutes: Minutes
    zone: Zone
    location: str
    join_url: str | None = None


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
    sequence: int = Field(ge=0)
    entry: CalendarEntry
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
            "description": "With Amara Osei",
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
