"""The page behind a one-tap link: opening it shows the invitation with one answer chosen, pressing a button answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import parse_qs

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from services.web.asking import UnavailableError
from services.web.pages import Notice, notice_page, page
from services.web.times import WrittenTime, local_day, long_day, same_clocks, written_time, zone_title
from shared.bus.client import Requester, UnreachableError
from shared.bus.connection import Bus
from shared.contract.authority import person_actor
from shared.contract.commands.replies import AnswerInvitation, AnswerShown, AskAnswer
from shared.contract.facts.replies import COMMENT_LENGTH, PartStat
from shared.contract.results import Rejection, RejectionCode
from shared.contract.subjects import Service
from shared.links import LinkClaims, LinkError, LinkScope
from shared.time.intervals import Interval

ANSWERING = "/answer/"
_PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
_LONGEST_FORM = 8 * 1024
_PATIENCE = 3.0

_NO_ANSWER = Notice(
    HTTPStatus.BAD_REQUEST,
    "No answer was chosen",
    "Please go back and press one of the buttons: coming, maybe, or cannot come.",
)
_NOT_TAKEN = Notice(
    HTTPStatus.CONFLICT,
    "This can no longer be answered",
    "The session is over, or your answer could not be taken as it was. Please write to the organisers.",
)


@dataclass(frozen=True)
class Choice:
    """One button, and whether the link that was opened chose it."""

    value: PartStat
    words: str
    chosen: bool


@dataclass(frozen=True)
class AnswerPage:
    """What the holder of a link sees. ``standing`` is what they answered, in words."""

    name: str
    title: str
    day: str
    time: WrittenTime
    zone_title: str
    elsewhere: WrittenTime | None
    location: str
    further_dates: tuple[str, ...]
    open: bool
    standing: str | None
    choices: tuple[Choice, ...]
    longest_comment: int = COMMENT_LENGTH


_BUTTONS = {
    PartStat.ACCEPTED: "I am coming",
    PartStat.TENTATIVE: "Maybe",
    PartStat.DECLINED: "I cannot come",
}
_STANDING = {
    PartStat.ACCEPTED: "You are coming.",
    PartStat.TENTATIVE: "You may come.",
    PartStat.DECLINED: "You are not coming; your seat goes to somebody else.",
    PartStat.DELEGATED: "You would like to send somebody else; the organisers know.",
}


def answer_page(shown: AnswerShown, chosen: PartStat) -> AnswerPage:
    """The page for an invitation, told by its reader's clocks, and by the session's where those differ."""
    time = Interval(shown.start, shown.start + timedelta(minutes=shown.minutes))
    day = local_day(shown.start, shown.own_zone)
    same = same_clocks(time, shown.own_zone, shown.zone)
    return AnswerPage(
        name=shown.name,
        title=shown.title,
        day=long_day(day),
        time=written_time(time, shown.own_zone, day),
        zone_title=zone_title(shown.own_zone),
        elsewhere=None if same else written_time(time, shown.zone, day),
        location=shown.location,
        further_dates=tuple(_date(each, shown) for each in shown.dates if each != shown.start),
        open=shown.open,
        standing=_STANDING[shown.partstat] if shown.partstat is not None else None,
        choices=tuple(Choice(value, words, value is chosen) for value, words in _BUTTONS.items()),
    )


def _date(start: datetime, shown: AnswerShown) -> str:
    """One more date of a series, by its reader's clock."""
    day = local_day(start, shown.own_zone)
    time = written_time(Interval(start, start + timedelta(minutes=shown.minutes)), shown.own_zone, day)
    return f"{long_day(day)}, {time.start} to {time.end}"


class Answers:
    """Asks the notifier about answers, and gives them."""

    def __init__(self, bus: Bus, verified: Callable[[str, LinkScope], LinkClaims]) -> None:
        self._bus = bus
        self._verified = verified

    def claims(self, token: str) -> tuple[LinkClaims, str]:
        """What a link says, and the session that it is about. Raises LinkError."""
        claims = self._verified(token, LinkScope.ANSWER)
        if claims.session is None:
            raise LinkError("this link is for something else")
        return claims, claims.session

    async def shown(self, token: str) -> AnswerShown:
        """The invitation. Raises LinkError, UnavailableError."""
        claims, session = self.claims(token)
        question = AskAnswer(person=claims.person, session=session, generation=claims.generation)
        try:
            async with asyncio.timeout(_PATIENCE):
                return await self._requester(claims).ask(Service.NOTIFIER, question, AnswerShown)
        except (Rejection, UnreachableError, TimeoutError) as error:
            raise _told(error) from error

    async def give(self, token: str, partstat: PartStat, comment: str | None) -> bool:
        """Answer; false when it can no longer be answered. Raises LinkError, UnavailableError."""
        claims, session = self.claims(token)
        answer = {
            "person": claims.person,
            "session": session,
            "partstat": partstat,
            "comment": comment,
            "generation": claims.generation,
        }
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._requester(claims).command(Service.NOTIFIER, AnswerInvitation.model_validate(answer))
        except Rejection as rejection:
            if rejection.code in {RejectionCode.CONFLICT, RejectionCode.INVALID}:
                return False
            raise _told(rejection) from rejection
        except (UnreachableError, TimeoutError) as error:
            raise _told(error) from error
        return True

    def _requester(self, claims: LinkClaims) -> Requester:
        return Requester(self._bus, claims.community, person_actor(claims.person), patience=_PATIENCE)


def _told(error: Exception) -> Exception:
    if isinstance(error, Rejection) and error.code is RejectionCode.UNKNOWN:
        return LinkError("this link was revoked")
    return UnavailableError()


def add_answering(site: FastAPI, bus: Bus, verified: Callable[[str, LinkScope], LinkClaims]) -> None:
    """The two addresses: to read and to answer. ``verified`` tells what a link of a scope says, or raises LinkError."""
    answers = Answers(bus, verified)

    @site.api_route(ANSWERING + "{token}/{chosen}", methods=["GET", "HEAD"])
    async def show(token: str, chosen: str) -> Response:
        shown = await answers.shown(token)
        return page("answer", headers=_PRIVATE, answer=answer_page(shown, _partstat(chosen) or PartStat.ACCEPTED))

    @site.post(ANSWERING + "{token}/{chosen}")
    async def act(token: str, chosen: str, request: Request) -> Response:  # noqa: ARG001 - the button counts
        answers.claims(token)
        form = await _form(request)
        partstat = _partstat(form.get("partstat", ""))
        if partstat is None:
            return notice_page(_NO_ANSWER, _PRIVATE)
        if not await answers.give(token, partstat, form.get("comment")):
            return notice_page(_NOT_TAKEN, _PRIVATE)
        return RedirectResponse(f"{ANSWERING}{token}/{partstat}", HTTPStatus.SEE_OTHER, _PRIVATE)


def _partstat(text: str) -> PartStat | None:
    return PartStat(text) if text in _BUTTONS else None


async def _form(request: Request) -> dict[str, str]:
    """The fields of a posted form, without empty ones; nothing of one that is too large."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST_FORM:
            return {}
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=10)
    except ValueError:
        return {}
    return {name: " ".join(values[0].split())[:COMMENT_LENGTH] for name, values in fields.items()}
