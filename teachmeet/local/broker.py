"""The embedded broker: the nats-server of the Python package, with the users of this system."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

import nats.errors

from shared.bus.connection import connect
from shared.bus.permissions import Partner, Permissions, permissions
from shared.bus.provision import Difference, provision
from shared.bus.streams import DEFAULT_MAX_BYTES, consumers, streams
from shared.settings import BusSettings
from teachmeet.local.broker_config import broker_config, refuse_cluster
from teachmeet.local.folder import DataFolder
from teachmeet.local.ports import LOOPBACK
from teachmeet.local.processes import ProcessSpec

_START_PATIENCE = 20.0


def server_program() -> str:
    """The nats-server beside this Python. Raises FileNotFoundError with what to do."""
    found = shutil.which("nats-server", path=str(Path(sys.executable).parent)) or shutil.which("nats-server")
    if found is None:
        raise FileNotFoundError("nats-server is not installed; run make setup")
    return found


class Broker:
    """One broker on one data folder and one port."""

    def __init__(self, folder: DataFolder, port: int, partners: Iterable[Partner], clock_offset: float = 0.0) -> None:
        self.url = f"nats://{LOOPBACK}:{port}"
        self._folder = folder
        self._port = port
        self._partners = tuple(partners)
        self._clock_offset = clock_offset

    def prepare(self) -> ProcessSpec:
        """Write keys and configuration; the process to start. Raises ClusterBlockError."""
        refuse_cluster(self._folder.broker_config)
        users = [(self._folder.user(each.user), each) for each in self.permissions()]
        config = broker_config(port=self._port, store=self._folder.broker_store, users=users)
        self._folder.broker_config.write_text(config)
        command = (server_program(), "-c", str(self._folder.broker_config))
        return ProcessSpec("nats-server", command, self._folder.logs / "nats-server.log")

    def permissions(self) -> tuple[Permissions, ...]:
        return permissions(self._partners)

    def settings(self, user: str) -> BusSettings:
        """How a process of that user connects."""
        return BusSettings(
            nats=self.url,
            user=user,
            seed_file=self._folder.user(user).seed_file,
            clock_offset_seconds=self._clock_offset,
            partners=tuple(each.name for each in self._partners),
        )

    async def provision(self, *, max_bytes: int = DEFAULT_MAX_BYTES) -> list[Difference]:
        """Wait for the broker, then make its streams and consumers what they should be."""
        await self.reachable()
        async with connect(self.settings("provision")) as bus:
            names = [each.name for each in self._partners]
            # A new stream is made on the disk, which may take longer than answers usually do.
            js = bus.client.jetstream(timeout=_START_PATIENCE)
            return await provision(js, streams(max_bytes), consumers(names))

    async def reachable(self) -> None:
        """Wait until JetStream answers. Raises TimeoutError after 20 s."""
        async with asyncio.timeout(_START_PATIENCE):
            while not await self._answers():
                await asyncio.sleep(0.05)

    async def _answers(self) -> bool:
        try:
            await asyncio.open_connection(LOOPBACK, self._port)
            async with connect(self.settings("provision")) as bus:
                await bus.js.account_info()
        except (OSError, nats.errors.Error, TimeoutError):
            return False
        return True
