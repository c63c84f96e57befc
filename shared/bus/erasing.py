"""Destroying messages of a stream: found by subject, deleted with their bytes overwritten."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from shared.bus.connection import Bus
from shared.bus.streams import stream_of
from shared.contract.catalogue import ERASED, ERASURE, FACTS
from shared.contract.subjects import FactSubject, Service, SubjectError, facts_of_person, parse
from shared.contract.values import new_id

_TIMEOUT = 5.0
_BATCH = 256
_BATCH_BYTES = 4 * 1024 * 1024
_PATIENCE = 10.0
# No message found; sequence not found; message was deleted already.
_GONE = frozenset({10037, 10043, 10057})


@dataclass(frozen=True)
class Found:
    """One stored message."""

    seq: int
    subject: str
    body: bytes
    headers: dict[str, str]

    @property
    def fact(self) -> FactSubject | None:
        """Its subject, if it is a fact's."""
        try:
            parsed = parse(self.subject)
        except SubjectError:
            return None
        return parsed if isinstance(parsed, FactSubject) else None

    def state(self) -> Any:
        """The body as JSON; None when it is none."""
        try:
            return json.loads(self.body or b"null")
        except ValueError:
            return None


async def erase_message(bus: Bus, stream: str, seq: int) -> bool:
    """Delete a message and overwrite its bytes on the disk; false when it is gone already.

    A purge, or a delete without overwriting, would leave the bytes in the stream's file (measured).
    """
    request = json.dumps({"seq": seq, "no_erase": False}).encode()
    reply = await bus.client.request(f"$JS.API.STREAM.MSG.DELETE.{stream}", request, timeout=_TIMEOUT)
    error = json.loads(reply.data).get("error")
    if error is None:
        return True
    if error.get("err_code") in _GONE:
        return False
    raise RuntimeError(f"message {seq} of {stream} was not deleted: {error.get('description')}")


async def stored(bus: Bus, stream: str, subject: str, *, after: int = 0) -> AsyncIterator[list[Found]]:
    """The messages of a stream on a subject (it may have wildcards) behind a sequence, some at a time, in order."""
    while True:
        found = await _batch(bus, stream, subject, after + 1)
        if not found:
            return
        yield found
        after = found[-1].seq


async def _batch(bus: Bus, stream: str, subject: str, first: int) -> list[Found]:
    """Up to 256 messages by one direct get (JetStream ADR-31). Raises TimeoutError."""
    found: list[Found] = []
    ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def take(message: Msg) -> None:
        headers = dict(message.headers or {})
        if "Nats-Sequence" in headers:
            found.append(Found(int(headers["Nats-Sequence"]), headers["Nats-Subject"], message.data, headers))
        elif not ended.done():
            ended.set_result(None)

    inbox = bus.client.new_inbox()
    subscription = await bus.client.subscribe(inbox, cb=take)
    request = {"seq": first, "next_by_subj": subject, "batch": _BATCH, "max_bytes": _BATCH_BYTES}
    try:
        await bus.client.publish(f"$JS.API.DIRECT.GET.{stream}", json.dumps(request).encode(), reply=inbox)
        async with asyncio.timeout(_PATIENCE):
            await ended
    finally:
        await subscription.unsubscribe()
    return found


async def history(bus: Bus, stream: str, subject: str) -> list[bytes]:
    """The bodies of all messages on a subject, for a reader that may follow the stream but not ask for messages."""
    bodies: list[bytes] = []
    complete = asyncio.Event()

    async def take(message: Msg) -> None:
        bodies.append(message.data)
        if message.metadata.num_pending == 0:
            complete.set()

    inbox = bus.client.new_inbox()
    subscription = await bus.client.subscribe(inbox, cb=take)
    try:
        config = ConsumerConfig(
            name=f"{bus.user}-{new_id()}",
            filter_subject=subject,
            deliver_subject=inbox,
            deliver_policy=DeliverPolicy.ALL,
            ack_policy=AckPolicy.NONE,
            max_deliver=1,
            inactive_threshold=10.0,
            mem_storage=True,
            num_replicas=1,
        )
        info = await bus.js.add_consumer(stream, config)
        if info.num_pending or (info.delivered and info.delivered.consumer_seq):
            async with asyncio.timeout(_PATIENCE):
                await complete.wait()
    finally:
        await subscription.unsubscribe()
    return bodies


async def sweep(bus: Bus, service: Service, community: str, person: str) -> int:
    """Destroy every fact about a person in a service's stream, but the tombstone and what tells of the erasure.

    The highest sequence that was looked at. What another process writes meanwhile is looked for until there is none.
    """
    stream = stream_of(service)
    subject = facts_of_person(service, community, person)
    up_to = 0
    while True:
        destroyed = 0
        async for messages in stored(bus, stream, subject):
            for each in messages:
                up_to = max(up_to, each.seq)
                if is_about(each.fact, person):
                    destroyed += await erase_message(bus, stream, each.seq)
        if not destroyed:
            return up_to


def is_about(fact: FactSubject | None, person: str) -> bool:
    """Whether a fact belongs to the person and goes with them."""
    if fact is None or fact.what == ERASED or fact.ref.entity == ERASURE.entity:
        return False
    return (fact.ref.service, fact.ref.entity) in _ABOUT_PEOPLE and fact.ref.ids[0] == person


_ABOUT_PEOPLE = frozenset((kind.service, kind.entity) for kind in FACTS if kind.is_about_a_person)
