"""A service whose view is not filled yet says so, and takes nothing else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from nats.errors import NoRespondersError

from shared.bus.client import Requester
from shared.bus.connection import connect
from shared.bus.endpoints import Execute
from shared.bus.replay import Source
from shared.bus.requests import Request
from shared.bus.service import Runtime, ServiceApp
from shared.contract.catalogue import RELEASE
from shared.contract.commands.health import CheckHealth, Health
from shared.contract.commands.registrations import RegisterPerson
from shared.contract.results import Accepted
from shared.contract.subjects import Service
from teachmeet.local.broker import Broker

_REGISTER = "tm.northgate.registrations.v1.api.cli.person.register"


async def accept(request: Request) -> Accepted:
    assert isinstance(request.command, RegisterPerson)
    return Accepted(id=request.command.person, seq=1)


async def test_health_is_told_before_the_view_is_filled_and_nothing_else(broker: Broker) -> None:
    @asynccontextmanager
    async def start(_: Runtime) -> AsyncIterator[Execute]:
        yield accept

    # A source that never answers: the view is never filled.
    sources = [Source.of(RELEASE), Source("NOWHERE", "tm.*.nowhere.v1.evt.>")]
    service = ServiceApp(broker.settings("registrations"), Service.REGISTRATIONS, sources, start)

    async def run() -> None:
        async with service.app.lifespan_context():
            await service.app.start()

    running = asyncio.create_task(run())
    try:
        async with connect(broker.settings("cli")) as bus:
            health = await Requester(bus, "northgate").ask(Service.REGISTRATIONS, CheckHealth(), Health)
            assert not health.ready
            assert any("nowhere" in problem for problem in health.problems)
            with pytest.raises(NoRespondersError):
                await bus.client.request(_REGISTER, json.dumps(RegisterPerson.example).encode(), timeout=60)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await service.app.stop()
