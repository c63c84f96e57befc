"""What is held on a person, to download; and the ways to have it changed or destroyed."""

from __future__ import annotations

import asyncio

from fastapi import FastAPI, Response

from services.web.desk import PRIVATE, Desk
from services.web.pages import page
from shared.privacy.archive import archive


def add_own_data(site: FastAPI, desk: Desk) -> None:
    """The addresses of a person's data."""

    @site.api_route("/me/{token}/data", methods=["GET", "HEAD"])
    async def show(token: str) -> Response:
        claims = desk.claims(token)
        community = desk.community(claims.community)
        own = await desk.spokesman.holder(claims)
        return page("data", headers=PRIVATE, name=own.name, community=community.name, mailbox=community.mailbox)

    @site.get("/me/{token}/data.zip")
    async def download(token: str) -> Response:
        claims = desk.claims(token)
        held = await desk.spokesman.held(claims)
        body = await asyncio.to_thread(archive, held, desk.clock.now())
        named = {"Content-Disposition": 'attachment; filename="what-is-held-on-me.zip"'}
        return Response(body, media_type="application/zip", headers=PRIVATE | named)
