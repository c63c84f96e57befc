"""What the tests share: a real broker on loopback, provisioned, with a user for everybody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.bus.connection import Bus, connect
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.processes import Child
from tests.processes import running_broker


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data")


@pytest.fixture
async def broker_process(folder: DataFolder) -> AsyncIterator[tuple[Broker, Child]]:
    """A running broker that may be killed: it is started anew."""
    async with running_broker(folder) as running:
        yield running


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
