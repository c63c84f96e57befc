"""The courier: claims a mail, hands it to the mail server, records the outcome. Invitations and notices live alike.

The claim is stored before the first byte leaves, and the outcome after the server's answer. A courier that dies in
between leaves a claim without an outcome; whoever finds it after its deadline records the doubt.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime

from nats.js.errors import NotFoundError

from services.notifier.content.composing import Composer
from services.notifier.delivery.life import DeliveryPolicy, Mailing, NextStep, claimed_again, decided, expired
from services.notifier.delivery.outcome import About, Deferred, Outcome, Refused
from services.notifier.delivery.outgoing_notice import OutgoingNotice, first_claim
from services.notifier.delivery.suppression import suppress
from services.notifier.delivery.task import SingleMail, Task, Work
from services.notifier.delivery.transmission import MailTransport
from services.notifier.planning.message import MessageDue
from services.notifier.planning.messages_due import claimed
from shared.bus.retry import growing_delay, is_transient
from shared.bus.service import Runtime
from shared.bus.store import Cause, ConflictError, Write
from shared.bus.streams import stream_of
from shared.contract.facts.notifier import InviteStatus
from shared.contract.facts.sending import SuppressionReason
from shared.contract.subjects import EntityRef, Service
from shared.contract.values import new_id
from shared.links import LinkKey

log = logging.getLogger(__name__)


class BytesGoneError(Exception):
    """A message is to be transmitted again, but its claim no longer has the bytes."""


class Courier:
    """Carries out tasks, each on its own; safe to use from several tasks at a time."""

    def __init__(
        self, runtime: Runtime, transport: MailTransport, policy: DeliveryPolicy, key: LinkKey, composer: Composer
    ) -> None:
        self._runtime = runtime
        self._transport = transport
        self._policy = policy
        self._key = key
        self._composer = composer
        self._process = new_id()

    async def carry_out(self, work: Work) -> None:
        """Do one task. When another courier was quicker, nothing is done."""
        if isinstance(work, SingleMail):
            await self._send_single(work)
            return
        try:
            if work.message is not None:
                await self._begin(work, work.message)
            elif work.last is not None and work.step is NextStep.RECORD_DOUBT:
                await self._append(work.key, expired(work.last, self._now(), self._policy), work.seq)
            elif work.last is not None:
                await self._transmit_again(work, work.last)
        except ConflictError as conflict:
            log.info("somebody else has taken %s", "/".join(conflict.ref.ids))
            await self._runtime.store.load(conflict.ref)

    async def _begin(self, task: Task, message: MessageDue | OutgoingNotice) -> None:
        claim = self._first_claim(task, message, self._now())
        await self._transmit(task, claim, await self._append(task.key, claim, 0))

    def _first_claim(self, task: Task, message: MessageDue | OutgoingNotice, now: datetime) -> Mailing:
        if isinstance(message, MessageDue):
            return claimed(message, self._composer.mail(message, task.community, task.contact, now), now, self._policy)
        mail = self._composer.signed(message.write(now), task.community, now)
        return first_claim(message, mail, now, self._policy)

    async def _transmit_again(self, task: Task, last: Mailing) -> None:
        mail = await self._stored_mail(task.key, last)
        if mail is None:
            raise BytesGoneError(f"the bytes of {last.message_id} are gone; it cannot be sent again")
        claim = claimed_again(last, mail, self._now(), self._policy)
        await self._transmit(task, claim, await self._append(task.key, claim, task.seq))

    async def _transmit(self, task: Task, claim: Mailing, seq: int) -> None:
        assert claim.mail is not None, "a claim holds the bytes"
        if self._now() > claim.deadline - self._transport.total_deadline:
            outcome: Outcome = Deferred("storing the claim took too long; nothing was transmitted")
        else:
            sender = self._composer.sender(task.community, claim.person, task.about)
            outcome = await self._transport.send(
                claim.mail.encode("ascii"), sender=sender, recipient=task.contact.address
            )
        await self._record(task.key, decided(claim, outcome, self._now(), self._policy), seq)
        if isinstance(outcome, Refused) and outcome.about is About.RECIPIENT:
            # Not before the outcome: a crash in between costs one more refusal, while a suppression without an outcome
            # would leave this message in doubt for ever.
            await self._suppress(task, outcome.answer)

    async def _send_single(self, single: SingleMail) -> None:
        outcome = await self._transport.send(single.mail, sender=single.community.mailbox, recipient=single.address)
        log.info("a mail of which no fact tells was tried: %s", type(outcome).__name__)

    async def _suppress(self, task: Task, answer: str) -> None:
        community = task.community.community
        await suppress(self._runtime, self._key, community, task.contact, SuppressionReason.REFUSED, answer)

    async def _record(self, ref: EntityRef, fact: Mailing, expected_seq: int) -> None:
        """Store an outcome, however long the broker is away: once it is lost, the mail would go out again."""
        attempt = 0
        while True:
            attempt += 1
            try:
                await self._append(ref, fact, expected_seq)
            except Exception as error:
                # Only what another try may mend is tried again; is_transient tells.
                if not is_transient(error):
                    raise
                log.warning("the outcome of %s is not stored yet: %s", fact.message_id, type(error).__name__)
                await asyncio.sleep(growing_delay(attempt, cap=5.0))
            else:
                return

    async def _append(self, ref: EntityRef, fact: Mailing, expected_seq: int) -> int:
        """Store a fact on top of the one at ``expected_seq``; its sequence. Raises ConflictError.

        A claim's identity is this process's own: another process that claims the same message is refused, while a
        retry of this one succeeds. Facts that say what happened are the same whoever records them.
        """
        whose = self._process if fact.status is InviteStatus.CLAIMED else ""
        cause = Cause(ref.community, Service.NOTIFIER, f"{'.'.join(ref.ids)}.{fact.attempt}.{fact.status}.{whose}")
        return await self._runtime.store.append(cause, [Write(ref, fact.status, fact, expected_seq)])

    async def _stored_mail(self, ref: EntityRef, last: Mailing) -> str | None:
        try:
            raw = await self._runtime.bus.js.get_last_msg(stream_of(Service.NOTIFIER), ref.fact("claimed"), direct=True)
        except NotFoundError:
            return None
        return type(last).read(raw.data or b"{}").mail

    def _now(self) -> datetime:
        return self._runtime.bus.clock.now()
