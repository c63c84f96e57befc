"""People of whom nothing was heard for as long as their community keeps data are erased."""

from __future__ import annotations

from shared.bus.client import Requester
from shared.bus.connection import connect
from shared.contract.commands.privacy import AskErasures, AskExpiring, Erasures, Expiring
from shared.contract.commands.registrations import EstablishCommunity, RegisterPerson, StateAvailability
from shared.contract.subjects import Service
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from tests.clock import ahead
from tests.processes import answers, eventually, serving

DAYS = 400
PEOPLE = ("p-silent", "p-heard")


async def test_who_is_silent_for_too_long_is_told_of_and_then_erased(broker: Broker, folder: DataFolder) -> None:
    secrets = {"TEACHMEET_PEOPLE_KEY_FILE": str(folder.people_key)}
    years_later = ahead(days=DAYS - 10)
    later_still = ahead(days=DAYS + 1)
    async with connect(broker.settings("cli")) as bus:
        organiser = Requester(bus, "northgate", "organiser", patience=120.0)

        async def erased() -> list[str]:
            found = await organiser.ask(Service.REGISTRATIONS, AskErasures(), Erasures)
            return [each.person for each in found.people]

        async def expiring(within: int) -> list[str]:
            found = await organiser.ask(Service.REGISTRATIONS, AskExpiring(within_days=within), Expiring)
            return [each.person for each in found.people]

        async with serving("registrations", broker, folder, **secrets):
            await answers(broker, Service.REGISTRATIONS)
            settings = EstablishCommunity.example | {"retention_days": DAYS}
            await organiser.command(Service.REGISTRATIONS, EstablishCommunity.model_validate(settings))
            for person in PEOPLE:
                fields = RegisterPerson.example | {"person": person, "address": f"{person}@hillside.example"}
                await organiser.command(Service.REGISTRATIONS, RegisterPerson.model_validate(fields))
            assert await expiring(within=DAYS - 1) == []

        async with serving("registrations", broker, folder, **secrets, **years_later):
            await answers(broker, Service.REGISTRATIONS)
            assert await expiring(within=0) == []
            assert await expiring(within=30) == sorted(PEOPLE)
            said = StateAvailability.example | {"person": "p-heard"}
            await organiser.command(Service.REGISTRATIONS, StateAvailability.model_validate(said))
            assert await expiring(within=30) == ["p-silent"]
            assert await erased() == []

        async with serving("registrations", broker, folder, **secrets, **later_still):
            await eventually(erased, within=120.0)
            assert await erased() == ["p-silent"]
            assert await expiring(within=30) == []
