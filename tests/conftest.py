"""What the tests share: a real broker on loopback, provisioned, with a user for everybody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.bus.connection import Bus, connect
from shared.bus.permissions import Partner
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.ports import free_port
from teachmeet.local.processes import Child


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data")


@pytest.fixture
async def broker_process(folder: DataFolder) -> AsyncIterator[tuple[Broker, Child]]:
    """A running broker that may be killed: it is started anew."""
    broker = Broker(folder, free_port(), [Partner("timetables", ("northgate",)), Partner("rooms", ("northgate",))])
    child = Child(broker.prepare())
    await child.start()
    try:
        await broker.provision()
        yield broker, child
    finally:
        await child.stop()


@pytest.fixture
def broker(broker_process: tuple[Broker, Child]) -> Broker:
    return broker_process[0]


@pytest.fixture
async def provision_bus(broker: Broker) -> AsyncIterator[Bus]:
    """A connection that may do everything."""
    async with connect(broker.settings("provision")) as bus:
        yield bus


@pytest.fixture
async def registrations_bus(broker: Broker) -> AsyncIterator[Bus]:
    async with connect(broker.settings("registrations")) as bus:
        yield bus
