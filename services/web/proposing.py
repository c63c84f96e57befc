"""Beginning a proposal without an account: a form, and then the same answer for everybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from services.web.desk import Desk
from services.web.forms import Form, Problems, command_of, posted
from services.web.pages import page
from services.web.times import clock_name, local_day, long_day, zone_title
from shared.bus.facts import Facts
from shared.contract.catalogue import PROGRAMME
from shared.contract.commands.calls import BeginProposal, Noted
from shared.contract.facts.registrations import Programme
from shared.contract.results import Rejection, RejectionCode
from shared.time.zones import zone

_HEADERS = {"Cache-Control": "no-store"}
LABELS = {
    "name": "Your name",
    "address": "Your e-mail address",
    "school": "Where you work",
    "title": "Title of the session",
    "format": "Format",
    "minutes": "Minutes",
    "abstract": "What it is about",
    "access_code": "Access code",
}
# A rejection of these kinds is about what was filled in; any other could tell of what is known here.
_TOLD = frozenset({RejectionCode.INVALID, RejectionCode.NOT_ALLOWED, RejectionCode.CONFLICT, RejectionCode.UNKNOWN})


class CallState(StrEnum):
    """Whether a programme takes proposals now."""

    OPEN = "open"
    EARLY = "early"
    CLOSED = "closed"


@dataclass(frozen=True)
class Choice:
    """One option of a list."""

    value: str
    words: str


@dataclass(frozen=True)
class ProposingPage:
    """What somebody sees who wants to propose a session."""

    community: str
    community_name: str
    programme: str
    title: str
    state: CallState
    changes: str | None
    """when the call opens or closes, by the programme's clocks"""
    formats: tuple[Choice, ...]
    values: Mapping[str, str] = field(default_factory=dict)
    problems: Problems = field(default_factory=Problems)
    labels: Mapping[str, str] = field(default_factory=lambda: LABELS)

    def value(self, name: str) -> str:
        return self.values.get(name, "")


def call_state(programme: Programme, now: datetime) -> CallState:
    """A programme without a call takes proposals at any time."""
    if programme.call is None or programme.call.opens <= now < programme.call.closes:
        return CallState.OPEN
    return CallState.EARLY if now < programme.call.opens else CallState.CLOSED


def call_changes(programme: Programme, now: datetime) -> str | None:
    """When the call opens or closes next, or when it closed, in words."""
    if programme.call is None:
        return None
    moment = programme.call.opens if now < programme.call.opens else programme.call.closes
    local = moment.astimezone(zone(programme.zone))
    day = long_day(local_day(moment, programme.zone))
    return f"{day}, {local:%H:%M} {clock_name(local)} ({zone_title(programme.zone)})"


@dataclass(frozen=True)
class OpenCall:
    """A programme that takes proposals now, and until when, in words."""

    programme: str
    title: str
    until: str


def open_calls(facts: Facts, community: str, now: datetime) -> tuple[OpenCall, ...]:
    """The calls that are open, the first to close first. A programme without a call asks nobody."""
    programmes = (each for each in facts.states(PROGRAMME, Programme, community).values() if each.call is not None)
    found = [each for each in programmes if call_state(each, now) is CallState.OPEN]
    found.sort(key=lambda each: (each.call.closes if each.call is not None else now, each.programme))
    return tuple(OpenCall(each.programme, each.title, call_changes(each, now) or "") for each in found)


def offered_formats(programme: Programme) -> tuple[Choice, ...]:
    """The formats to choose from; none where the programme takes any."""
    return tuple(
        Choice(each.format, f"{each.title or each.format.replace('-', ' ').capitalize()} ({each.minutes} minutes)")
        for each in programme.formats
    )


def add_proposing(site: FastAPI, desk: Desk) -> None:
    """The addresses of a programme's call."""

    def found(name: str, programme: str) -> tuple[str, Programme]:
        community = desk.community(name)
        known = desk.facts.state(PROGRAMME, Programme, name, programme)
        if known is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return community.name, known

    def shown(name: str, title: str, programme: Programme, **more: Any) -> ProposingPage:
        now = desk.clock.now()
        return ProposingPage(
            community=name,
            community_name=title,
            programme=programme.programme,
            title=programme.title,
            state=call_state(programme, now),
            changes=call_changes(programme, now),
            formats=offered_formats(programme),
            **more,
        )

    @site.api_route("/{name}/propose/{programme}", methods=["GET", "HEAD"])
    async def ask(name: str, programme: str) -> Response:
        title, known = found(name, programme)
        return page("propose", headers=_HEADERS, proposing=shown(name, title, known))

    @site.post("/{name}/propose/{programme}")
    async def begin(name: str, programme: str, request: Request) -> Response:
        title, known = found(name, programme)
        form = await posted(request)
        try:
            await desk.spokesman.ask_for_anyone(name, _command(known, form), Noted)
        except Rejection as rejection:
            if rejection.code not in _TOLD:
                raise
            problems = Problems.of(rejection.errors, {each: each for each in LABELS})
            values = {each: form.prose(each) for each in LABELS}
            view = shown(name, title, known, values=values, problems=problems)
            return page("propose", status=HTTPStatus.BAD_REQUEST, headers=_HEADERS, proposing=view)
        return RedirectResponse(f"/{name}/propose/{known.programme}/sent", HTTPStatus.SEE_OTHER, _HEADERS)

    @site.api_route("/{name}/propose/{programme}/sent", methods=["GET", "HEAD"])
    async def sent(name: str, programme: str) -> Response:
        title, known = found(name, programme)
        return page("propose-sent", headers=_HEADERS, proposing=shown(name, title, known))


def _command(programme: Programme, form: Form) -> BeginProposal:
    """Raises Rejection that names what is wrong."""
    return command_of(
        BeginProposal,
        {
            "programme": programme.programme,
            "name": form.line("name"),
            "address": form.line("address"),
            "school": form.line("school"),
            "title": form.line("title"),
            "format": form.line("format").lower().replace(" ", "-"),
            "minutes": None if programme.formats else form.whole_number("minutes"),
            "abstract": form.prose("abstract"),
            "access_code": form.line("access_code"),
        },
    )
