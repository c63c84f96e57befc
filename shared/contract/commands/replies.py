"""Answers of people, and what the organiser decides about them."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar, Literal

from pydantic import Field

from shared.contract.facts.replies import (
    COMMENT_LENGTH,
    CounterProposal,
    PartStat,
    QuarantineReason,
    QuarantineState,
)
from shared.contract.message import Command, Ids, Reply
from shared.contract.values import Id, Instant, Minutes, Value, Zone


class AnswerInvitation(Command):
    """Answer an invitation: by a signed link, or for somebody who told the organiser."""

    person: Id
    session: Id
    partstat: Literal[PartStat.ACCEPTED, PartStat.TENTATIVE, PartStat.DECLINED]
    comment: str | None = Field(default=None, max_length=COMMENT_LENGTH)
    generation: int | None = Field(default=None, ge=1, description="of the signed link, when one was used")

    example: ClassVar[dict[str, Any]] = {
        "person": "p-002",
        "session": "retrieval-practice",
        "partstat": "declined",
        "generation": 1,
    }


class AskAnswer(Command):
    """Ask what a person was invited to and what they have answered, for the page behind a signed link."""

    person: Id
    session: Id
    generation: int = Field(ge=1, description="of the signed link")

    example: ClassVar[dict[str, Any]] = {"person": "p-002", "session": "retrieval-practice", "generation": 1}


class AnswerShown(Reply):
    """An invitation as the page behind a signed link shows it. `open`: it can still be answered."""

    name: str
    title: str
    start: Instant
    minutes: Minutes
    zone: Zone
    own_zone: Zone
    location: str
    dates: tuple[Instant, ...] = Field(default=(), description="when a series is held, as far as the person comes")
    partstat: PartStat | None = None
    open: bool

    example: ClassVar[dict[str, Any]] = {
        "name": "Ben Ito",
        "title": "Retrieval practice in ten minutes",
        "start": "2027-01-12T15:30:00Z",
        "minutes": 60,
        "zone": "Europe/London",
        "own_zone": "Asia/Dubai",
        "location": "Library, Hillside School",
        "partstat": "declined",
        "open": True,
    }


class AskReplies(Command):
    """Ask what people have answered about a programme, and what waits for the organiser."""

    programme: Id

    example: ClassVar[dict[str, Any]] = {"programme": "spring-2027"}


class SessionTally(Value):
    """How many of those invited to a session answered what."""

    session: Id
    accepted: int = Field(ge=0)
    tentative: int = Field(ge=0)
    declined: int = Field(ge=0)
    delegated: int = Field(ge=0)
    unanswered: int = Field(ge=0)
    presenters_declined: Ids = Field(default=(), description="the session needs re-planning, or another presenter")


class CounterShown(Value):
    """Another time that a person proposed and that waits for a decision."""

    person: Id
    session: Id
    proposed: CounterProposal


class DelegationShown(Value):
    """Somebody would send somebody else; the seat stays theirs until the organiser has arranged it."""

    person: Id
    session: Id
    delegate: str | None = None


class QuarantineShown(Value):
    """A mail that a human has to look at."""

    person: Id
    id: Id
    reason: QuarantineReason
    why: str
    session: Id | None = None
    sender: str | None = None
    partstat: PartStat | None = None
    at: Instant
    state: QuarantineState


class Replies(Reply):
    """What people have answered. At most 500 of a kind are told. Mails in quarantine are the whole community's."""

    sessions: tuple[SessionTally, ...] = ()
    counters: tuple[CounterShown, ...] = ()
    delegations: tuple[DelegationShown, ...] = ()
    quarantined: tuple[QuarantineShown, ...] = ()

    example: ClassVar[dict[str, Any]] = {
        "sessions": [
            {
                "session": "retrieval-practice",
                "accepted": 12,
                "tentative": 1,
                "declined": 2,
                "delegated": 0,
                "unanswered": 9,
            }
        ]
    }


class CounterDecision(StrEnum):
    """`decline` sends a DECLINECOUNTER; `take-up` notes that the session is to move, which the next release does."""

    DECLINE = "decline"
    TAKE_UP = "take-up"


class DecideCounter(Command):
    """Decide about another time that a person proposed."""

    person: Id
    session: Id
    decision: CounterDecision

    example: ClassVar[dict[str, Any]] = {"person": "p-002", "session": "retrieval-practice", "decision": "decline"}


class QuarantineDecision(StrEnum):
    """`admit` takes the answer as the person's own, where it is one; `dismiss` closes the matter."""

    ADMIT = "admit"
    DISMISS = "dismiss"


class DecideQuarantine(Command):
    """Decide about a mail that was not acted upon. The mail itself is forgotten."""

    person: Id = Field(description="as listed; `unknown` where nobody knows")
    id: Id
    decision: QuarantineDecision

    example: ClassVar[dict[str, Any]] = {"person": "p-002", "id": "9f2c1a", "decision": "admit"}
