"""Facts about what comes back: the answers of people's calendars, and mail that a human has to look at."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field

from shared.contract.message import Fact
from shared.contract.values import Id, Instant, Minutes, Value

COMMENT_LENGTH = 500


class PartStat(StrEnum):
    """What a person answered (PARTSTAT, RFC 5545, 3.2.12). Who has not answered has none."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"
    DELEGATED = "delegated"


class ReplyWay(StrEnum):
    """How an answer came: as iTIP by mail, by a one-tap link, or told to the organiser."""

    MAIL = "mail"
    LINK = "link"
    ORGANISER = "organiser"


class CounterState(StrEnum):
    """A proposal of another time waits for the organiser, was declined, or was taken up."""

    OPEN = "open"
    DECLINED = "declined"
    TAKEN_UP = "taken-up"


class CounterProposal(Value):
    """Another time that a person proposed (COUNTER, RFC 5546, 3.2.7)."""

    start: Instant | None = Field(default=None, description="none: the message named no time that can be read")
    minutes: Minutes | None = None
    comment: str | None = None
    at: Instant = Field(description="when it came")
    state: CounterState = CounterState.OPEN
    decided_at: Instant | None = None


class Answered(Fact):
    """All that one person has answered about one session.

    An answer is about a time: `start` is when the session was to begin by the invitation that was answered. When the
    session moves, the answer no longer counts.
    """

    person: Id
    session: Id
    partstat: PartStat | None = Field(default=None, description="none: asked something, but did not answer yet")
    start: Instant | None = Field(default=None, description="of the session, by the invitation that was answered")
    sequence: int = Field(default=0, ge=0, description="SEQUENCE of the invitation that was answered")
    stamp: Instant | None = Field(default=None, description="DTSTAMP of the answer; later answers have a later one")
    at: Instant | None = Field(default=None, description="when the answer came")
    via: ReplyWay | None = None
    declined_in_calendar: int | None = Field(
        default=None, ge=0, description="SEQUENCE that their own calendar said no to, and shows so; none: it does not"
    )
    comment: str | None = Field(default=None, max_length=COMMENT_LENGTH)
    delegate: str | None = Field(default=None, max_length=254, description="whom they would send instead")
    counter: CounterProposal | None = None
    refresh_asked_at: Instant | None = Field(default=None, description="when they last asked for the present state")
    obsolete: int = Field(default=0, ge=0, description="answers that came too late to count")
    ignored: int = Field(default=0, ge=0, description="messages of theirs that change nothing, such as a CANCEL")

    example: ClassVar[dict[str, Any]] = {
        "person": "p-002",
        "session": "retrieval-practice",
        "partstat": "declined",
        "start": "2027-01-12T15:30:00Z",
        "sequence": 0,
        "stamp": "2026-12-02T10:15:00Z",
        "at": "2026-12-02T10:15:20Z",
        "via": "mail",
        "comment": "Parents' evening, sorry",
    }


class QuarantineState(StrEnum):
    """Whether a human still has to look."""

    KEPT = "kept"
    ADMITTED = "admitted"
    DISMISSED = "dismissed"


class QuarantineReason(StrEnum):
    """Why a mail was not acted upon."""

    STRANGER = "stranger"
    UNPROVEN = "unproven"
    MISMATCH = "mismatch"
    UNREADABLE = "unreadable"
    FAILED = "failed"
    PERSONAL = "personal"
    UNDELIVERED = "undelivered"


class Quarantined(Fact):
    """A mail to the reply address that was not acted upon, kept for the organiser.

    `stranger`: somebody who was not invited answers; `unproven`: nothing proves that it comes from the person;
    `mismatch`: it names somebody or something else than its address; `unreadable`: no calendar object can be read
    in it; `failed`: we failed on it; `personal`: a human wrote to humans;
    `undelivered`: a delivery report that does not say that the address takes no mail.
    """

    person: Id = Field(description="whom it is about, as far as that is known: `unknown` else")
    id: Id = Field(description="digest of the mail")
    state: QuarantineState = QuarantineState.KEPT
    reason: QuarantineReason
    why: str = Field(description="in words")
    session: Id | None = None
    sender: str | None = Field(default=None, max_length=254)
    partstat: PartStat | None = Field(default=None, description="what it says, as far as it can be read")
    recurrence: Instant | None = Field(default=None, description="the one date of a series that it is about")
    at: Instant
    decided_at: Instant | None = None
    mail: str | None = Field(default=None, description="the beginning of the mail, base64; gone once it is decided")

    example: ClassVar[dict[str, Any]] = {
        "person": "p-002",
        "id": "9f2c1a",
        "reason": "stranger",
        "why": "the answer comes from somebody who was not invited",
        "session": "retrieval-practice",
        "sender": "cleo@lakeside.example",
        "partstat": "accepted",
        "at": "2026-12-02T10:15:20Z",
    }
