"""Calendars to subscribe to: asked of the notifier, kept by their ETag, and told to be unchanged where they are."""

from __future__ import annotations

import asyncio
import base64
import binascii
import gzip
import zlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from services.web.asking import UnavailableError
from services.web.pages import page
from shared.bus.client import Requester, UnreachableError
from shared.bus.connection import Bus
from shared.contract.authority import person_actor
from shared.contract.commands.notices import AskFeed, AskFeedLink, AskOwnFeed, FeedPart
from shared.contract.commands.notifier import Link
from shared.contract.facts.registrations import Community
from shared.contract.results import Rejection, RejectionCode
from shared.contract.subjects import Service
from shared.contract.values import TAG_PATTERN
from shared.links import LinkClaims, LinkError, LinkScope

_PATIENCE = 3.0
_KEPT = 200
_MOST_PARTS = 64
_TRIES = 3
_READ = ["GET", "HEAD"]
_PUBLIC_CACHING = "public, max-age=900"
_PRIVATE_CACHING = "private, no-cache"

Claims = Callable[[str, LinkScope], LinkClaims]
"""Reads a token of that scope. Raises LinkError."""


@dataclass(frozen=True)
class Feed:
    """A calendar as it goes out."""

    etag: str
    modified: datetime
    body: bytes

    @property
    def is_empty(self) -> bool:
        return b"BEGIN:VEVENT" not in self.body


class _Shelf:
    """Calendars by community and name; what was asked for last stays longest."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Feed] = OrderedDict()

    def find(self, community: str, name: str) -> Feed | None:
        return self._kept.get((community, name))

    def put(self, community: str, name: str, feed: Feed) -> None:
        self._kept[(community, name)] = feed
        self._kept.move_to_end((community, name))
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)


class Feeds:
    """Asks the notifier for calendars. One that it still knows by its ETag does not come again."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        # Apart, so that people's own calendars do not push out what everybody reads.
        self._public = _Shelf()
        self._own = _Shelf()

    async def public(self, community: str, tag: str | None) -> Feed:
        """A community's calendar or that of a tag; the one known last when the notifier does not answer.

        Raises UnavailableError when none is known.
        """
        known = self._public.find(community, tag or "")
        try:
            found = await self._ask(
                self._requester(community, None), known, lambda part, etag: AskFeed(tag=tag, part=part, known=etag)
            )
        except UnavailableError:
            if known is None:
                raise
            return known
        # Anybody can make tags up. What nothing has is empty, and not worth a place.
        if tag is None or not found.is_empty:
            self._public.put(community, tag or "", found)
        return found

    async def own(self, claims: LinkClaims) -> Feed:
        """The calendar of the holder of a link. Raises LinkError when it was revoked, UnavailableError."""
        person, generation = claims.person, claims.generation
        found = await self._ask(
            self._requester(claims.community, person),
            self._own.find(claims.community, person),
            lambda part, known: AskOwnFeed(person=person, generation=generation, part=part, known=known),
        )
        self._own.put(claims.community, person, found)
        return found

    async def link(self, claims: LinkClaims) -> str:
        """The secret address of a person's calendar. Raises LinkError when the link was revoked, UnavailableError."""
        question = AskFeedLink(person=claims.person, generation=claims.generation)
        try:
            async with asyncio.timeout(_PATIENCE):
                answer = await self._requester(claims.community, claims.person).ask(Service.NOTIFIER, question, Link)
        except Rejection as rejection:
            raise _refused(rejection) from rejection
        except (UnreachableError, TimeoutError) as error:
            raise UnavailableError from error
        return answer.url

    async def _ask(
        self, requester: Requester, known: Feed | None, question: Callable[[int, str | None], AskFeed | AskOwnFeed]
    ) -> Feed:
        try:
            async with asyncio.timeout(_PATIENCE):
                for _ in range(_TRIES):
                    found = await self._put_together(requester, question, known)
                    if found is not None:
                        return found
        except Rejection as rejection:
            raise _refused(rejection) from rejection
        except (UnreachableError, TimeoutError) as error:
            raise UnavailableError from error
        # It changed while it was read, again and again.
        raise UnavailableError

    async def _put_together(
        self, requester: Requester, question: Callable[[int, str | None], AskFeed | AskOwnFeed], known: Feed | None
    ) -> Feed | None:
        """The calendar; None when it changed between its parts."""
        first = await requester.ask(Service.NOTIFIER, question(0, known.etag if known else None), FeedPart)
        if known is not None and first.etag == known.etag:
            return known
        if not 1 <= first.parts <= _MOST_PARTS:
            raise UnavailableError
        text = [first.body]
        for number in range(1, first.parts):
            part = await requester.ask(Service.NOTIFIER, question(number, None), FeedPart)
            if part.etag != first.etag:
                return None
            text.append(part.body)
        try:
            body = gzip.decompress(base64.b64decode("".join(text), validate=True))
        except (binascii.Error, OSError, EOFError, zlib.error):
            return None
        return Feed(first.etag, first.modified, body)

    def _requester(self, community: str, person: str | None) -> Requester:
        actor = person_actor(person) if person is not None else None
        return Requester(self._bus, community, actor, patience=_PATIENCE)


