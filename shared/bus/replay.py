"""Ordered replay of facts into a view, then live, with a signal for "caught up".

Every source (one stream, one filter) has its own ephemeral push consumer, because only a single filter is part of
the create subject and so can be held to by an allow-list. Within a source facts come in stream order; a gap, a lost
heartbeat or a restarted broker makes a new consumer that goes on after the last fact seen.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from shared.bus.background import cancelled
from shared.bus.connection import Bus
from shared.bus.facts import Facts
from shared.bus.retry import growing_delay
from shared.contract import subjects
from shared.contract.catalogue import FactKind, fact_kind
from shared.contract.commands.health import ConsumerHealth
from shared.contract.envelope import written_at
from shared.contract.values import new_id

log = logging.getLogger(__name__)

_HEARTBEAT = 2.0
_SILENCE = 2.5 * _HEARTBEAT
_LONGEST_SILENCE = 30.0
_POLL = 0.05
_UNLIMITED = -1
_STORED_MESSAGE = "$JS.ACK."


@dataclass(frozen=True)
class Source:
    """What one consumer follows."""

    stream: str
    filter: str

    @classmethod
    def of(cls, kind: FactKind) -> Source:
        return cls(kind.service.upper(), subjects.facts_of(kind.service, kind.entity))


class Replay:
    """Follows some sources into ``facts`` for as long as the block lasts.

    Facts come over ``feed``, a connection of their own where there is one: answers to questions, and the broker's about
    consumers, do not wait behind megabytes of facts then.
    """

    def __init__(self, bus: Bus, facts: Facts, sources: Iterable[Source], feed: Client | None = None) -> None:
        self._followers = [_Follower(bus, facts, source, feed or bus.client) for source in sources]
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Replay:
        self._tasks = [asyncio.create_task(each.run(), name=f"replay {each.source}") for each in self._followers]
        return self

    async def __aexit__(self, *_: object) -> None:
        await cancelled(*self._tasks)

    async def caught_up(self) -> None:
        """Wait until every source has delivered all that was there when its consumer started."""
        for follower in self._followers:
            await follower.caught_up.wait()

    def is_caught_up(self) -> bool:
        return all(follower.caught_up.is_set() for follower in self._followers)

    async def passed(self, stream: str, seq: int) -> None:
        """Wait until every source of ``stream`` has seen all its facts up to ``seq``, which must be stored already."""
        for follower in self._followers:
            if follower.source.stream == stream:
                await follower.passed(seq)

    def health(self) -> tuple[ConsumerHealth, ...]:
        return tuple(follower.health() for follower in self._followers)


class _Follower:
    def __init__(self, bus: Bus, facts: Facts, source: Source, feed: Client) -> None:
        self.source = source
        self._feed = feed
        self.caught_up = asyncio.Event()
        self._bus = bus
        self._facts = facts
        self._consumer = ""
        self._position = 0
        self._delivered = 0
        self._pending = 0
        self._problem: str | None = "starting"
        self._broken = asyncio.Event()
        self._heard = 0.0

    async def run(self) -> None:
        attempt = 0
        while True:
            try:
                await self._follow()
                attempt = 0
            except Exception as error:  # noqa: BLE001 - whatever broke the consumer, a new one goes on from here
                attempt += 1
                self._problem = f"{type(error).__name__}: {error}"
                log.warning("replay of %s: %s; trying again", self.source.filter, self._problem)
                await asyncio.sleep(growing_delay(attempt, cap=2.0))

    async def _follow(self) -> None:
        inbox = self._feed.new_inbox()
        self._broken.clear()
        self._delivered = 0
        subscription = await self._feed.subscribe(
            inbox, cb=self._on_message, pending_msgs_limit=_UNLIMITED, pending_bytes_limit=_UNLIMITED
        )
        try:
            await self._create_consumer(inbox)
            await self._watch()
        finally:
            await _unsubscribe(subscription)

    async def _create_consumer(self, inbox: str) -> None:
        self._consumer = f"{self._bus.user}-{new_id()}"
        info = await self._bus.js.add_consumer(
            self.source.stream,
            ConsumerConfig(
                name=self._consumer,
                filter_subject=self.source.filter,
                deliver_subject=inbox,
                deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
                opt_start_seq=self._position + 1,
                ack_policy=AckPolicy.NONE,
                max_deliver=1,
                flow_control=True,
                idle_heartbeat=_HEARTBEAT,
                inactive_threshold=10.0,
                mem_storage=True,
                num_replicas=1,
            ),
        )
        self._heard = _now()
        self._problem = None
        if not info.num_pending and self._delivered == 0 and not (info.delivered and info.delivered.consumer_seq):
            self._pending = 0
            self.caught_up.set()

    async def _watch(self) -> None:
        """Return when the consumer has a gap, or is silent and gone."""
        while _now() - self._heard < _SILENCE or await self._is_only_behind():
            with suppress(TimeoutError):
                async with asyncio.timeout(_HEARTBEAT / 2):
                    await self._broken.wait()
                    return
        log.info("replay of %s was silent; making a new consumer", self.source.filter)

    async def _is_only_behind(self) -> bool:
        """Whether the consumer lives, and its heartbeats wait behind what other consumers have sent."""
        if _now() - self._heard > _LONGEST_SILENCE:
            return False
        try:
            await self._bus.js.consumer_info(self.source.stream, self._consumer)
        except Exception as error:  # noqa: BLE001 - gone, or the broker is away: a new one is made, and tells which
            log.debug("replay of %s: %s", self.source.filter, error)
            return False
        return True

    async def _on_message(self, message: Msg) -> None:
        self._heard = _now()
        if not message.reply.startswith(_STORED_MESSAGE):
            # Heartbeats and flow control; a stored message may have any header, also one called Status.
            await self._on_status(message)
            return
        if self._broken.is_set():
            return
        _, _, _, _, _, stream_seq, consumer_seq, _, pending = message.reply.split(".")[:9]
        if int(consumer_seq) != self._delivered + 1:
            self._broken.set()
            return
        self._apply(message, int(stream_seq))
        self._delivered += 1
        self._position = int(stream_seq)
        self._pending = int(pending)
        if not self._pending:
            self.caught_up.set()

    async def _on_status(self, message: Msg) -> None:
        if message.reply:
            await self._feed.publish(message.reply)
            return
        last = (message.headers or {}).get("Nats-Last-Consumer")
        if last is not None and int(last) != self._delivered:
            self._broken.set()
        stalled = (message.headers or {}).get("Nats-Consumer-Stalled")
        if stalled:
            await self._feed.publish(stalled)

    def _apply(self, message: Msg, seq: int) -> None:
        try:
            subject = subjects.parse(message.subject)
            if not isinstance(subject, subjects.FactSubject):
                raise subjects.SubjectError("not a fact")
            if self._facts.has(subject.ref, seq):
                # This process wrote it; reading it once more would cost as much as writing it did.
                self._facts.passed(subject.ref.service, seq)
                return
            state = fact_kind(subject.ref).model_of(subject.what).read(message.data)
        except (ValueError, KeyError) as error:
            # A fact of a later version, or damage: the rest must still be read. Not the error's text, which may
            # hold personal data.
            kind = type(error).__name__
            log.error("sequence %s of %s was passed over: %s", seq, self.source.stream, kind)  # noqa: TRY400 - see above
            return
        self._facts.apply(subject, state, seq, written_at(message.headers), message.data)

    async def passed(self, seq: int) -> None:
        # The broker is asked; there is no event to wait for.
        while self._position < seq and not await self._has_everything():
            await asyncio.sleep(_POLL)

    async def _has_everything(self) -> bool:
        """Whether the consumer has nothing pending *now* and all that it delivered has been applied."""
        consumer = self._consumer
        try:
            info = await self._bus.js.consumer_info(self.source.stream, consumer)
        except Exception as error:  # noqa: BLE001 - the consumer is being replaced, or the broker is away: ask again
            log.debug("replay of %s: %s", self.source.filter, error)
            return False
        delivered = info.delivered.consumer_seq if info.delivered else 0
        return consumer == self._consumer and not info.num_pending and (delivered or 0) <= self._delivered

    def health(self) -> ConsumerHealth:
        return ConsumerHealth(name=f"replay {self.source.filter}", pending=self._pending, problem=self._problem)


async def _unsubscribe(subscription: Subscription) -> None:
    try:
        await subscription.unsubscribe()
    except Exception as error:  # noqa: BLE001 - the connection may be closing; the server drops idle consumers itself
        log.debug("unsubscribe: %s", error)


def _now() -> float:
    return asyncio.get_running_loop().time()
