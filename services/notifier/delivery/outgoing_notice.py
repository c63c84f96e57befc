"""A notice that is to be sent, and its first claim."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.notifier.delivery.life import DeliveryPolicy, Mail
from shared.contract.facts.notices import Notice, NoticeKind
from shared.contract.facts.notifier import InviteStatus
from shared.contract.subjects import EntityRef


@dataclass(frozen=True)
class OutgoingNotice:
    """A notice to send: one for its ``ref``, ever.

    ``write`` gives the mail with that instant as its Date; it is called when the mail's turn has come. It is worth
    nothing once ``ends_at`` is past.
    """

    ref: EntityRef
    ends_at: datetime
    write: Callable[[datetime], Mail]

    @property
    def person(self) -> str:
        return self.ref.ids[0]

    @property
    def kind(self) -> NoticeKind:
        return NoticeKind(self.ref.ids[1])

    @property
    def about(self) -> str:
        """The session, or whatever else it is about."""
        return self.ref.ids[2]


def first_claim(notice: OutgoingNotice, mail: Mail, now: datetime, policy: DeliveryPolicy) -> Notice:
    """The claim of a notice; ``mail`` was written with ``now`` as its Date."""
    return Notice(
        person=notice.person,
        kind=notice.kind,
        about=notice.about,
        occasion=notice.ref.ids[3],
        status=InviteStatus.CLAIMED,
        message_id=mail.message_id,
        ends_at=notice.ends_at,
        claimed_at=now,
        deadline=now + policy.claim_lasts,
        mail=mail.text,
    )
