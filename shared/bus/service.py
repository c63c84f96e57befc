"""What every service is: a FastStream app around a connection, a replayed view, a store and some endpoints."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass

from faststream import FastStream
from pydantic import BaseModel

from shared.bus.connection import REQUEST_TIMEOUT, Bus, connect
from shared.bus.endpoints import Endpoints, Execute, make_broker
from shared.bus.facts import Facts
from shared.bus.headers import parse_replay_headers, read_headers_fast
from shared.bus.health import Durable, HealthWatch
from shared.bus.rehearsal import rehearse
from shared.bus.replay import Replay, Source
from shared.bus.requests import Request
from shared.bus.store import EntityStore
from shared.bus.waking import Waking
from shared.contract.catalogue import FactKind
from shared.contract.commands.health import CheckHealth
from shared.contract.subjects import Service
from shared.settings import BusSettings


@dataclass(frozen=True)
class Runtime:
    """What a running service works with."""

    bus: Bus
    facts: Facts
    replay: Replay
    store: EntityStore
    health: HealthWatch


Start = Callable[[Runtime], AbstractAsyncContextManager[Execute]]


class ServiceApp:
    """One service as a FastStream app.

    ``start`` is entered once the view is being filled; it starts the service's own work and gives the function that
    answers requests. Endpoints are served only when the view has caught up. What is written shares FastStream's one
    connection, so that replies and writes leave together; facts come in over one of their own.
    """

    def __init__(
        self,
        settings: BusSettings,
        service: Service,
        sources: Iterable[Source],
        start: Start,
        durables: Iterable[Durable] = (),
        cold: Iterable[FactKind] = (),
    ) -> None:
        self.broker = make_broker(settings, service, is_leaving=lambda: self._leaving)
        self.app = FastStream(self.broker, logger=None)
        self.app.on_startup(self._begin)
        self.app.after_startup(self._be_known)
        self.app.on_shutdown(self._leave)
        self._settings = settings
        self._service = service
        self._sources = tuple(sources)
        self._start = start
        self._durables = tuple(durables)
        self._cold = tuple(cold)
        self._runtime: Runtime | None = None
        self._execute: Execute | None = None
        self._leaving = False
        self._waking: Waking | None = None
        self._running = AsyncExitStack()
        self._endpoints = Endpoints(service, self.execute)
        self._endpoints.subscribe(self.broker)

    async def run(self) -> None:
        """Serve until SIGTERM or SIGINT."""
        logging.basicConfig(level=self._settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
        await self.app.run()

    async def execute(self, request: Request) -> BaseModel:
        """The reply to a checked request. Raises Rejection."""
        if isinstance(request.command, CheckHealth):
            return self.runtime.health.report()
        execute = self._execute
        assert execute is not None, "endpoints are served only while the service runs"
        if request.dry_run:
            return await rehearse(lambda: execute(request), self.runtime.facts, request.actor)
        return await execute(request)

    @property
    def runtime(self) -> Runtime:
        assert self._runtime is not None, "the service is not running"
        return self._runtime

    async def _begin(self) -> None:
        """Before the endpoints are subscribed: connect, fill the view, start the service's own work."""
        client = await self.broker.connect()
        read_headers_fast(client)
        bus = Bus(client, client.jetstream(timeout=REQUEST_TIMEOUT), self._settings.clock, self._settings.user)
        facts = Facts(self._cold)
        enter = self._running.enter_async_context
        feed = await enter(connect(self._settings))
        read_headers_fast(feed.client, parse_replay_headers)
        replay = await enter(Replay(bus, facts, self._sources, feed.client))
        health = HealthWatch(bus, self._service, replay, self._durables)
        await enter(health.running())
        self._runtime = Runtime(bus, facts, replay, EntityStore(bus, self._service, facts), health)
        self._execute = await enter(self._start(self._runtime))
        self._waking = Waking(client, self._service, self.execute)
        await self._waking.caught_up(replay)

    async def _be_known(self) -> None:
        """After the endpoints are subscribed: go on only when the broker knows of them."""
        # nats-py sends a flush's ping ahead of what is still waiting to be sent; the second one comes behind it.
        await self.runtime.bus.client.flush()
        await self.runtime.bus.client.flush()
        if self._waking is not None:
            await self._waking.over()

    async def _leave(self) -> None:
        """Before the connection closes: finish what is under way, then stop the service's own work."""
        self._leaving = True
        await self._endpoints.drained()
        await self._running.aclose()
