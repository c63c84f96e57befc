"""What every service is: a FastStream app around a connection, a replayed view, a store and some endpoints."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass

from faststream import FastStream
from pydantic import BaseModel

from shared.bus.connection import REQUEST_TIMEOUT, Bus
from shared.bus.endpoints import Endpoints, Execute, make_broker
from shared.bus.facts import Facts
from shared.bus.health import Durable, HealthWatch
from shared.bus.replay import Replay, Source
from shared.bus.requests import Request
from shared.bus.store import EntityStore
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
    answers requests. Endpoints are served only when the view has caught up. Everything shares FastStream's one
    connection, so that replies and writes leave together.
    """

    def __init__(
        self,
        settings: BusSettings,
        service: Service,
        sources: Iterable[Source],
        start: Start,
        durables: Iterable[Durable] = (),
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
        self._runtime: Runtime | None = None
        self._execute: Execute | None = None
        self._leaving = False
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
        assert self._execute is not None, "endpoints are served only while the service runs"
        return await self._execute(request)

    @property
    def runtime(self) -> Runtime:
        assert self._runtime is not None, "the service is not running"
        return self._runtime

    async def _begin(self) -> None:
        """Before the endpoints are subscribed: connect, fill the view, start the service's own work."""
        client = await self.broker.connect()
        bus = Bus(client, client.jetstream(timeout=REQUEST_TIMEOUT), self._settings.clock, self._settings.user)
        facts = Facts()
        enter = self._running.enter_async_context
        replay = await enter(Replay(bus, facts, self._sources))
        health = HealthWatch(bus, self._service, replay, self._durables)
        await enter(health.running())
        self._runtime = Runtime(bus, facts, replay, EntityStore(bus, self._service, facts), health)
        self._execute = await enter(self._start(self._runtime))
        await replay.caught_up()

    async def _be_known(self) -> None:
        """After the endpoints are subscribed: go on only when the broker knows of them."""
        await self.runtime.bus.client.flush()

    async def _leave(self) -> None:
        """Before the connection closes: finish what is under way, then stop the service's own work."""
        self._leaving = True
        await self._endpoints.drained()
        await self._running.aclose()
