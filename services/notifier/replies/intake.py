"""Takes in one mail: reads it, judges it, and stores what follows from it. Whoever handed it over is answered then.

The same mail twice is one answer, because the identity of what is stored is the mail's own. So every way in may hand
over a mail again when it does not know whether it was taken in before.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from enum import StrEnum, auto

from services.notifier.delivery.suppression import suppress
from services.notifier.notices.preferences import refused
from services.notifier.notices.unsubscribing import asked_by_mail
from services.notifier.replies.acquaintance import Acquaintance
from services.notifier.replies.bounces import bounce
from services.notifier.replies.incoming import (
    Automatic,
    DeliveryReport,
    Incoming,
    Itip,
    ItipAnswer,
    Letterhead,
    Personal,
    Reply,
    Unreadable,
)
from services.notifier.replies.invited import Invited
from services.notifier.replies.party_crashers import CrasherHandling, crasher_handling
from services.notifier.replies.quarantine import UNKNOWN, Case, identity_of
from services.notifier.replies.reading import read_message
from services.notifier.replies.recording import record_answer, record_case
from services.notifier.replies.rejection import Rejections
from services.notifier.replies.reply_address import ReplyTarget
from services.notifier.replies.standing import after
from services.notifier.replies.trust import Accept, Crasher, Ignore, Quarantine, TrustPolicy, judge
from shared.bus.retry import is_transient
from shared.bus.service import Runtime
from shared.bus.store import ConflictError
from shared.contract.envelope import digest
from shared.contract.facts.registrations import Community
from shared.contract.facts.replies import QuarantineReason
from shared.contract.facts.sending import SuppressionReason
from shared.links import LinkKey

log = logging.getLogger(__name__)


class Taken(StrEnum):
    """What became of a mail."""

    ANSWER = auto()
    REPORT = auto()
    UNSUBSCRIBED = auto()
    KEPT = auto()
    IGNORED = auto()
    NOT_OURS = auto()
    PERSONAL = auto()
    """a human wrote to humans, and nothing of it was stored"""


class FullError(Exception):
    """Nothing can be taken in at the moment: the disk quota is nearly used up."""


@dataclass(frozen=True)
class Mail:
    """A mail as it came in. ``keep_personal``: nobody else keeps it, so letters of humans are kept here."""

    raw: bytes
    recipients: tuple[str, ...] = ()
    null_sender: bool = False
    keep_personal: bool = True


@dataclass(frozen=True)
class _Delivered:
    """A mail, and whom it is about as far as its addresses tell."""

    mail: Mail
    head: Letterhead
    community: Community
    target: ReplyTarget | None

    @property
    def identity(self) -> tuple[str, ...]:
        return identity_of(self.head, self.mail.raw)

    def case(self, reason: QuarantineReason, why: str) -> Case:
        person, session = (self.target.person, self.target.session) if self.target is not None else (UNKNOWN, None)
        return Case(reason, why, self.identity, person=person, session=session, sender=self.head.sender)


class Intake:
    """Takes in mails, several at a time. The view must have caught up before the first one."""

    def __init__(
        self, runtime: Runtime, acquaintance: Acquaintance, key: LinkKey, policy: TrustPolicy, rejections: Rejections
    ) -> None:
        self._runtime = runtime
        self._acquaintance = acquaintance
        self._key = key
        self._policy = policy
        self._rejections = rejections

    def serves(self, address: str) -> bool:
        """Whether mails to that address are taken in here."""
        known = self._acquaintance
        return known.target([address]) is not None or known.community([address]) is not None

    async def take(self, mail: Mail) -> Taken:
        """Take in a mail; when this returns, what follows from it is stored.

        Raises FullError, and what the broker raises when it cannot be reached: then the mail must come again.
        """
        if self._runtime.health.storage_full:
            raise FullError
        incoming = await asyncio.to_thread(read_message, mail.raw, null_sender=mail.null_sender)
        delivered = self._delivered(mail, incoming)
        if delivered is None:
            return Taken.NOT_OURS
        try:
            return await self._act(delivered, incoming)
        except Exception as error:
            # A mail that we fail on must neither be lost nor come back for ever.
            if is_transient(error) or isinstance(error, ConflictError):
                raise
            log.exception("a mail could not be taken in; it is kept for the organiser")
            return await self._keep(delivered, delivered.case(QuarantineReason.FAILED, "we failed on it; see the log"))

    def _delivered(self, mail: Mail, incoming: Incoming) -> _Delivered | None:
        known = self._acquaintance
        addresses = [each.lower() for each in (*mail.recipients, *incoming.head.recipients)]
        if isinstance(incoming, Itip) and incoming.organizer is not None:
            addresses.append(incoming.organizer)
        target = known.target(addresses)
        if target is None and isinstance(incoming, DeliveryReport):
            target = known.reported(incoming)
        community = known.named(target.community) if target is not None else known.community(addresses)
        if community is None and isinstance(incoming, Itip):
            community = known.community_of(incoming)
        return _Delivered(mail, incoming.head, community, target) if community is not None else None

    async def _act(self, delivered: _Delivered, incoming: Incoming) -> Taken:
        asked = asked_by_mail(incoming.head.subject, self._key, self._runtime.bus.clock.now())
        if asked is not None and not isinstance(incoming, DeliveryReport):
            await refused(self._runtime, *asked)
            return Taken.UNSUBSCRIBED
        match incoming:
            case Unreadable(why):
                return await self._keep(delivered, delivered.case(QuarantineReason.UNREADABLE, why))
            case Personal():
                if not delivered.mail.keep_personal:
                    return Taken.PERSONAL
                why = "somebody wrote to the organisers"
                return await self._keep(delivered, delivered.case(QuarantineReason.PERSONAL, why))
            case Automatic(_, why):
                log.info("a mail was passed over: %s", why)
                return Taken.IGNORED
            case DeliveryReport():
                return await self._returned(delivered, incoming)
            case _:
                return await self._judged(delivered, incoming)

    async def _judged(self, delivered: _Delivered, message: Itip) -> Taken:
        known = self._acquaintance.known(delivered.community, delivered.target, message)
        verdict = judge(message, known, self._policy)
        match verdict:
            case Ignore(why):
                log.info("a mail was passed over: %s", why)
                return Taken.IGNORED
            case Quarantine(reason, why, person, session, answer):
                case = Case(reason, why, delivered.identity, person or UNKNOWN, session, delivered.head.sender, answer)
                return await self._keep(delivered, case)
            case Crasher():
                return await self._crashed(delivered, message, verdict)
            case Accept():
                return await self._accepted(delivered, message, verdict)

    async def _accepted(self, delivered: _Delivered, message: Itip, verdict: Accept) -> Taken:
        community = delivered.community.community
        invited = self._acquaintance.invited(community, verdict.person, verdict.session)
        if invited is None:
            return Taken.IGNORED
        return await self._record(delivered, message, verdict, invited)

    async def _record(self, delivered: _Delivered, message: Itip, verdict: Accept, invited: Invited) -> Taken:
        for answer in (verdict.answer, *verdict.of_dates):
            await self._record_one(delivered, message, answer, invited)
        return Taken.ANSWER

    async def _record_one(self, delivered: _Delivered, message: Itip, answer: ItipAnswer, invited: Invited) -> None:
        now = self._runtime.bus.clock.now()
        mail = digest(*delivered.identity, answer.uid, answer.attendee or "", str(answer.stamp), str(answer.recurrence))
        meant = invited.meant(answer.recurrence) if isinstance(message, Reply) else invited
        await record_answer(
            self._runtime,
            delivered.community.community,
            meant,
            mail,
            lambda known: after(known, meant, message, answer, now),
        )

    async def _crashed(self, delivered: _Delivered, message: Itip, crasher: Crasher) -> Taken:
        known = self._acquaintance.known(delivered.community, delivered.target, message)
        handling = crasher_handling(message, crasher, known, self._policy.party_crashers)
        match handling:
            case CrasherHandling(admit=str(person)):
                invited = self._acquaintance.invited_as(delivered.community.community, person, crasher.session)
                if invited is not None:
                    accept = Accept(person, crasher.session, crasher.answer)
                    return await self._record(delivered, message, accept, invited)
            case CrasherHandling(case=Case() as case, answer=answer):
                is_new = await record_case(self._runtime, delivered.community.community, case, delivered.mail.raw)
                if is_new and answer and delivered.head.answerable:
                    self._rejections.send(delivered.community, crasher.address, delivered.head)
                return Taken.KEPT
        return Taken.IGNORED

    async def _returned(self, delivered: _Delivered, report: DeliveryReport) -> Taken:
        found, target = bounce(report), delivered.target
        if found is None:
            return Taken.IGNORED
        community = delivered.community.community
        contact = self._acquaintance.contact(community, target.person) if target is not None else None
        if contact is None or not found.ends_mail_to(contact.address):
            case = delivered.case(QuarantineReason.UNDELIVERED, f"a mail came back: {found.told}")
            return await self._keep(delivered, case)
        await suppress(self._runtime, self._key, community, contact, SuppressionReason.BOUNCED, found.told)
        return Taken.REPORT

    async def _keep(self, delivered: _Delivered, case: Case) -> Taken:
        await record_case(self._runtime, delivered.community.community, case, delivered.mail.raw)
        return Taken.KEPT
