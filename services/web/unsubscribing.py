"""Ending notices by the link in them: GET shows one button, POST acts at once and asks for nothing (RFC 8058)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http import HTTPStatus

from fastapi import FastAPI, Response
from starlette.exceptions import HTTPException

from services.web.asking import UnavailableError
from services.web.pages import page
from shared.bus.client import Requester, UnreachableError
from shared.bus.connection import Bus
from shared.contract.authority import person_actor
from shared.contract.commands.notices import StatePreference
from shared.contract.facts.notices import NoticeKind
from shared.contract.results import Rejection, RejectionCode
from shared.contract.subjects import Service
from shared.links import LinkClaims, LinkError, LinkScope

_PATIENCE = 5.0
_PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
_WORDS = {
    NoticeKind.REMINDER: "reminders of your sessions",
    NoticeKind.DIGEST: "the weekly letter about sessions",
    NoticeKind.TEAM_DIGEST: "the weekly letter about your teams",
}


def add_unsubscribing(site: FastAPI, bus: Bus, claims: Callable[[str, LinkScope], LinkClaims]) -> None:
    """The address in List-Unsubscribe. A mail program POSTs there; what it sends is not read, the link says it all."""

    @site.get("/me/{token}/unsubscribe/{kind}")
    async def ask(token: str, kind: str) -> Response:
        claims(token, LinkScope.UNSUBSCRIBE)
        return page("unsubscribe", headers=_PRIVATE, words=_WORDS[_kind(kind)], done=False)

    @site.post("/me/{token}/unsubscribe/{kind}")
    async def act(token: str, kind: str) -> Response:
        stated, wanted = claims(token, LinkScope.UNSUBSCRIBE), _kind(kind)
        await _refuse(bus, stated, wanted)
        return page("unsubscribe", headers=_PRIVATE, words=_WORDS[wanted], done=True)


def _kind(text: str) -> NoticeKind:
    if text not in _WORDS:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return NoticeKind(text)


async def _refuse(bus: Bus, claims: LinkClaims, kind: NoticeKind) -> None:
    """Have the notifier keep it. Raises LinkError when the link was revoked, UnavailableError."""
    command = StatePreference.refusing(kind, claims.person, claims.generation)
    requester = Requester(bus, claims.community, person_actor(claims.person), patience=_PATIENCE)
    try:
        async with asyncio.timeout(_PATIENCE):
            await requester.command(Service.NOTIFIER, command)
    except Rejection as rejection:
        if rejection.code is RejectionCode.UNKNOWN:
            raise LinkError("this link was revoked") from rejection
        raise UnavailableError from rejection
    except (UnreachableError, TimeoutError) as error:
        raise UnavailableError from error
