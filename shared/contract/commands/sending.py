"""Commands and questions about sending: pause and resume, what waits to go out, who gets no mail."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field

from shared.contract.facts.sending import SuppressionReason
from shared.contract.message import Command, Reply
from shared.contract.values import Id, Instant, Line, Value


class PauseSending(Command):
    """Let no mail of this community go out until sending is resumed. Mails on their way still end."""

    reason: Line | None = None

    example: ClassVar[dict[str, Any]] = {"reason": "the rooms are being checked once more"}


class ResumeSending(Command):
    """Let mails go out again: what is due then, which may be less than what had waited."""

    example: ClassVar[dict[str, Any]] = {}


class LiftSuppression(Command):
    """Mail a person again whose address took none. What was refused and is still wanted goes out once more."""

    person: Id

    example: ClassVar[dict[str, Any]] = {"person": "p-002"}


class AskSuppressions(Command):
    """Ask who gets no mail because their address takes none."""

    example: ClassVar[dict[str, Any]] = {}


class SuppressedPerson(Value):
    """Somebody who gets no mail, and what the mail server or a delivery report said."""

    person: Id
    reason: SuppressionReason
    answer: str
    since: Instant


class Suppressions(Reply):
    """Who gets no mail, by person."""

    people: tuple[SuppressedPerson, ...] = ()

    example: ClassVar[dict[str, Any]] = {
        "people": [
            {
                "person": "p-002",
                "reason": "refused",
                "answer": "550 5.1.1 no such user",
                "since": "2026-12-01T09:05:00Z",
            }
        ]
    }


class OutgoingKind(StrEnum):
    INVITATION = "invitation"
    UPDATE = "update"
    CANCELLATION = "cancellation"
    SEAT_TAKEN_BACK = "seat-taken-back"
    OTHER = "other"


class AskOutbox(Command):
    """Ask what waits to go out about a programme: how many messages of which kind, to whom, and how they read."""

    programme: Id
    draft: bool = Field(
        default=False, description="what releasing the present draft would send; nothing is written or sent"
    )
    limit: int = Field(default=500, ge=0, le=2000, description="at most so many messages are listed")
    samples: bool = Field(default=True, description="one whole message of each kind, too")

    example: ClassVar[dict[str, Any]] = {"programme": "spring-2027"}


class OutgoingMessage(Value):
    """One message that waits, and what for."""

    person: Id
    session: Id
    kind: OutgoingKind
    held: str | None = Field(default=None, description="what it waits for; none: it goes out now")
    until: Instant | None = Field(default=None, description="not before, as far as that is known")


class SampleMessage(Value):
    """One whole message as it would go out."""

    kind: OutgoingKind
    person: Id
    session: Id
    mail: str = Field(description="the mail, in ASCII")


class Outbox(Reply):
    """What waits to go out. Messages are listed up to the limit that was asked for; the counts are of all."""

    programme: Id
    draft: Id | None = Field(default=None, description="the plan request whose draft it is about, if it is about one")
    outdated: bool = Field(
        default=False, description="whether that draft was solved from facts that have changed since"
    )
    paused: bool
    counts: dict[OutgoingKind, int]
    people: int = Field(ge=0, description="how many different people get something")
    messages: tuple[OutgoingMessage, ...] = ()
    samples: tuple[SampleMessage, ...] = ()

    example: ClassVar[dict[str, Any]] = {
        "programme": "spring-2027",
        "paused": True,
        "counts": {"invitation": 75, "update": 3},
        "people": 61,
        "messages": [
            {"person": "p-002", "session": "retrieval-practice", "kind": "invitation", "held": "sending is paused"}
        ],
    }
