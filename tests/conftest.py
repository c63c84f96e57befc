"""What the tests share: a real broker on loopback, provisioned, with a user for everybody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from shared.bus.connection import Bus, connect
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.processes import Child
from tests.processes import running_broker

# No example fails for being slow: how long one takes is the machine's.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


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
    """A connection that may do everything, and waits for answers as long as a test may have to."""
    async with connect(broker.settings("provision")) as bus:
        yield replace(bus, js=bus.client.jetstream(timeout=30.0))


@pytest.fixture
async def registrations_bus(broker: Broker) -> AsyncIterator[Bus]:
    async with connect(broker.settings("registrations")) as bus:
        yield bus
