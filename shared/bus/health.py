"""Health that looks at consumers and storage, not at the connection: a connected process can consume nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field

from nats.errors import Error as NatsError
from nats.js.api import ConsumerInfo

from shared.bus.background import in_background
from shared.bus.connection import Bus
from shared.bus.replay import Replay
from shared.bus.streams import stream_of
from shared.contract.commands.health import ConsumerHealth, Health
from shared.contract.subjects import Service

log = logging.getLogger(__name__)

_EVERY = 5.0
_STANDSTILL_AFTER = 60.0
WARN_PERCENT = 80.0
REFUSE_PERCENT = 90.0


@dataclass(frozen=True)
class Durable:
    """A durable consumer that a service depends on."""

    stream: str
    name: str


@dataclass
class HealthWatch:
    """Looks every 5 s at what a service depends on."""

    bus: Bus
    service: Service
    replay: Replay
    durables: Iterable[Durable] = ()
    notes: list[str] = field(default_factory=list)
    """What else is wrong, in words, for as long as the service runs; it does its work all the same."""
    _filled: dict[str, float] = field(default_factory=dict)
    _consumers: dict[str, ConsumerHealth] = field(default_factory=dict)
    _floors: dict[str, tuple[float, int]] = field(default_factory=dict)

    def running(self) -> AbstractAsyncContextManager[object]:
        """Looking for as long as the block lasts."""
        return in_background(self._watch(), "health")

    @property
    def storage_percent(self) -> float | None:
        """How full the service's own stream is; None until it was looked at."""
        return self._filled.get(stream_of(self.service))

    @property
    def storage_full(self) -> bool:
        """Whether commands are refused, so that room is left for outcomes, tombstones and releases."""
        return (self.storage_percent or 0.0) >= REFUSE_PERCENT

    def report(self) -> Health:
        consumers = (*self.replay.health(), *self._consumers.values())
        problems = [f"{each.name}: {each.problem}" for each in consumers if each.problem]
        problems += [
            f"stream {name} is {percent:.0f} % full; commands are refused at {REFUSE_PERCENT:.0f} %"
            for name, percent in self._filled.items()
            if percent >= WARN_PERCENT
        ]
        return Health(
            service=self.service,
            ready=self.replay.is_caught_up() and not any(each.problem for each in consumers),
            now=self.bus.clock.now(),
            consumers=consumers,
            storage_percent=self.storage_percent,
            problems=(*problems, *self.notes),
        )

    async def _watch(self) -> None:
        while True:
            with suppress(NatsError, OSError, TimeoutError):
                await self._look()
            await asyncio.sleep(_EVERY)

    async def _look(self) -> None:
        for stream in {stream_of(self.service), *(durable.stream for durable in self.durables)}:
            found = await self.bus.js.stream_info(stream)
            limit = found.config.max_bytes or 0
            self._filled[stream] = round(100.0 * found.state.bytes / limit, 2) if limit > 0 else 0.0
        for durable in self.durables:
            self._consumers[durable.name] = await self._consumer(durable)

    async def _consumer(self, durable: Durable) -> ConsumerHealth:
        try:
            info = await self.bus.js.consumer_info(durable.stream, durable.name)
        except NatsError as error:
            return ConsumerHealth(
                name=durable.name, pending=0, problem=f"is missing ({type(error).__name__}); run provision"
            )
        return ConsumerHealth(name=durable.name, pending=info.num_pending or 0, problem=self._standstill(durable, info))

    def _standstill(self, durable: Durable, info: ConsumerInfo) -> str | None:
        """A message that is delivered over and over and never acknowledged keeps all behind it waiting."""
        floor = (info.ack_floor.stream_seq if info.ack_floor else 0) or 0
        since, last_floor = self._floors.get(durable.name, (_now(), floor))
        if floor != last_floor or not info.num_redelivered:
            since = _now()
        self._floors[durable.name] = (since, floor)
        if _now() - since < _STANDSTILL_AFTER:
            return None
        return f"has stood still behind sequence {floor} of {durable.stream} for {_now() - since:.0f} s"


def _now() -> float:
    return asyncio.get_running_loop().time()
