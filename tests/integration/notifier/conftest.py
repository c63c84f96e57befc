"""One broker for each file of tests; each test has a community of its own. Facts of others are written by the tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from drawing_lesson import Drawing, Services
from released_sessions import Sessions
from sink_process import sink_process

from shared.bus.connection import Bus, connect
from shared.contract.subjects import Service
from shared.contract.values import new_id
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.ports import free_port
from teachmeet.local.processes import Child
from tests.oracles.judging import objections
from tests.oracles.readers import present
from tests.processes import answers, running_broker, serving


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    return DataFolder(Path(tmp_path_factory.mktemp("notifier")))


@pytest.fixture(scope="module", autouse=True)
def every_mail_is_judged(request: pytest.FixtureRequest, folder: DataFolder) -> Iterator[None]:
    """Foreign readers have no objection to any mail that the tests of a file made."""
    yield
    mails = [each.read_bytes() for each in sorted(folder.mail.glob("*.eml"))]
    assert objections(mails, present(request.config)) == []


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
async def mail_sink_port(folder: DataFolder) -> AsyncIterator[int]:
    """The port of a mail server that keeps every mail in the data folder."""
    async with sink_process(folder) as port:
        yield port


@pytest.fixture(scope="module")
def environment(folder: DataFolder) -> dict[str, str]:
    """The settings of a notifier, but for its mail server."""
    return {
        "TEACHMEET_LINK_KEY_FILE": str(folder.link_key),
    }


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def notifier(
    broker: Broker, folder: DataFolder, environment: dict[str, str], mail_sink_port: int
) -> AsyncIterator[Child]:
    async with serving("notifier", broker, folder, **environment, TEACHMEET_SMTP_PORT=str(mail_sink_port)) as child:
        await answers(broker, Service.NOTIFIER)
        yield child


@pytest.fixture
def sessions(provision_bus: Bus, cli_bus: Bus, folder: DataFolder) -> Sessions:
    return Sessions(provision_bus, cli_bus, new_id(), folder.mail)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def services(
    broker: Broker, folder: DataFolder, environment: dict[str, str], mail_sink_port: int
) -> AsyncIterator[Services]:
    port = free_port()
    own = {"TEACHMEET_SMTP_PORT": str(mail_sink_port), "TEACHMEET_REPLY_LISTENER_PORT": str(port)}
    people = {"TEACHMEET_PEOPLE_KEY_FILE": str(folder.people_key)}
    quick = {"TEACHMEET_SETTLE_SECONDS": "0"}
    async with (
        serving("registrations", broker, folder, **people) as registrations,
        serving("notifier", broker, folder, **(environment | own | quick)) as notifier,
    ):
        await answers(broker, Service.REGISTRATIONS)
        await answers(broker, Service.NOTIFIER)
        yield Services(registrations, notifier, port)


@pytest.fixture
def drawing(sessions: Sessions, services: Services) -> Drawing:
    return Drawing(sessions, services)
