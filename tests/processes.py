"""The broker and services as processes, as the local runner starts them, and waiting for what they do."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from shared.bus.client import Requester
from shared.bus.connection import connect
from shared.bus.permissions import Partner
from shared.contract.commands.health import CheckHealth, Health
from shared.contract.subjects import Service
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.ports import free_port
from teachmeet.local.processes import Child, ProcessSpec
from tests.clock import CLOCK, ahead

T = TypeVar("T")


@asynccontextmanager
async def running_broker(folder: DataFolder) -> AsyncIterator[tuple[Broker, Child]]:
    """A provisioned broker that may be killed: it is started anew."""
    partners = [Partner("timetables", ("northgate",)), Partner("rooms", ("northgate",))]
    broker = Broker(folder, free_port(), partners, CLOCK.offset_seconds)
    child = Child(broker.prepare())
    await child.start()
    try:
        await broker.provision()
        yield broker, child
    finally:
        await child.stop()


@asynccontextmanager
async def serving(name: str, broker: Broker, folder: DataFolder, **environment: str) -> AsyncIterator[Child]:
    """A service that may be killed: it is started anew. What it logged is printed when a test fails."""
    settings = broker.settings(name)
    everywhere = {
        "TEACHMEET_NATS": settings.nats,
        "TEACHMEET_USER": name,
        "TEACHMEET_SEED_FILE": str(settings.seed_file),
        "TEACHMEET_PARTNERS": json.dumps(settings.partners),
        **ahead(),
    }
    log_file = folder.logs / f"{name}.log"
    command = (sys.executable, "-m", "teachmeet.serving", name)
    child = Child(ProcessSpec(name, command, log_file, everywhere | environment))
    await child.start()
    try:
        yield child
    finally:
        await child.stop()
        print(log_file.read_text()[-4000:])


async def answers(broker: Broker, service: Service) -> None:
    """Return when that service answers; a process that has started may still be reading its facts."""
    async with connect(broker.settings("cli")) as bus:
        requester = Requester(bus, "northgate", patience=120.0)

        async def has_read_them() -> bool:
            # A service that takes long to read them tells its health meanwhile, and nothing else.
            return (await requester.ask(service, CheckHealth(), Health)).ready

        await eventually(has_read_them, within=120.0)


async def eventually(look: Callable[[], Awaitable[T | None]], *, within: float = 60.0) -> T:
    """The first answer of ``look`` that is something. Raises TimeoutError after ``within`` seconds."""
    async with asyncio.timeout(within):
        while True:
            found = await look()
            if found:
                return found
            await asyncio.sleep(0.03)
