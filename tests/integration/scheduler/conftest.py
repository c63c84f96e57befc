"""One scheduler on a real broker for each file of tests; each test has a community of its own.

The facts of other services are written by the tests.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from planned_week import Given

from shared.bus.client import Requester
from shared.bus.connection import Bus, connect
from shared.contract.subjects import Service
from shared.contract.values import new_id
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.processes import Child
from teachmeet.organiser import Organiser
from tests.processes import answers, running_broker, serving


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    return DataFolder(Path(tmp_path_factory.mktemp("scheduler")))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def broker(folder: DataFolder) -> AsyncIterator[Broker]:
    async with running_broker(folder) as (running, _):
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def provision_bus(broker: Broker) -> AsyncIterator[Bus]:
    async with connect(broker.settings("provision")) as bus:
        yield replace(bus, js=bus.client.jetstream(timeout=30.0))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def cli_bus(broker: Broker) -> AsyncIterator[Bus]:
    async with connect(broker.settings("cli")) as bus:
        yield bus


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scheduler(broker: Broker, folder: DataFolder) -> AsyncIterator[Child]:
    """A scheduler that is ready."""
    async with serving("scheduler", broker, folder) as child:
        await answers(broker, Service.SCHEDULER)
        yield child


@pytest.fixture
def given(provision_bus: Bus) -> Given:
    return Given(provision_bus, new_id())


@pytest.fixture
def requester(cli_bus: Bus, given: Given, scheduler: Child) -> Requester:
    """Asks as the organiser of the test's community."""
    return Requester(cli_bus, given.community, "organiser", patience=120.0)


@pytest.fixture
def organiser(requester: Requester) -> Organiser:
    return Organiser(requester)
