"""The inbox: commands of partner systems, one at a time each, answered by results that the partner can read.

A partner's bad input is the partner's: it is answered with ``rejected``. A failure of ours that another try may mend
is tried again, later and later; any other becomes a dead letter. The input is acknowledged only after its result is
stored, so a process killed in between answers it again, under the same identity.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from faststream import AckPolicy
from faststream.nats import JStream, NatsBroker, NatsMessage, PullSub
from nats.js.errors import APIError
from pydantic import BaseModel

from shared.bus.connection import Bus
from shared.bus.deadletters import bury
from shared.bus.requests import Request, binary_mode, command_id, read_request
from shared.bus.retry import growing_delay, is_transient
from shared.bus.store import WRONG_LAST_SEQUENCE, ConflictError
from shared.bus.streams import INBOX, OUTBOX, inbox_consumer
from shared.contract.envelope import Envelope, digest, source
from shared.contract.results import Rejected, Rejection
from shared.contract.subjects import InboxSubject, OutboxSubject, Outcome, Service, SubjectError, inbox_of, parse
from shared.settings import BusSettings

log = logging.getLogger(__name__)

_LONGEST_DELAY = 600.0


class PartnerInbox:
    """Takes partners' commands and answers them in the outbox."""

    def __init__(
        self, settings: BusSettings, bus: Callable[[], Bus], execute: Callable[[Request], Awaitable[BaseModel]]
    ) -> None:
        self._settings = settings
        self._bus = bus
        self._execute = execute

    def subscribe(self, broker: NatsBroker) -> None:
        """One pull subscriber for each partner."""
        for partner in self._settings.partners:
            subscriber = broker.subscriber(
                inbox_of(partner),
                stream=JStream(INBOX, declare=False),
                durable=inbox_consumer(partner),
                pull_sub=PullSub(batch_size=1, timeout=2.0),
                ack_policy=AckPolicy.MANUAL,
                # nats-py puts a dot behind a client's prefix, but not behind a pull subscription's.
                inbox_prefix=f"{self._settings.inbox_prefix}.".encode(),
                title=f"inbox of {partner}",
                description="Commands of a partner system; each is answered in the outbox.",
            )
            subscriber(self.take)

    async def take(self, message: NatsMessage) -> None:
        """Answer one command and acknowledge it."""
        raw = message.raw_message
        subject = _inbox_subject(raw.subject)
        seq = raw.metadata.sequence.stream
        try:
            reply = await self._answer(subject, message)
            await self._publish_result(subject, message, seq, reply)
        except Exception as error:
            # Whatever it is, the partner's next command must not wait behind it for ever.
            if is_transient(error) or isinstance(error, ConflictError):
                log.warning("a command on %s is tried again: %s", raw.subject, type(error).__name__)
                await message.nack(delay=growing_delay(raw.metadata.num_delivered, cap=_LONGEST_DELAY))
                return
            log.exception("a command on %s becomes a dead letter", raw.subject)
            await self._bury(subject, message, seq, error)
        await message.ack()

    async def _answer(self, subject: InboxSubject, message: NatsMessage) -> BaseModel:
        try:
            return await self._execute(read_request(subject, message.headers, message.body))
        except Rejection as rejection:
            return rejection.reply()

    async def _publish_result(self, subject: InboxSubject, message: NatsMessage, seq: int, reply: BaseModel) -> None:
        outcome = Outcome.REJECTED if isinstance(reply, Rejected) else Outcome.ACCEPTED
        try:
            cause = command_id(binary_mode(message.headers, message.body).headers)
        except Rejection:
            cause = f"inbox-{seq}"
        result = OutboxSubject(subject.community, subject.partner, digest(cause), outcome)
        envelope = Envelope(
            id=digest(subject.community, subject.partner, cause),
            source=source(subject.community, Service.REGISTRATIONS),
            type=f"org.teachmeet.outbox.{subject.entity}.{subject.verb}.{outcome}.v1",
            subject=f"{subject.entity}.{subject.verb}",
            time=self._bus().clock.now(),
            causation=cause,
        )
        guards = {
            "Nats-Expected-Last-Subject-Sequence": "0",
            "Nats-Expected-Last-Subject-Sequence-Subject": result.every_outcome(),
        }
        body = reply.model_dump_json(exclude_none=True).encode()
        try:
            await self._bus().js.publish(str(result), body, stream=OUTBOX, headers=envelope.headers() | guards)
        except APIError as error:
            # Answered before: the process died between the result and the acknowledgement.
            if error.err_code != WRONG_LAST_SEQUENCE:
                raise

    async def _bury(self, subject: InboxSubject, message: NatsMessage, seq: int, error: Exception) -> None:
        await bury(
            self._bus(),
            Service.REGISTRATIONS,
            community=subject.community,
            subject=str(subject),
            seq=seq,
            headers=message.headers,
            body=message.body,
            error=error,
        )


def _inbox_subject(subject: str) -> InboxSubject:
    """The parts of a subject of the inbox. What partners may put outside the grammar is a command nobody takes."""
    try:
        parsed = parse(subject)
    except SubjectError:
        parsed = None
    if isinstance(parsed, InboxSubject):
        return parsed
    _, community, _, _, partner, *_ = subject.split(".")
    return InboxSubject(community, partner, "subject", "unknown")
