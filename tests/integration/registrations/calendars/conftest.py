"""The registrations service with a web server on loopback that it may read calendars from."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import pytest
from calendar_people import Serving

from shared.bus.client import Requester
from shared.bus.connection import connect
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.processes import Child
from tests.calendar_server import CalendarServer, calendar_server
from tests.processes import serving


@pytest.fixture
async def calendars() -> AsyncIterator[CalendarServer]:
    async with calendar_server() as server:
        yield server


@pytest.fixture
def reading(broker: Broker, folder: DataFolder, calendars: CalendarServer) -> Serving:
    """Starts a registrations service that reads calendars from loopback; settings may be added."""

    def start(**environment: str) -> AbstractAsyncContextManager[Child]:
        settings = {
            "TEACHMEET_PEOPLE_KEY_FILE": str(folder.people_key),
            "TEACHMEET_CALENDAR_NETWORKS": json.dumps(["127.0.0.0/8"]),
            "TEACHMEET_CALENDAR_PORTS": json.dumps([calendars.port]),
            "TEACHMEET_CALENDAR_HTTP": "true",
            "TEACHMEET_CALENDAR_EVERY": "PT1S",
            "TEACHMEET_LOG_LEVEL": "DEBUG",
        }
        return serving("registrations", broker, folder, **(settings | environment))

    return start


@pytest.fixture
async def desk(broker: Broker) -> AsyncIterator[Requester]:
    """Asks as the organiser."""
    async with connect(broker.settings("cli")) as bus:
        yield Requester(bus, "northgate", "organiser", patience=120.0)
