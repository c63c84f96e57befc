"""A community for the tests of calendars, and what is shown of its people's time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from shared.bus.client import Requester
from shared.contract.commands.calendars import AskAvailability, AvailabilityShown
from shared.contract.commands.registrations import EstablishCommunity, RegisterPerson
from shared.contract.subjects import Service
from teachmeet.local.processes import Child
from tests.processes import eventually

Serving = Callable[..., AbstractAsyncContextManager[Child]]


async def settle_in(desk: Requester, *people: str) -> None:
    """A community with these people."""
    await desk.command(Service.REGISTRATIONS, EstablishCommunity.model_validate(EstablishCommunity.example))
    for person in people or ("p-001",):
        details = RegisterPerson(person=person, name="Amara Osei", address=f"{person}@hillside.example", school="Hill")
        await desk.command(Service.REGISTRATIONS, details)


async def shown(desk: Requester, person: str = "p-001") -> AvailabilityShown:
    return await desk.ask(Service.REGISTRATIONS, AskAvailability(person=person), AvailabilityShown)


async def shown_when(
    desk: Requester, holds: Callable[[AvailabilityShown], bool], person: str = "p-001", *, within: float = 120.0
) -> AvailabilityShown:
    """What is shown once that holds."""

    async def look() -> AvailabilityShown | None:
        found = await shown(desk, person)
        return found if holds(found) else None

    return await eventually(look, within=within)