def _refused(rejection: Rejection) -> Exception:
    unknown = rejection.code is RejectionCode.UNKNOWN
    return LinkError("this link was revoked") if unknown else UnavailableError()


def add_feeds(site: FastAPI, feeds: Feeds, community: Callable[[str], Community], claims: Claims) -> None:
    """The addresses of calendars. ``community`` raises HTTPException for one that is not here."""

    @site.api_route("/{name}/calendar.ics", methods=_READ)
    async def community_calendar(name: str, request: Request) -> Response:
        community(name)
        return calendar_response(request, await feeds.public(name, None), _PUBLIC_CACHING)

    @site.api_route("/{name}/tags/{tag}/calendar.ics", methods=_READ)
    async def tag_calendar(name: str, tag: str, request: Request) -> Response:
        community(name)
        if not TAG_PATTERN.fullmatch(tag):
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return calendar_response(request, await feeds.public(name, tag), _PUBLIC_CACHING)

    @site.api_route("/me/{token}/calendar.ics", methods=_READ)
    async def own_calendar(token: str, request: Request) -> Response:
        return calendar_response(request, await feeds.own(claims(token, LinkScope.FEED)), _PRIVATE_CACHING)

    @site.api_route("/me/{token}/calendar", methods=_READ)
    async def subscribing(token: str) -> Response:
        address = await feeds.link(claims(token, LinkScope.ME))
        headers = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
        return page("subscribe", headers=headers, address=address, webcal=webcal(address), page_url=f"/me/{token}")


def webcal(address: str) -> str:
    """The same address in the form that calendar programs open."""
    return f"webcal://{address.partition('://')[2]}"


def calendar_response(request: Request, feed: Feed, caching: str) -> Response:
    """The calendar, or that it is unchanged (RFC 9110, 13)."""
    headers = {
        "ETag": f'"{feed.etag}"',
        "Last-Modified": format_datetime(feed.modified.astimezone(UTC), usegmt=True),
        "Cache-Control": caching,
        "X-Robots-Tag": "noindex",
    }
    if is_unchanged(request.headers.get("if-none-match"), request.headers.get("if-modified-since"), feed):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
    return Response(feed.body, media_type="text/calendar; charset=utf-8", headers=headers)


def is_unchanged(none_match: str | None, modified_since: str | None, feed: Feed) -> bool:
    """Whether a reader has this state already. A date counts only where no ETag is stated; whole seconds are told."""
    if none_match is not None:
        stated = {each.strip().removeprefix("W/").strip('"') for each in none_match.split(",")}
        return "*" in stated or feed.etag in stated
    if modified_since is None:
        return False
    try:
        since = parsedate_to_datetime(modified_since)
    except ValueError:
        return False
    aware = since if since.tzinfo is not None else since.replace(tzinfo=UTC)
    return feed.modified.replace(microsecond=0) <= aware
