"""A running front desk and what it is asked about."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

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

    async def get(self, address: str, **headers: str) -> httpx.Response:
        """The page. Who is told to come back comes back: a busy service may answer too late for a page."""
        return await self._when_open(lambda: self.reader.get(address, headers=headers))

    async def post(self, address: str, *, follow_redirects: bool = False, **form: Any) -> httpx.Response:
        """What a form leads to; the same way."""
        return await self._when_open(lambda: self.reader.post(address, follow_redirects=follow_redirects, **form))

    async def until(self, address: str, wanted: Callable[[httpx.Response], bool]) -> httpx.Response:
        """The first answer of that address that is as wanted, within two minutes."""

        async def look() -> httpx.Response | None:
            try:
                answer = await self.reader.get(address)
            except httpx.TransportError:
                return None
            return answer if wanted(answer) else None

        return await self._first(look)

    async def _when_open(self, ask: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
        async def look() -> httpx.Response | None:
            answer = await ask()
            return None if answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE else answer

        return await self._first(look)

    async def _first(self, look: Callable[[], Awaitable[httpx.Response | None]]) -> httpx.Response:
        async with asyncio.timeout(120):
            while True:
                found = await look()
                if found is not None:
                    return found
                await asyncio.sleep(0.03)

    async def ready(self) -> None:
        await self.until("/readyz", lambda answer: answer.status_code == 200)
