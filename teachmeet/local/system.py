"""The whole system on one machine: broker, mail server, services; each its own process with its own credentials."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx

from shared.bus.client import Requester, UnreachableError
from shared.bus.connection import Bus, connect
from shared.bus.permissions import Partner
from shared.contract.commands.health import CheckHealth, Health
from shared.contract.subjects import Service
from teachmeet.local.broker import Broker
from teachmeet.local.cancelling import cancellable
from teachmeet.local.folder import DataFolder
from teachmeet.local.ports import LOOPBACK, free_port
from teachmeet.local.processes import Child, ProcessSpec

BROKER = "nats-server"
MAIL_SINK = "mail-sink"
WEB = "web"
_READY_PATIENCE = 60.0


@dataclass(frozen=True)
class SystemOptions:
    """How a local system is set up. Port 0 means any free port."""

    community: str
    clock_offset_seconds: float = 0.0
    partners: tuple[Partner, ...] = ()
    broker_port: int = 0
    web_port: int = 0
    smtp: str | None = None
    """host:port of a real mail server; without it every mail is kept as a file in the data folder"""
    public_url: str | None = None
    """where people reach the front desk, when that is not its own address"""
    environment: Mapping[str, str] = field(default_factory=dict)


class LocalSystem:
    """Starts everything in order and stops it in reverse."""

    def __init__(self, folder: DataFolder, options: SystemOptions) -> None:
        self.folder = folder
        self.options = options
        self.broker = Broker(folder, options.broker_port or free_port(), options.partners, options.clock_offset_seconds)
        self.web_url = f"http://{LOOPBACK}:{options.web_port or free_port()}"
        self.smtp = options.smtp or f"{LOOPBACK}:{free_port()}"
        self.reply_port = free_port()
        """where mails to the reply address are handed over, by SMTP"""
        self.children: dict[str, Child] = {}

    @asynccontextmanager
    async def running(self, note: Callable[[str], None] = lambda _: None) -> AsyncIterator[LocalSystem]:
        """The system, ready, for as long as the block lasts. ``note`` is told what happens."""
        self.folder.acquire()
        try:
            await cancellable(self._start(note))
            yield self
        finally:
            await self.stop()
            self.folder.release()

    @asynccontextmanager
    async def only(self, *services: Service) -> AsyncIterator[LocalSystem]:
        """The broker and these services, ready, for as long as the block lasts."""
        self.folder.acquire()
        try:
            await self._start_child(self.broker.prepare(), BROKER)
            await self.broker.provision()
            for service in services:
                await self._start_child(self._service(service), service)
            async with asyncio.timeout(_READY_PATIENCE), self.connection("cli") as bus:
                requester = Requester(bus, self.options.community, patience=_READY_PATIENCE)
                for service in services:
                    while not await _is_ready(requester, service):
                        await asyncio.sleep(0.05)
            yield self
        finally:
            await self.stop()
            self.folder.release()

    async def stop(self) -> None:
        """Stop everything: services side by side, then what they speak to."""
        infrastructure, mail, services = self._layers()
        for layer in (services, (*infrastructure, *mail)):
            await asyncio.gather(*(self.children[name].stop() for name in layer if name in self.children))

    @asynccontextmanager
    async def connection(self, user: str) -> AsyncIterator[Bus]:
        async with connect(self.broker.settings(user)) as bus:
            yield bus

    async def ready(self) -> None:
        """Wait until every service has caught up. Raises TimeoutError after 60 s."""
        async with asyncio.timeout(_READY_PATIENCE), self.connection("cli") as bus:
            requester = Requester(bus, self.options.community, patience=_READY_PATIENCE)
            for service in Service:
                while not await _is_ready(requester, service):
                    await asyncio.sleep(0.05)
            while not await self._web_is_ready():
                await asyncio.sleep(0.05)

    async def _start(self, note: Callable[[str], None]) -> None:
        infrastructure, mail, services = self._layers()
        for name in infrastructure:
            await self._start_child(self.broker.prepare(), name)
        differences = await self.broker.provision()
        note(f"broker on {self.broker.url}, {len(differences)} streams and consumers made or mended")
        for name in mail:
            await self._start_child(self._mail_sink(), name)
        for name in services:
            await self._start_child(self._service(name), name)
        await self.ready()
        note(f"{', '.join(services)} are ready")

    async def _start_child(self, spec: ProcessSpec, name: str) -> None:
        child = self.children[name] = Child(spec)
        await child.start()

    def _layers(self) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
        mail = () if self.options.smtp else (MAIL_SINK,)
        return (BROKER,), mail, (*Service, WEB)

    def _mail_sink(self) -> ProcessSpec:
        host, port = self.smtp.rsplit(":", 1)
        self.folder.mail.mkdir(exist_ok=True)
        options = ("--host", host, "--port", port, "--folder", str(self.folder.mail))
        command = (sys.executable, "-m", "teachmeet.mail_sink", *options)
        return ProcessSpec(MAIL_SINK, command, self.folder.logs / f"{MAIL_SINK}.log", self._environment())

    def _service(self, name: str) -> ProcessSpec:
        settings = self.broker.settings(name)
        environment = {
            "TEACHMEET_NATS": settings.nats,
            "TEACHMEET_USER": name,
            "TEACHMEET_SEED_FILE": str(settings.seed_file),
            **self._secrets(name),
            **self._addresses(name),
            **self._environment(),
        }
        command = (sys.executable, "-m", "teachmeet.serving", name)
        return ProcessSpec(name, command, self.folder.logs / f"{name}.log", environment)

    def _secrets(self, name: str) -> dict[str, str]:
        secrets: dict[str, str] = {}
        if name == Service.REGISTRATIONS:
            secrets["TEACHMEET_PEOPLE_KEY_FILE"] = str(self.folder.people_key)
        if name in {Service.NOTIFIER, WEB}:
            secrets["TEACHMEET_LINK_KEY_FILE"] = str(self.folder.link_key)
        return secrets

    def _addresses(self, name: str) -> dict[str, str]:
        host, port = self.smtp.rsplit(":", 1)
        web_host, web_port = self.web_url.removeprefix("http://").rsplit(":", 1)
        match name:
            case Service.NOTIFIER:
                return {
                    "TEACHMEET_SMTP_HOST": host,
                    "TEACHMEET_SMTP_PORT": port,
                    "TEACHMEET_REPLY_LISTENER_PORT": str(self.reply_port),
                    "TEACHMEET_WEB_URL": self.options.public_url or self.web_url,
                }
            case "web":
                return {"TEACHMEET_WEB_HOST": web_host, "TEACHMEET_WEB_PORT": web_port}
        return {}

    def _environment(self) -> dict[str, str]:
        return {
            "TEACHMEET_CLOCK_OFFSET_SECONDS": str(self.options.clock_offset_seconds),
            "TEACHMEET_PARTNERS": json.dumps([each.name for each in self.options.partners]),
            "PYTHONTZPATH": "",
            "PYTHONUNBUFFERED": "1",
            **self.options.environment,
        }

    async def _web_is_ready(self) -> bool:
        try:
            async with httpx.AsyncClient(trust_env=False) as client:
                return (await client.get(f"{self.web_url}/readyz", timeout=2.0)).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False


async def _is_ready(requester: Requester, service: Service) -> bool:
    try:
        return (await requester.ask(service, CheckHealth(), Health)).ready
    except UnreachableError:
        return False
