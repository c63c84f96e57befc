"""When a person can come, as they enter it themselves: in words, or by ticking hours of a week."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from services.web.desk import PRIVATE, Desk
from services.web.forms import Form, Problems, command_of, posted
from services.web.pages import page
from services.web.seats import moment
from services.web.times import long_day, zone_title
from services.web.weekly_grid import DAY_NAMES, Row, grid, words_of
from shared.availability.saying import said
from shared.contract.commands.calendars import (
    AskAvailability,
    AvailabilityShown,
    CalendarShown,
    ConnectCalendar,
    DisconnectCalendar,
    RenewAvailability,
    SayAvailability,
    Understood,
)
from shared.contract.facts.calendars import CALENDAR_PREFIX, CalendarKind
from shared.contract.message import Reply
from shared.contract.results import Accepted, FieldError, Rejection, RejectionCode
from shared.links import LinkClaims
from shared.time.zones import zone

LABELS = {"text": "When you can come", "until": "Until", "url": "Address of the calendar", "source": "What you call it"}
_BY_HAND = "self"
_A_YEAR = timedelta(days=365)
_TOLD_IN_THE_FORM = frozenset({RejectionCode.INVALID, RejectionCode.CONFLICT})


@dataclass(frozen=True)
class CalendarView:
    """A calendar that is read for somebody, and how that goes, in words."""

    source: str
    words: str
    problem: str | None


@dataclass(frozen=True)
class AvailabilityPage:
    """What somebody has said of their time, to be changed."""

    community_name: str
    zone_title: str
    text: str
    until: str
    lasts_until: str | None
    still_true: bool
    days: tuple[str, ...]
    rows: tuple[Row, ...]
    others: tuple[str, ...]
    """what other sources say, in words"""
    calendars: tuple[CalendarView, ...]
    saved: bool = False
    problems: Problems = field(default_factory=Problems)
    labels: Mapping[str, str] = field(default_factory=lambda: LABELS)


def availability_page(
    community_name: str,
    shown: AvailabilityShown,
    now: datetime,
    *,
    text: str | None = None,
    problems: Problems | None = None,
    saved: bool = False,
) -> AvailabilityPage:
    """``text`` is what was written just now, where it was not understood."""
    today = now.astimezone(zone(shown.zone)).date()
    own = next((each for each in shown.sources if each.source == _BY_HAND), None)
    windows = own.windows if own is not None else ()
    lasts = own.lasts_until if own is not None else None
    connected = {f"{CALENDAR_PREFIX}{each.source}" for each in shown.calendars}
    return AvailabilityPage(
        community_name=community_name,
        zone_title=zone_title(shown.zone),
        text=said(windows, shown.zone, today) if text is None else text,
        until=(today + _A_YEAR).isoformat(),
        lasts_until=long_day(lasts) if lasts is not None else None,
        still_true=own is None or own.still_true,
        days=tuple(DAY_NAMES.values()),
        rows=grid(windows, today),
        others=tuple(
            f"{each.source}: {len(each.windows)} times"
            for each in shown.sources
            if each.source != _BY_HAND and each.source not in connected
        ),
        calendars=tuple(_calendar(each, shown.zone) for each in shown.calendars),
        saved=saved,
        problems=problems or Problems(),
    )


def _calendar(shown: CalendarShown, zone_name: str) -> CalendarView:
    if shown.unknown_since is not None:
        words = f"unknown since {moment(shown.unknown_since, zone_name)}"
    elif shown.read_at is not None:
        words = f"read on {moment(shown.read_at, zone_name)}"
    else:
        words = "not read yet"
    return CalendarView(shown.source, words, shown.advice)


def add_own_availability(site: FastAPI, desk: Desk) -> None:
    """The address of a person's availability."""

    async def shown(claims: LinkClaims, status: int = HTTPStatus.OK, **more: object) -> Response:
        community = desk.community(claims.community)
        answer = await desk.spokesman.ask(claims, AskAvailability(person=claims.person), AvailabilityShown)
        view = availability_page(community.name, answer, desk.clock.now(), **more)  # type: ignore[arg-type]  # callers below name its options
        return page("availability", status=status, headers=PRIVATE, availability=view)

    @site.api_route("/me/{token}/availability", methods=["GET", "HEAD"])
    async def show(token: str, saved: str | None = None) -> Response:
        return await shown(desk.claims(token), saved=saved is not None)

    @site.post("/me/{token}/availability")
    async def act(token: str, request: Request) -> Response:
        claims = desk.claims(token)
        form = await posted(request)
        try:
            problems = await _carried_out(desk, claims, form)
        except Rejection as rejection:
            if rejection.code not in _TOLD_IN_THE_FORM:
                raise
            problems = rejection.errors
        if problems:
            text = form.prose("text") if form.line("act") == "say" else None
            return await shown(claims, HTTPStatus.BAD_REQUEST, text=text, problems=_named(problems))
        return RedirectResponse(f"/me/{token}/availability?saved=yes", HTTPStatus.SEE_OTHER, PRIVATE)


async def _carried_out(desk: Desk, claims: LinkClaims, form: Form) -> tuple[FieldError, ...]:
    """Do what the form asks for; what was not understood of it. Raises Rejection, LinkError, UnavailableError."""
    person = claims.person
    match form.line("act"):
        case "say":
            until = form.line("until")
            command = command_of(SayAvailability, {"person": person, "text": form.prose("text"), "until": until})
            return (await desk.spokesman.ask(claims, command, Understood)).problems
        case "tick":
            text = words_of(form.all("hour"), others_are_no=form.has("others"))
            command = command_of(SayAvailability, {"person": person, "text": text, "until": form.line("until")})
            return (await desk.spokesman.ask(claims, command, Understood)).problems
        case "renew":
            renewed = command_of(RenewAvailability, {"person": person, "until": form.line("until")})
            await desk.spokesman.ask(claims, renewed, Reply)
        case "connect":
            fields = {"person": person, "source": form.line("source").lower(), "url": form.line("url")}
            await desk.spokesman.ask(claims, command_of(ConnectCalendar, fields | {"kind": CalendarKind.ICS}), Accepted)
        case "disconnect":
            gone = command_of(DisconnectCalendar, {"person": person, "source": form.line("source")})
            await desk.spokesman.ask(claims, gone, Accepted)
        case _:
            return (FieldError(field="form", problem="says nothing", allowed="one of the buttons of the page"),)
    return ()


def _named(problems: Iterable[FieldError]) -> Problems:
    return Problems.of(problems, {name: name for name in LABELS})
