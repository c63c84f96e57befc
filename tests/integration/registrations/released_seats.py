"""A programme whose sessions are released and seated, for tests of seats on a real broker."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from shared.bus.client import Requester
from shared.bus.connection import Bus
from shared.contract.catalogue import PERSON_SEATS, SEATING
from shared.contract.commands.registrations import (
    AcceptProposal,
    AddRoom,
    AnnounceProgramme,
    RegisterPerson,
    SubmitProposal,
)
from shared.contract.facts.registrations import Seating
from shared.contract.facts.scheduler import Release
from shared.contract.facts.seats import PersonSeats
from shared.contract.subjects import Service
from tests.processes import eventually
from tests.written_facts import history, publish

START = datetime.fromisoformat("2027-01-12T15:30:00+00:00")


async def programme(organiser: Requester, name: str = "spring-2027", **seats: Any) -> None:
    body = AnnounceProgramme.example | {"programme": name, "seats": seats}
    await organiser.command(Service.REGISTRATIONS, AnnounceProgramme.model_validate(body))


async def people(organiser: Requester, names: Iterable[str], **details: Any) -> None:
    for name in names:
        body = {"person": name, "name": name, "address": f"{name}@hillside.example", "school": "Hillside"} | details
        await organiser.command(Service.REGISTRATIONS, RegisterPerson.model_validate(body))


async def session(
    organiser: Requester,
    name: str,
    *,
    programme: str = "spring-2027",
    presenters: Iterable[str] = ("p-001",),
    **room: Any,
) -> None:
    """An accepted proposal with a room of the same name."""
    proposal = SubmitProposal.example | {
        "proposal": name,
        "title": name.title(),
        "programme": programme,
        "presenters": [*presenters],
    }
    await organiser.command(Service.REGISTRATIONS, SubmitProposal.model_validate(proposal))
    await organiser.command(Service.REGISTRATIONS, AcceptProposal(proposal=name))
    body = AddRoom.example | {"room": name, "capacity": 3} | room
    await organiser.command(Service.REGISTRATIONS, AddRoom.model_validate(body))


async def released(bus: Bus, hours: dict[str, float], *, number: int = 1, programme: str = "spring-2027") -> None:
    """Release the sessions, each so many hours after the start, and wait until they are seated."""
    placements = [
        {
            "session": name,
            "proposal": name,
            "room": name,
            "start": (START + timedelta(hours=hour)).isoformat(),
            "minutes": 60,
        }
        for name, hour in hours.items()
    ]
    body = {"programme": programme, "number": number, "placements": placements, "input_seq": 0}
    await publish(bus, Release.model_validate(Release.example | body))

    async def seated() -> bool:
        now = await seatings(bus)
        return all(name in now and now[name].release == number for name in hours)

    await eventually(seated)


async def seatings(bus: Bus) -> dict[str, Seating]:
    """The last seating of each session."""
    return {state.session: state for _, state in await history(bus, SEATING, Seating)}


async def held(bus: Bus) -> dict[str, set[str]]:
    """The sessions in which each person has a seat by their own fact."""
    facts = await history(bus, PERSON_SEATS, PersonSeats)
    return {state.person: {each.session for each in state.seats} for _, state in facts}
