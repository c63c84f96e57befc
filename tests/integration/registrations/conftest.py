"""The registrations service as its own process on a real broker."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator

import pytest

from shared.bus.client import Requester
from shared.bus.connection import connect
from shared.contract.commands.health import CheckHealth, Health
from shared.contract.commands.registrations import AnnounceProgramme, EstablishCommunity, RegisterPerson
from shared.contract.subjects import Service
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.processes import Child, ProcessSpec


@pytest.fixture
async def registrations(broker: Broker, folder: DataFolder) -> AsyncIterator[Child]:
    settings = broker.settings("registrations")
    environment = {
        "TEACHMEET_NATS": settings.nats,
        "TEACHMEET_USER": "registrations",
        "TEACHMEET_SEED_FILE": str(settings.seed_file),
        "TEACHMEET_PEOPLE_KEY_FILE": str(folder.people_key),
        "TEACHMEET_PARTNERS": json.dumps(settings.partners),
    }
    command = (sys.executable, "-m", "teachmeet.serving", "registrations")
    child = Child(ProcessSpec("registrations", command, folder.logs / "registrations.log", environment))
    await child.start()
    try:
        async with connect(broker.settings("cli")) as bus:
            await Requester(bus, "northgate").ask(Service.REGISTRATIONS, CheckHealth(), Health)
        yield child
    finally:
        await child.stop()
        print((folder.logs / "registrations.log").read_text()[-4000:])


@pytest.fixture
async def organiser(broker: Broker, registrations: Child) -> AsyncIterator[Requester]:
    """Asks as the organiser of a community with one programme and two people."""
    async with connect(broker.settings("cli")) as bus:
        requester = Requester(bus, "northgate", "organiser", patience=20.0)
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
