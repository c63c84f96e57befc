"""The addresses of the front desk."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.types import Scope

from services.web.answering import ANSWERING, add_answering
from services.web.asking import UnavailableError
from services.web.confirming import add_confirming
from services.web.desk import PRIVATE, Desk
from services.web.editing import add_editing
from services.web.erasing import add_erasing
from services.web.feeds import Feeds, add_feeds
from services.web.interests import add_interests
from services.web.leaving import add_leaving
from services.web.own_availability import add_own_availability
from services.web.own_data import add_own_data
from services.web.own_page import personal_page
from services.web.pages import Notice, notice_page, page
from services.web.programme_page import programme_page
from services.web.proposing import add_proposing, open_calls
from services.web.reader_zones import offered_zones, zone_choice
from services.web.released import presenters_of, released_programmes
from services.web.seats import add_seats
from services.web.storage import storage_warnings
from services.web.unsubscribing import add_unsubscribing
from services.web.waiting import waiting
from shared.links import LinkError

_READ = ["GET", "HEAD"]
_PERSONAL = "/me/"
_SOON = {"Retry-After": "5"}

_NOT_FOUND = Notice(
    HTTPStatus.NOT_FOUND,
    "There is nothing at this address",
    "Please check the address in the message or on the page that brought you here.",
)
_REFUSED = Notice(
    HTTPStatus.FORBIDDEN,
    "This link does not work",
    "It may have expired, have been replaced by a newer one, or be incomplete. Please use the link in the newest "
    "message you have from us, or ask the organisers of your community for a new one.",
)
_UNAVAILABLE = Notice(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "This page cannot be shown at the moment",
    "We will be back shortly. Please try again in a minute; nothing that you did is lost.",
)
_FAILED = Notice(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "Something went wrong on our side",
    "It has been noted. Please try again, and tell the organisers of your community if it stays so.",
)


def make_site(desk: Desk) -> FastAPI:
    """The site. Nothing is listed to strangers, so it publishes no description of itself either."""
    site = FastAPI(
        title="TeachMeet Scheduler",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        telemetry={"exclude": holds_token},
    )
    _add_health(site, desk)
    add_answering(site, desk.bus, desk.claims)
    add_feeds(site, Feeds(desk.bus), desk.community, desk.claims)
    add_unsubscribing(site, desk.bus, desk.claims)
    for add in (
        add_proposing,
        add_editing,
        add_confirming,
        add_seats,
        add_leaving,
        add_interests,
        add_own_availability,
        add_own_data,
        add_erasing,
    ):
        add(site, desk)
    _add_pages(site, desk)
    _add_notices(site)
    return site


def holds_token(scope: Scope) -> bool:
    """Whether a request's address is a secret: FastAPI would write it into traces, and tokens never reach logs."""
    return str(scope["path"]).startswith((_PERSONAL, ANSWERING))


def _add_health(site: FastAPI, desk: Desk) -> None:
    @site.api_route("/healthz", methods=_READ)
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @site.api_route("/readyz", methods=_READ)
    async def readyz() -> JSONResponse:
        problems = [f"{each.name}: {each.problem}" for each in desk.replay.health() if each.problem]
        if not desk.replay.is_caught_up():
            problems.append("the view has not caught up yet")
        status = HTTPStatus.SERVICE_UNAVAILABLE if problems else HTTPStatus.OK
        warnings = await storage_warnings(desk.bus)
        return JSONResponse({"ready": not problems, "problems": problems, "warnings": warnings}, status)


def _add_pages(site: FastAPI, desk: Desk) -> None:
    site.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))

    @site.api_route("/", methods=_READ)
    async def home() -> Response:
        return page("home")

    @site.api_route(_PERSONAL + "{token}", methods=_READ)
    async def me(token: str) -> Response:
        claims = desk.claims(token)
        community = desk.community(claims.community)
        own = await desk.people.own_page(claims)
        programmes = released_programmes(desk.facts, claims.community)
        names = await desk.people.names(claims.community, presenters_of(programmes))
        view = personal_page(community, claims, own, programmes, names=names, now=desk.clock.now())
        waits = await waiting(desk, claims, own.zone)
        return page("own", headers=PRIVATE, own=view, waits=waits, here=f"{_PERSONAL}{token}")

    @site.api_route("/{name}", methods=_READ)
    async def community_page(name: str, zone: str | None = None) -> Response:
        community, choice = desk.community(name), zone_choice(zone)
        programmes = released_programmes(desk.facts, name)
        names = await desk.people.names(name, presenters_of(programmes))
        view = programme_page(community, programmes, names=names, choice=choice, now=desk.clock.now())
        status = HTTPStatus.BAD_REQUEST if choice.problem else HTTPStatus.OK
        calls = open_calls(desk.facts, name, desk.clock.now())
        return page("programme", status=status, community=view, zones=offered_zones(), calls=calls)


def _add_notices(site: FastAPI) -> None:
    @site.exception_handler(LinkError)
    async def refused(_: Request, __: Exception) -> Response:
        return notice_page(_REFUSED, PRIVATE)

    @site.exception_handler(UnavailableError)
    async def unavailable(_: Request, __: Exception) -> Response:
        return notice_page(_UNAVAILABLE, {"Cache-Control": "no-store"} | _SOON)

    @site.exception_handler(HTTPException)
    async def not_found(_: Request, error: HTTPException) -> Response:
        if error.status_code == HTTPStatus.NOT_FOUND:
            return notice_page(_NOT_FOUND)
        words = HTTPStatus(error.status_code).phrase
        return notice_page(Notice(error.status_code, words, "This address can only be read."), error.headers)

    @site.exception_handler(Exception)
    async def failed(_: Request, __: Exception) -> Response:
        return notice_page(_FAILED, {"Cache-Control": "no-store"})
