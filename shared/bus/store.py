"""The entity store: a stream as a database of entities.

Every write is one fact with the entity's full state, guarded by the expected last sequence over the entity's
subjects (optimistic concurrency) and by an identity derived from the command, so that a retry never writes twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from nats.js.api import RawStreamMsg
from nats.js.errors import APIError, NotFoundError

from shared.bus.background import in_turns
from shared.bus.batch import Outgoing, publish_batch
from shared.bus.connection import REQUEST_TIMEOUT, Bus
from shared.bus.facts import Facts, Stored
from shared.bus.rehearsal import is_rehearsed
from shared.bus.retry import growing_delay, is_transient
from shared.bus.streams import MAX_FACT_BYTES, stream_of
from shared.contract import subjects
from shared.contract.catalogue import ERASED, fact_kind
from shared.contract.envelope import Envelope, command_digest, fact_type, header, message_id, source, written_at
from shared.contract.message import APPLIED_LIMIT, Fact
from shared.contract.subjects import EntityRef, FactSubject, Service

log = logging.getLogger(__name__)

_GIVE_UP_AFTER = 30.0
WRONG_LAST_SEQUENCE = 10071
_DUPLICATE_IN_BATCH = 10201
# The broker takes 50 at a time for a stream, and there may be a second instance.
_BATCHES_AT_A_TIME = 20
_IN_A_TURN = 100


class ConflictError(Exception):
    """The entity has changed since it was loaded. Load it again and decide anew."""

    def __init__(self, ref: EntityRef) -> None:
        super().__init__(f"{ref.entity} {'/'.join(ref.ids)} has changed in the meantime")
        self.ref = ref


class FactTooLargeError(Exception):
    """A fact is over the size that a stream takes."""


@dataclass(frozen=True)
class Cause:
    """The command (or input) behind a write; writes of one cause have one identity, whoever retries them."""

    community: str
    caller: str
    id: str
    correlation: str | None = None

    @cached_property
    def digest(self) -> str:
        return command_digest(self.community, self.caller, self.id)


@dataclass(frozen=True)
class Write:
    """One fact to append, and the sequence that the entity must still have (0: it must not exist)."""

    ref: EntityRef
    what: str
    state: Fact
    expected_seq: int

    def applied(self, cause: Cause) -> Write:
        """The same write, with its cause among those that the entity has seen."""
        applied = (*self.state.applied, cause.digest)[-APPLIED_LIMIT:]
        state = self.state.model_copy(update={"applied": applied})
        return Write(self.ref, self.what, state, self.expected_seq)


class EntityStore:
    """Loads and appends the entities of one service's stream. ``facts`` is the view that its replay fills."""

    def __init__(self, bus: Bus, service: Service, facts: Facts) -> None:
        self._bus = bus
        self._stream = stream_of(service)
        self._service = service
        self._facts = facts
        self._batches = asyncio.Semaphore(_BATCHES_AT_A_TIME)

    async def load(self, ref: EntityRef) -> Stored | None:
        """The entity as the broker has it now; the view is brought up to it."""
        raw = await self._last(ref)
        if raw is None:
            return None
        self._remember(raw)
        return self._facts.get(ref)

    async def append(self, cause: Cause, writes: Sequence[Write]) -> int:
        """Store the facts of ``writes`` together and give the sequence of the last one.

        A repeat of the same cause that was stored before succeeds. Facts about people who were erased are left out.
        Raises ConflictError when an entity has changed,
        FactTooLargeError, and TimeoutError when the broker cannot be reached for 30 s (then nobody knows, and the
        same cause may be tried again).
        """
        # Of somebody who was erased nothing is written any more, but that they were.
        writes = [
            write.applied(cause)
            for write in writes
            if write.what == ERASED or not self._facts.is_about_erased(write.ref)
        ]
        if not writes:
            return self._facts.last_seq(self._service)
        messages = [self._outgoing(cause, writes[0], 0)]
        async for index, write in in_turns(enumerate(writes[1:], start=1), every=_IN_A_TURN):
            messages.append(self._outgoing(cause, write, index))
        if is_rehearsed(writes):
            return 0
        deadline = _now() + _GIVE_UP_AFTER
        attempt = 0
        while True:
            attempt += 1
            try:
                return await self._publish(writes, messages)
            except Exception as error:
                # Only what another try may mend is tried again; is_transient tells.
                if not is_transient(error) or _now() > deadline:
                    raise
                await asyncio.sleep(growing_delay(attempt, cap=2.0))

    async def _publish(self, writes: Sequence[Write], messages: list[Outgoing]) -> int:
        try:
            if len(messages) == 1:
                ack = await self._bus.js.publish(
                    messages[0].subject,
                    messages[0].body,
                    timeout=REQUEST_TIMEOUT,
                    stream=self._stream,
                    headers=dict(messages[0].headers),
                )
                if ack.duplicate:
                    return await self._repeated(writes[0], messages[0], ack.seq)
                seq = int(ack.seq)
            else:
                async with self._batches:
                    seq = await publish_batch(self._bus.client, messages)
        except APIError as error:
            if error.err_code not in {WRONG_LAST_SEQUENCE, _DUPLICATE_IN_BATCH}:
                raise
            return await self._settle(writes, messages)
        self._remember_written(writes, messages, seq)
        return seq

    async def _repeated(self, write: Write, message: Outgoing, seq: int) -> int:
        """The broker knows this id: the same cause wrote before, and nothing is stored now.

        That is a success only if the message at that sequence is on our own subject (another could have our id). The
        entity may have gone on since, so the view is brought up to what it is now.
        """
        try:
            raw = await self._bus.js.get_msg(self._stream, seq=seq, direct=True)
        except NotFoundError:
            raise ConflictError(write.ref) from None
        if raw.subject != message.subject:
            raise ConflictError(write.ref)
        await self.load(write.ref)
        return seq

    async def _settle(self, writes: Sequence[Write], messages: list[Outgoing]) -> int:
        """After a refusal: if the last facts are ours, an earlier try was stored after all."""
        last = 0
        for write, message in zip(writes, messages, strict=True):
            raw = await self._last(write.ref)
            if raw is not None:
                self._remember(raw)
            if raw is None or header(raw.headers, "nats-msg-id") != message.headers["Nats-Msg-Id"]:
                raise ConflictError(write.ref)
            last = int(raw.seq or 0)
        return last

    def _outgoing(self, cause: Cause, write: Write, index: int) -> Outgoing:
        body = write.state.model_dump_json(exclude_none=True).encode()
        if len(body) > MAX_FACT_BYTES:
            raise FactTooLargeError(f"{write.ref.entity} would be {len(body)} bytes; a fact is at most 256 KiB")
        identity, subject = message_id(cause.digest, write.ref, index), write.ref.fact(write.what)
        envelope = Envelope(
            id=identity,
            source=source(write.ref.community, self._service),
            type=fact_type(write.ref, write.what),
            subject="/".join((write.ref.entity, *write.ref.ids)),
            time=self._bus.clock.now(),
            correlation=cause.correlation or cause.id,
            causation=cause.id,
        )
        guards = {
            "Nats-Msg-Id": identity,
            "Nats-Expected-Last-Subject-Sequence": str(write.expected_seq),
            "Nats-Expected-Last-Subject-Sequence-Subject": f"{subject.rpartition('.')[0]}.{subjects.ANY}",
        }
        return Outgoing(subject, body, envelope.headers() | guards)

    async def _last(self, ref: EntityRef) -> RawStreamMsg | None:
        while True:
            try:
                raw = await self._bus.js.get_last_msg(self._stream, ref.every_fact(), direct=True)
            except NotFoundError:
                return None
            if _is_fact(raw):
                return raw
            log.critical("sequence %s of %s was not written by a service and is removed", raw.seq, self._stream)
            await self._bus.js.delete_msg(self._stream, int(raw.seq or 0))

    def _remember(self, raw: RawStreamMsg) -> None:
        subject = subjects.parse(str(raw.subject))
        if isinstance(subject, FactSubject):
            state = fact_kind(subject.ref).model_of(subject.what).read(raw.data or b"{}")
            self._facts.apply(subject, state, int(raw.seq or 0), written_at(raw.headers), raw.data)

    def _remember_written(self, writes: Sequence[Write], messages: Sequence[Outgoing], last_seq: int) -> None:
        # Only a look-ahead for the next decision; the replay brings the same facts.
        first, now = last_seq - len(writes) + 1, self._bus.clock.now()
        for seq, (write, message) in enumerate(zip(writes, messages, strict=True), start=first):
            self._facts.apply(FactSubject(write.ref, write.what), write.state, seq, now, message.body)


def _is_fact(raw: RawStreamMsg) -> bool:
    """Whether a service wrote this.

    The broker holds users to the subjects on which they publish, but not to the reply subjects that they state: its
    own answers can be led onto a fact's subject, where they would stand in the way of the next write for ever.
    """
    subject = subjects.parse(str(raw.subject))
    return isinstance(subject, FactSubject) and header(raw.headers, "ce-type") == fact_type(subject.ref, subject.what)


def _now() -> float:
    return asyncio.get_running_loop().time()
