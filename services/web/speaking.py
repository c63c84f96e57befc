"""Speaking to services for whoever holds a link: as that person, once the link is known to be of the newest."""

from __future__ import annotations

import asyncio
from typing import TypeVar

from services.web.asking import People, UnavailableError
from shared.bus.client import Requester, UnreachableError
from shared.bus.connection import Bus
from shared.contract.authority import person_actor
from shared.contract.commands.registrations import OwnPage
from shared.contract.message import Command, Reply
from shared.contract.results import Accepted
from shared.contract.subjects import Service
from shared.links import LinkClaims
from shared.privacy.archive import Held, fetched

R = TypeVar("R", bound=Reply)

_PATIENCE = 8.0
_PATIENCE_FOR_ALL = 30.0


class Spokesman:
    """Gives commands and asks questions for people; all of them raise UnavailableError when nobody answers."""

    def __init__(self, bus: Bus, people: People) -> None:
        self._bus = bus
        self._people = people

    async def holder(self, claims: LinkClaims) -> OwnPage:
        """Who holds that link. Raises LinkError when it was revoked."""
        return await self._people.own_page(claims)

    async def ask(self, claims: LinkClaims, question: Command, reply: type[R]) -> R:
        """The answer of registrations to that person. Raises LinkError, and Rejection when it is refused."""
        await self.holder(claims)
        return await self.ask_again(claims, question, reply)

    async def ask_again(self, claims: LinkClaims, question: Command, reply: type[R]) -> R:
        """The same, for who is known already to hold one of the newest links. Raises Rejection when it is refused."""
        return await self._asked(claims.community, person_actor(claims.person), question, reply)

    async def tell(self, claims: LinkClaims, command: Command) -> Accepted:
        """Have registrations carry out what that person wants. Raises LinkError, and Rejection when it is refused."""
        return await self.ask(claims, command, Accepted)

    async def ask_for_anyone(self, community: str, question: Command, reply: type[R]) -> R:
        """The answer of registrations to somebody who has no link. Raises Rejection when it is refused."""
        return await self._asked(community, None, question, reply)

    async def held(self, claims: LinkClaims) -> Held:
        """All that services hold on the person. Raises LinkError."""
        await self.holder(claims)
        actor = person_actor(claims.person)
        requester = Requester(self._bus, claims.community, actor, patience=_PATIENCE_FOR_ALL)
        try:
            async with asyncio.timeout(_PATIENCE_FOR_ALL):
                return await fetched(requester, claims.person)
        except (UnreachableError, TimeoutError) as error:
            raise UnavailableError from error

    async def _asked(self, community: str, actor: str | None, question: Command, reply: type[R]) -> R:
        requester = Requester(self._bus, community, actor, patience=_PATIENCE)
        try:
            async with asyncio.timeout(_PATIENCE):
                return await requester.ask(Service.REGISTRATIONS, question, reply)
        except (UnreachableError, TimeoutError) as error:
            raise UnavailableError from error
