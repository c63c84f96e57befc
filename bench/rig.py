"""What the measurements run on: a broker with every message synced, and services as their own processes."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from shared.bus.client import Requester
from shared.bus.connection import Bus, connect
from shared.contract.authority import ORGANISER
from shared.contract.commands.health import CheckHealth, Health
from shared.contract.commands.registrations import AnnounceProgramme, EstablishCommunity
from shared.contract.subjects import Service
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.ports import free_port
from teachmeet.local.processes import Child, ProcessSpec

COMMUNITY = "northgate"
# On a busy machine a large import takes a while; asking again would only add to it.
_TRY_TIMEOUT = 20.0
_PATIENCE = 120.0


@dataclass
class Rig:
    """One broker and its folder. Users connect with their own credentials."""

    broker: Broker
    folder: DataFolder

    @asynccontextmanager
    async def bus(self, user: str) -> AsyncIterator[Bus]:
        async with connect(self.broker.settings(user)) as bus:
            yield bus

    @asynccontextmanager
    async def organiser(self) -> AsyncIterator[Requester]:
        async with self.bus("cli") as bus:
            yield Requester(bus, COMMUNITY, ORGANISER, patience=_PATIENCE, try_timeout=_TRY_TIMEOUT)

    def service(self, name: str, **environment: str) -> Child:
        """A service as its own process, not started yet."""
        settings = self.broker.settings(name)
        base = {
            "TEACHMEET_NATS": settings.nats,
            "TEACHMEET_USER": name,
            "TEACHMEET_SEED_FILE": str(settings.seed_file),
            "TEACHMEET_PEOPLE_KEY_FILE": str(self.folder.people_key),
            "TEACHMEET_LINK_KEY_FILE": str(self.folder.link_key),
            "TEACHMEET_PARTNERS": json.dumps([]),
            "PYTHONTZPATH": "",
        }
        command = (sys.executable, "-m", "teachmeet.serving", name)
        return Child(ProcessSpec(name, command, self.folder.logs / f"{name}.log", base | environment))

    async def ready(self, service: Service) -> None:
        """Wait until that service has caught up."""
        async with self.organiser() as organiser:
            while not (await organiser.ask(service, CheckHealth(), Health)).ready:
                await asyncio.sleep(0.005)

    @asynccontextmanager
    async def registrations(self) -> AsyncIterator[None]:
        """Registrations, ready, with a community and a programme."""
        child = self.service("registrations")
        await child.start()
        try:
            await self.ready(Service.REGISTRATIONS)
            async with self.organiser() as organiser:
                for command in (EstablishCommunity, AnnounceProgramme):
                    await organiser.command(
                        Service.REGISTRATIONS, command.model_validate(command.example), id=command.__name__
                    )
            yield
        finally:
            await child.stop()


@asynccontextmanager
async def rig() -> AsyncIterator[Rig]:
    with tempfile.TemporaryDirectory(prefix="teachmeet-bench-") as path:
        folder = DataFolder(Path(path))
        broker = Broker(folder, free_port(), [])
        child = Child(broker.prepare())
        await child.start()
        try:
            await broker.provision()
            yield Rig(broker, folder)
        finally:
            await child.stop()


async def rate(jobs: Iterable[Callable[[], Awaitable[object]]], in_flight: int) -> float:
    """Jobs per second with that many in flight."""
    waiting = iter(jobs)
    done = 0

    async def take() -> None:
        nonlocal done
        for job in waiting:
            await job()
            done += 1

    started = perf_counter()
    await asyncio.gather(*(take() for _ in range(in_flight)))
    return done / (perf_counter() - started)
