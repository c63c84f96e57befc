"""A running front desk and what it is asked about."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from shared.contract.facts.registrations import Community, Contact, Programme, Proposal, Room, Seating
from shared.contract.facts.scheduler import Release
from shared.contract.facts.seats import PersonSeats
from shared.contract.message import Fact
from teachmeet.local.processes import Child

JOIN = "https://meet.northgate.example/secret-room"
NORTHGATE: tuple[Fact, ...] = (
    Community.model_validate(Community.example),
    Programme.model_validate(Programme.example),
    Room.model_validate(Room.example | {"join_url": JOIN}),
    Proposal.model_validate(Proposal.example | {"presenters": ["p-001", "p-002"]}),
    Contact.model_validate(Contact.example),
    Contact(person="p-002", name="Ben Ito", address="ben.ito@lakeside.example", zone="Asia/Dubai"),
    Seating.model_validate(Seating.example | {"place": {"name": "Library", "site": "Hillside", "join_url": JOIN}}),
    Release.model_validate(Release.example),
    *(PersonSeats.model_validate(PersonSeats.example | {"person": person}) for person in ("p-001", "p-002")),
)


@dataclass(frozen=True)
class Desk:
    """A running front desk, and a reader of its pages."""

    child: Child
    reader: httpx.AsyncClient
    log: Callable[[], str]

    async def get(self, address: str) -> httpx.Response:
        return await self.reader.get(address)

    async def until(self, address: str, wanted: Callable[[httpx.Response], bool]) -> httpx.Response:
        """The first answer of that address that is as wanted, within a minute."""
        async with asyncio.timeout(60):
            while True:
                try:
                    answer = await self.get(address)
                except httpx.TransportError:
                    answer = None
                if answer is not None and wanted(answer):
                    return answer
                await asyncio.sleep(0.03)

    async def ready(self) -> None:
        await self.until("/readyz", lambda answer: answer.status_code == 200)
