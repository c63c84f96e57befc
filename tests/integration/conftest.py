"""What integration tests share: the registrations service as its own process on a real broker."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from shared.bus.client import Requester
from shared.bus.connection import connect
from shared.contract.commands.registrations import AnnounceProgramme, EstablishCommunity, RegisterPerson
from shared.contract.subjects import Service
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.processes import Child
from tests.processes import answers, serving


@pytest.fixture
async def registrations(broker: Broker, folder: DataFolder) -> AsyncIterator[Child]:
    async with serving("registrations", broker, folder, TEACHMEET_PEOPLE_KEY_FILE=str(folder.people_key)) as child:
        await answers(broker, Service.REGISTRATIONS)
        yield child


@pytest.fixture
async def organiser(broker: Broker, registrations: Child) -> AsyncIterator[Requester]:
    """Asks as the organiser of a community with one programme and two people."""
    async with connect(broker.settings("cli")) as bus:
        requester = Requester(bus, "northgate", "organiser", patience=120.0)
        await requester.command(
            Service.REGISTRATIONS, EstablishCommunity.model_validate(EstablishCommunity.example), id="establish"
        )
        await requester.command(Service.REGISTRATIONS, AnnounceProgramme.model_validate(AnnounceProgramme.example))
        for number, name in (("p-001", "Amara Osei"), ("p-002", "Ben Ito")):
            await requester.command(
                Service.REGISTRATIONS,
                RegisterPerson(
                    person=number,
                    name=name,
                    address=f"{number}@hillside.example",
                    school="Hillside School",
                    name_public=number == "p-001",
                ),
            )
        yield requester
