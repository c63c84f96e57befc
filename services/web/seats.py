"""One person's seat in a session: where they stand and why, and what they can do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from services.web.desk import PRIVATE, Desk
from services.web.forms import posted
from services.web.pages import Notice, notice_page, page
from services.web.released import ReleasedSession, released_session
from services.web.times import WrittenTime, clock_name, local_day, long_day, same_clocks, written_time, zone_title
from shared.contract.commands.seats import AcceptSeat, AskSeat, DeclineSeat, ReleaseSeat, SeatShown, Standing, TakeSeat
from shared.contract.facts.seats import Pool
from shared.contract.message import Command
from shared.contract.results import Rejection, RejectionCode
from shared.links import LinkClaims, LinkScope
from shared.time.zones import zone


class Act(StrEnum):
    """What somebody can do about a seat."""

    TAKE = "take"
    TAKE_ONLINE = "take-online"
    RELEASE = "release"
    ACCEPT = "accept"
    DECLINE = "decline"


_WORDS = {
    Act.TAKE: "Ask for a seat",
    Act.TAKE_ONLINE: "Ask for an online seat",
    Act.RELEASE: "Release my seat",
    Act.ACCEPT: "Take the seat",
    Act.DECLINE: "Let it go",
}
_ANSWERS = (Act.ACCEPT, Act.DECLINE)
_STANDING = {
    Standing.SEATED: "You have a seat.",
    Standing.OFFERED: "A seat is held for you.",
    Standing.WAITING: "You are waiting for a seat.",
    Standing.NONE: "You have no seat.",
}
_NOTHING_CHOSEN = Notice(
    HTTPStatus.BAD_REQUEST, "Nothing was chosen", "Please go back and press one of the buttons on the page."
)
_OFF = Notice(
    HTTPStatus.NOT_FOUND,
    "This session is not in the programme",
    "It may have left the programme. Your own page shows what you have a seat in.",
)


@dataclass(frozen=True)
class Button:
    """Something to press. The link that was opened may have chosen it."""

    value: str
    words: str
    chosen: bool


@dataclass(frozen=True)
class SeatPage:
    """Where somebody stands in a session."""

    title: str
    day: str
    time: WrittenTime
    zone_title: str
    elsewhere: WrittenTime | None
    place: str | None
    standing: str
    why: str | None
    until: str | None
    """when an offer ends"""
    buttons: tuple[Button, ...]
    problem: str | None = None


def seat_page(
    session: ReleasedSession,
    programme_zone: str,
    own_zone: str,
    shown: SeatShown,
    *,
    chosen: str | None,
    now: datetime,
    answers_only: bool = False,
    problem: str | None = None,
) -> SeatPage:
    """The page by its reader's clocks. ``answers_only`` leaves what a link to an offer cannot do."""
    day = local_day(session.time.start, own_zone)
    you = shown.you
    standing = you.standing if you is not None else Standing.NONE
    acts = _acts(shown, standing) if now < session.time.start else ()
    same = same_clocks(session.time, own_zone, programme_zone)
    words = _WORDS | ({Act.RELEASE: "Stop waiting"} if standing is Standing.WAITING else {})
    return SeatPage(
        title=session.title,
        day=long_day(day),
        time=written_time(session.time, own_zone, day),
        zone_title=zone_title(own_zone),
        elsewhere=None if same else written_time(session.time, programme_zone, day),
        place=f"{session.place.name}, {session.place.site}" if session.place is not None else None,
        standing="There are no seats to take: people just come." if shown.drop_in else _STANDING[standing],
        why=you.why if you is not None and not shown.drop_in else None,
        until=moment(you.expires, own_zone) if you is not None and you.expires is not None else None,
        buttons=tuple(
            Button(each, words[each], each == chosen) for each in acts if not answers_only or each in _ANSWERS
        ),
        problem=problem,
    )


def moment(instant: datetime, zone_name: str) -> str:
    """A day and a time, by clocks that it names."""
    local = instant.astimezone(zone(zone_name))
    return f"{long_day(local.date())}, {local:%H:%M} {clock_name(local)}"


def _acts(shown: SeatShown, standing: Standing) -> tuple[Act, ...]:
    if shown.drop_in:
        return ()
    match standing:
        case Standing.OFFERED:
            return _ANSWERS
        case Standing.SEATED | Standing.WAITING:
            return (Act.RELEASE,)
    pools = {each.pool for each in shown.pools}
    return (Act.TAKE, Act.TAKE_ONLINE) if pools >= {Pool.IN_PERSON, Pool.ONLINE} else (Act.TAKE,)


