"""Erasing oneself: what it means, and the box to tick before the button does it."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import FastAPI, Request, Response

from services.web.desk import PRIVATE, Desk
from services.web.forms import posted
from services.web.pages import Notice, notice_page, page
from shared.contract.commands.privacy import ErasePerson
from shared.links import LinkClaims

_ERASED = Notice(
    HTTPStatus.OK,
    "You are erased",
    "Within a minute nothing that we held on you is left, and all links to you stop working. What is in your own "
    "calendar stays there; please remove it yourself.",
)


def add_erasing(site: FastAPI, desk: Desk) -> None:
    """The address where a person has all that is held on them destroyed."""

    async def ask(claims: LinkClaims, status: int = HTTPStatus.OK, *, problem: bool = False) -> Response:
        own = await desk.spokesman.holder(claims)
        community = desk.community(claims.community)
        return page(
            "erase", status=status, headers=PRIVATE, name=own.name, community=community.name, not_ticked=problem
        )

    @site.api_route("/me/{token}/erase", methods=["GET", "HEAD"])
    async def show(token: str) -> Response:
        return await ask(desk.claims(token))

    @site.post("/me/{token}/erase")
    async def act(token: str, request: Request) -> Response:
        claims = desk.claims(token)
        if not (await posted(request)).has("sure"):
            return await ask(claims, HTTPStatus.BAD_REQUEST, problem=True)
        await desk.spokesman.tell(claims, ErasePerson(person=claims.person))
        return notice_page(_ERASED, PRIVATE)
