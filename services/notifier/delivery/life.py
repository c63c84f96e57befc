"""The life of one message: claimed, transmitted, decided; and what its last fact asks for next.

SMTP cannot promise "once": when the answer to the final dot is lost, nobody knows. So an attempt is claimed before
it starts, and an attempt without an outcome is in doubt. A doubtful message is transmitted once more with the same
bytes (a calendar sees the same message, while a lost invitation is worse), never a third time.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from services.notifier.content.printable import shortened
from services.notifier.delivery.outcome import Deferred, InDoubt, Misconfigured, Outcome, Refused, Sent
from shared.contract.facts.notices import Notice
from shared.contract.facts.notifier import CalendarEntry, Invite, InviteStatus

Mailing = Invite | Notice
"""One message: an invitation, or a notice (a reminder, a digest). Both live the same life."""

_ANSWER_LENGTH = 500
_DOUBTS_AT_MOST = 2


@dataclass(frozen=True)
class DeliveryPolicy:
    """How patient and how careful a community's deliveries are.

    ``claim_lasts`` must be longer than all the steps of a transmission together. A deferred message waits
    ``first_delay`` and doubles that each time, up to ``longest_delay``; ``horizon`` after its claim it is given up and
    reported. With ``never_twice``, a doubtful message is reported instead of transmitted again.
    """

    claim_lasts: timedelta
    first_delay: timedelta = timedelta(seconds=2)
    longest_delay: timedelta = timedelta(minutes=15)
    horizon: timedelta = timedelta(days=5)
    never_twice: bool = False

    @property
    def doubts_allowed(self) -> int:
        """How many attempts of a message may end in doubt before it is left to a person."""
        return 1 if self.never_twice else _DOUBTS_AT_MOST


class NextStep(StrEnum):
    """What the last fact of a message asks for."""

    DONE = auto()
    WAIT = auto()
    RECORD_DOUBT = auto()
    TRANSMIT_AGAIN = auto()
    REPORT = auto()


RESOLVED = frozenset({NextStep.DONE, NextStep.REPORT})


@dataclass(frozen=True)
class Mail:
    """A mail as it is transmitted, byte for byte; only ASCII."""

    message_id: str
    text: str


def next_step(last: Mailing, now: datetime, policy: DeliveryPolicy) -> NextStep:
    """What to do about a message whose last fact this is. Nothing is transmitted once its session is over."""
    match last.status:
        case InviteStatus.SENT | InviteStatus.REFUSED:
            return NextStep.DONE
        case InviteStatus.CLAIMED:
            return NextStep.RECORD_DOUBT if now >= last.deadline else NextStep.WAIT
        case InviteStatus.DEFERRED:
            return _after_deferral(last, now, policy)
        case InviteStatus.IN_DOUBT:
            settled = last.doubts >= policy.doubts_allowed or _comes_too_late(last, now)
            return NextStep.REPORT if settled else NextStep.TRANSMIT_AGAIN


def _after_deferral(last: Mailing, now: datetime, policy: DeliveryPolicy) -> NextStep:
    if _comes_too_late(last, now) or now >= last.claimed_at + policy.horizon:
        return NextStep.REPORT
    return NextStep.WAIT if last.next_attempt_at and now < last.next_attempt_at else NextStep.TRANSMIT_AGAIN


def wakes_at(last: Mailing) -> datetime | None:
    """When a message that waits asks for its next step; None if it does not wait."""
    match last.status:
        case InviteStatus.CLAIMED:
            return last.deadline
        case InviteStatus.DEFERRED:
            return last.next_attempt_at
    return None


def _comes_too_late(last: Mailing, now: datetime) -> bool:
    if isinstance(last, Notice):
        return now >= last.ends_at
    date = last.entry.occurrence(last.occurrence) if last.occurrence is not None else last.entry
    return now >= date.ends_at()


def is_over(entry: CalendarEntry, now: datetime) -> bool:
    """Whether the session has ended, of a series the last occurrence."""
    return entry.ends_at() <= now


def claimed_again(last: Mailing, mail: str, now: datetime, policy: DeliveryPolicy) -> Mailing:
    """The claim of the next attempt with the bytes of the first: Date and DTSTAMP stay what they were."""
    return last.model_copy(
        update={
            "status": InviteStatus.CLAIMED,
            "attempt": last.attempt + 1,
            "deadline": now + policy.claim_lasts,
            "decided_at": None,
            "next_attempt_at": None,
            "answer": None,
            "mail": mail,
        }
    )


def decided(claim: Mailing, outcome: Outcome, now: datetime, policy: DeliveryPolicy) -> Mailing:
    """The fact that records how a claimed attempt ended. It no longer carries the bytes."""
    match outcome:
        case Sent(answer):
            return _decided(claim, InviteStatus.SENT, answer, now)
        case Refused(answer, _):
            return _decided(claim, InviteStatus.REFUSED, answer, now)
        case Deferred(answer, _) | Misconfigured(answer, _):
            deferred = _decided(claim, InviteStatus.DEFERRED, answer, now)
            return deferred.model_copy(update={"next_attempt_at": now + _delay(claim, policy)})
        case InDoubt(answer):
            doubtful = _decided(claim, InviteStatus.IN_DOUBT, answer, now)
            return doubtful.model_copy(update={"doubts": claim.doubts + 1})


def expired(claim: Mailing, now: datetime, policy: DeliveryPolicy) -> Mailing:
    """The fact for a claim whose deadline passed without an outcome: whoever made it is gone."""
    return decided(claim, InDoubt("the attempt ended without an outcome"), now, policy)


def _decided(claim: Mailing, status: InviteStatus, answer: str, now: datetime) -> Mailing:
    update = {"status": status, "answer": shortened(answer, _ANSWER_LENGTH), "decided_at": now, "mail": None}
    return claim.model_copy(update=update)


def _delay(claim: Mailing, policy: DeliveryPolicy) -> timedelta:
    """Doubles with every attempt, and differs a little from message to message so that they do not come in waves."""
    doubled: timedelta = policy.first_delay * 2 ** min(claim.attempt - 1, 32)
    return min(doubled, policy.longest_delay) * _spread(claim.message_id, claim.attempt)


def _spread(message_id: str, attempt: int) -> float:
    """0.8 to 1.2, the same for the same attempt."""
    return 0.8 + 0.4 * hashlib.sha256(f"{message_id} {attempt}".encode()).digest()[0] / 255
