"""The registrations service with a web server on loopback that it may read calendars from."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest

from shared.bus.client import Requester
from shared.bus.connection import connect
from shared.contract.commands.calendars import AskAvailability, AvailabilityShown
from shared.contract.commands.registrations import EstablishCommunity, RegisterPerson
from shared.contract.subjects import Service
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.processes import Child
from tests.calendar_server import CalendarServer, calendar_server
from tests.processes import eventually, serving

Serving = Callable[..., AbstractAsyncContextManager[Child]]


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
        yield Requester(bus, "northgate", "organiser", patience=30.0)


async def settle_in(desk: Requester, *people: str) -> None:
    """A community with these people."""
    await desk.command(Service.REGISTRATIONS, EstablishCommunity.model_validate(EstablishCommunity.example))
    for person in people or ("p-001",):
        details = RegisterPerson(person=person, name="Amara Osei", address=f"{person}@hillside.example", school="Hill")
        await desk.command(Service.REGISTRATIONS, details)


async def shown(desk: Requester, person: str = "p-001") -> AvailabilityShown:
    return await desk.ask(Service.REGISTRATIONS, AskAvailability(person=person), AvailabilityShown)


async def shown_when(
    desk: Requester, holds: Callable[[AvailabilityShown], bool], person: str = "p-001", *, within: float = 30.0
) -> AvailabilityShown:
    """What is shown once that holds."""

    async def look() -> AvailabilityShown | None:
        found = await shown(desk, person)
        return found if holds(found) else None

    return await eventually(look, within=within)
