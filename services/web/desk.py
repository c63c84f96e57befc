"""What the pages are made from, and how they learn who asks."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from starlette.exceptions import HTTPException

from services.web.asking import People, UnavailableError
from services.web.speaking import Spokesman
from shared.bus.connection import Bus
from shared.bus.facts import Facts
from shared.bus.replay import Replay
from shared.contract.catalogue import COMMUNITY
from shared.contract.facts.registrations import Community
from shared.links import LinkClaims, LinkError, LinkKey, LinkScope
from shared.time.clock import Clock

_LONGEST_TOKEN = 2000
PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
"""Headers of every page that only the holder of a link sees."""


@dataclass(frozen=True)
class Desk:
    """What the pages are made from."""

    bus: Bus
    facts: Facts
    replay: Replay
    clock: Clock
    key: LinkKey
    people: People

    @property
    def spokesman(self) -> Spokesman:
        return Spokesman(self.bus, self.people)

    def community(self, name: str) -> Community:
        """The community of that name. Raises UnavailableError until the view is complete, HTTPException (404)."""
        if not self.replay.is_caught_up():
            raise UnavailableError
        community = self.facts.state(COMMUNITY, Community, name, name)
        if community is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return community

    def claims(self, token: str, scope: LinkScope = LinkScope.ME) -> LinkClaims:
        """What a link of that scope says. Raises LinkError."""
        if len(token) > _LONGEST_TOKEN:
            raise LinkError("this link is not valid")
        claims = self.key.verify(token, now=self.clock.now())
        if claims.scope is not scope:
            raise LinkError("this link is for something else")
        return claims

    def claims_about(self, token: str, scope: LinkScope) -> tuple[LinkClaims, str]:
        """What a link of that scope says, and the id of the one thing that it is about. Raises LinkError."""
        claims = self.claims(token, scope)
        if claims.session is None:
            raise LinkError("this link is for something else")
        return claims, claims.session
