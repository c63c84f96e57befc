"""Mails that a human has to look at, as facts: kept with the beginning of their bytes until they are decided."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.notifier.content.printable import shortened
from services.notifier.replies.incoming import ItipAnswer, Letterhead
from shared.contract.envelope import digest
from shared.contract.facts.replies import Quarantined, QuarantineReason, QuarantineState

UNKNOWN = "unknown"
_BYTES_KEPT = 64 * 1024
MOST_WITH_MAIL, MOST_OPEN = 300, 5000
"""Open cases of a community that keep their mail, and that there are at all: whoever floods the reply address shall
fill neither the stream nor the memory."""
_WHY_LENGTH = 300


@dataclass(frozen=True)
class Case:
    """Why a mail is kept, and what is known of it. Mails of one ``identity`` are one case."""

    reason: QuarantineReason
    why: str
    identity: tuple[str, ...]
    person: str = UNKNOWN
    session: str | None = None
    sender: str = ""
    answer: ItipAnswer | None = None
    state: QuarantineState = QuarantineState.KEPT

    @property
    def id(self) -> str:
        return digest(self.reason, *self.identity)


def identity_of(head: Letterhead, raw: bytes) -> tuple[str, ...]:
    """What makes two transmissions one mail: its Message-ID and sender, or else its bytes."""
    return (head.message_id, head.sender) if head.message_id else (digest(raw.decode("latin-1")),)


def kept(case: Case, raw: bytes, now: datetime, others: Iterable[Quarantined] = ()) -> Quarantined | None:
    """The fact for a case beside the community's ``others``; None when there are too many open ones.

    A case that is closed from the start, or one of very many, keeps no bytes.
    """
    is_open = case.state is QuarantineState.KEPT
    still_open = [each for each in others if each.state is QuarantineState.KEPT]
    if is_open and len(still_open) >= MOST_OPEN:
        return None
    keeps_mail = is_open and sum(each.mail is not None for each in still_open) < MOST_WITH_MAIL
    return Quarantined(
        person=case.person,
        id=case.id,
        state=case.state,
        reason=case.reason,
        why=shortened(case.why, _WHY_LENGTH),
        session=case.session,
        sender=case.sender or None,
        partstat=case.answer.partstat if case.answer is not None else None,
        recurrence=case.answer.recurrence if case.answer is not None else None,
        at=now,
        decided_at=None if is_open else now,
        mail=base64.b64encode(raw[:_BYTES_KEPT]).decode("ascii") if keeps_mail else None,
    )


def closed(case: Quarantined, state: QuarantineState, now: datetime) -> Quarantined:
    """The fact for a case that the organiser decided; the mail is forgotten."""
    return case.model_copy(update={"state": state, "decided_at": now, "mail": None})