def command_of_act(act: Act, person: str, session: str) -> Command:
    match act:
        case Act.TAKE:
            return TakeSeat(person=person, session=session)
        case Act.TAKE_ONLINE:
            return TakeSeat(person=person, session=session, pool=Pool.ONLINE)
        case Act.RELEASE:
            return ReleaseSeat(person=person, session=session)
        case Act.ACCEPT:
            return AcceptSeat(person=person, session=session)
        case Act.DECLINE:
            return DeclineSeat(person=person, session=session)


@dataclass(frozen=True)
class _Link:
    """Whoever holds a link, which session it is about, and where they were brought from."""

    claims: LinkClaims
    session: str
    address: str
    acts: tuple[Act, ...] = tuple(Act)


class SeatDesk:
    """Shows and changes seats for the holders of links."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def show(self, link: _Link, *, chosen: str | None = None, problem: str | None = None) -> Response:
        """Raises LinkError, UnavailableError."""
        desk, claims = self._desk, link.claims
        desk.community(claims.community)
        own = await desk.spokesman.holder(claims)
        found = released_session(desk.facts, claims.community, link.session)
        try:
            question = AskSeat(session=link.session, person=claims.person)
            shown = await desk.spokesman.ask(claims, question, SeatShown)
        except Rejection as rejection:
            if rejection.code is RejectionCode.UNKNOWN:
                return notice_page(_OFF, PRIVATE)
            raise
        if found is None:
            return notice_page(_OFF, PRIVATE)
        view = seat_page(
            *found,
            own.zone,
            shown,
            chosen=chosen,
            now=desk.clock.now(),
            answers_only=claims.scope is LinkScope.OFFER,
            problem=problem,
        )
        status = HTTPStatus.CONFLICT if problem else HTTPStatus.OK
        return page("seat", status=status, headers=PRIVATE, seat=view)

    async def act(self, link: _Link, fields: Mapping[str, str]) -> Response:
        """Raises LinkError, UnavailableError."""
        act = fields.get("act", "")
        if act not in link.acts:
            return notice_page(_NOTHING_CHOSEN, PRIVATE)
        try:
            await self._desk.spokesman.tell(link.claims, command_of_act(Act(act), link.claims.person, link.session))
        except Rejection as rejection:
            if rejection.code not in {RejectionCode.CONFLICT, RejectionCode.INVALID, RejectionCode.UNKNOWN}:
                raise
            words = "; ".join(f"{each.field} {each.problem} (allowed: {each.allowed})" for each in rejection.errors)
            return await self.show(link, problem=words)
        return RedirectResponse(link.address, HTTPStatus.SEE_OTHER, PRIVATE)


def add_seats(site: FastAPI, desk: Desk) -> None:
    """The addresses of a seat: by the link to one's own page, and by the link to an offer."""
    seats = SeatDesk(desk)

    def own(token: str, session: str) -> _Link:
        return _Link(desk.claims(token), session, f"/me/{token}/seats/{session}")

    def offered(token: str) -> _Link:
        claims, session = desk.claims_about(token, LinkScope.OFFER)
        return _Link(claims, session, f"/me/{token}/offer", _ANSWERS)

    @site.api_route("/me/{token}/seats/{session}", methods=["GET", "HEAD"])
    async def show(token: str, session: str) -> Response:
        return await seats.show(own(token, _id(session)))

    @site.post("/me/{token}/seats/{session}")
    async def act(token: str, session: str, request: Request) -> Response:
        link = own(token, _id(session))
        return await seats.act(link, {"act": (await posted(request)).line("act")})

    @site.api_route("/me/{token}/offer", methods=["GET", "HEAD"])
    @site.api_route("/me/{token}/offer/{chosen}", methods=["GET", "HEAD"])
    async def show_offer(token: str, chosen: str | None = None) -> Response:
        return await seats.show(offered(token), chosen=chosen)

    @site.post("/me/{token}/offer")
    @site.post("/me/{token}/offer/{chosen}")
    async def answer(token: str, request: Request, chosen: str | None = None) -> Response:  # noqa: ARG001 - the button counts
        link = offered(token)
        return await seats.act(link, {"act": (await posted(request)).line("act")})


def _id(text: str) -> str:
    try:
        return AskSeat(session=text).session
    except ValueError:
        raise HTTPException(HTTPStatus.NOT_FOUND) from None
