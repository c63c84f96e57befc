"""Facts about mails that are not invitations: reminders, digests, what people are asked; and who wants them."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field

from shared.contract.facts.notifier import InviteStatus
from shared.contract.message import Fact
from shared.contract.values import Id, Instant


class NoticeKind(StrEnum):
    """What a notice is.

    Of one's session soon to begin, of the days to come, of one's teams' days to come; the way back to a proposal, that
    it has come in, that one's word on an accepted one is wanted; a seat to take until some instant; a rule that
    enrolled one.
    """

    REMINDER = "reminder"
    DIGEST = "digest"
    TEAM_DIGEST = "team-digest"
    EDIT_LINK = "edit-link"
    PROPOSAL_RECEIVED = "proposal-received"
    CONFIRM = "confirm"
    SEAT_OFFER = "seat-offer"
    ENROLLED = "enrolled"

    @property
    def can_be_ended(self) -> bool:
        """Whether a person may refuse all notices of the kind. The others come of what they, or others for them, did,
        and end with that."""
        return self in {NoticeKind.REMINDER, NoticeKind.DIGEST, NoticeKind.TEAM_DIGEST}


class Notice(Fact):
    """One mail that tells a person something: claimed before it is transmitted, then its outcome.

    It is sent once for what it is about (a session, a proposal, a programme, or the weekly letter) and its occasion
    (that session's start, the ISO week, the day of asking). Only a claim carries the exact bytes.
    """

    person: Id
    kind: NoticeKind
    about: Id = Field(description="the session, the proposal, the programme, or 'weekly'")
    occasion: Id = Field(
        description="the start or expiry, as 20270112t1530z; the ISO week, as 2027-w02; asked, day-3 or day-7; "
        "of other kinds, what tells one occasion from the next"
    )
    status: InviteStatus
    message_id: str
    attempt: int = Field(default=1, ge=1)
    doubts: int = Field(default=0, ge=0, description="attempts of this message that ended in doubt")
    ends_at: Instant = Field(description="nothing is transmitted from then on: it would come too late")
    claimed_at: Instant = Field(description="Date of the message")
    deadline: Instant = Field(description="without an outcome by then the attempt is in doubt")
    decided_at: Instant | None = Field(default=None, description="when the outcome was known")
    next_attempt_at: Instant | None = Field(default=None, description="not before, when deferred")
    answer: str | None = Field(default=None, description="the SMTP server's last answer")
    mail: str | None = Field(default=None, description="the exact bytes, in ASCII; only in claims")

    example: ClassVar[dict[str, Any]] = {
        "person": "p-002",
        "kind": "reminder",
        "about": "retrieval-practice",
        "occasion": "20270112t1530z",
        "status": "sent",
        "message_id": "<reminder.retrieval-practice.p-002.20270112t1530z@northgate.example>",
        "ends_at": "2027-01-12T15:30:00Z",
        "claimed_at": "2027-01-11T15:30:00Z",
        "deadline": "2027-01-11T15:31:00Z",
        "decided_at": "2027-01-11T15:30:01Z",
        "answer": "250 OK",
    }


class Preference(Fact):
    """Which notices a person wants. Who never said anything wants all that their community sends."""

    person: Id
    reminders: bool = True
    digest: bool = True
    team_digest: bool = True
    at: Instant = Field(description="when they said so last")

    example: ClassVar[dict[str, Any]] = {"person": "p-002", "digest": False, "at": "2026-12-07T07:05:00Z"}

    def wants(self, kind: NoticeKind) -> bool:
        match kind:
            case NoticeKind.REMINDER:
                return self.reminders
            case NoticeKind.DIGEST:
                return self.digest
            case NoticeKind.TEAM_DIGEST:
                return self.team_digest
        return True
