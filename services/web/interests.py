"""What a person would like to come to: one list of the accepted sessions, with an answer to each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from services.web.desk import PRIVATE, Desk
from services.web.forms import Form, posted
from services.web.pages import page
from shared.bus.facts import Facts
from shared.contract.catalogue import PROGRAMME, PROPOSAL
from shared.contract.commands.intake import AskPersonState, PersonShown
from shared.contract.commands.registrations import StateInterest
from shared.contract.facts.registrations import Programme, Proposal, ProposalStatus
from shared.contract.results import Accepted, Rejection, RejectionCode
from shared.contract.values import InterestLevel
from shared.links import LinkClaims

_WORDS = {
    InterestLevel.COMING: "I want to come",
    InterestLevel.INTERESTED: "It interests me",
    InterestLevel.NOT_ME: "Not for me",
}
_FIELD = "level-"


@dataclass(frozen=True)
class Choice:
    value: str
    words: str
    chosen: bool


@dataclass(frozen=True)
class Offered:
    """One session that somebody may want to come to."""

    proposal: str
    title: str
    kind: str
    about: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class OfferedProgramme:
    programme: str
    title: str
    sessions: tuple[Offered, ...]


def offered(
    facts: Facts, community: str, levels: Mapping[str, InterestLevel], person: str, today: date
) -> tuple[OfferedProgramme, ...]:
    """Accepted sessions of programmes that are not over, but for those that the person presents."""
    programmes = facts.states(PROGRAMME, Programme, community).values()
    proposals = [
        each
        for each in facts.states(PROPOSAL, Proposal, community).values()
        if each.status is ProposalStatus.ACCEPTED and person not in each.presenters
    ]
    current = sorted(
        (each for each in programmes if each.last_day >= today), key=lambda each: (each.first_day, each.programme)
    )
    views = (
        OfferedProgramme(
            each.programme,
            each.title,
            _sessions((proposal for proposal in proposals if proposal.programme == each.programme), levels),
        )
        for each in current
    )
    return tuple(view for view in views if view.sessions)


def _sessions(proposals: Iterable[Proposal], levels: Mapping[str, InterestLevel]) -> tuple[Offered, ...]:
    return tuple(
        Offered(
            proposal=each.proposal,
            title=each.title,
            kind=_kind(each),
            about=each.abstract,
            choices=tuple(Choice(level, words, levels.get(each.proposal) is level) for level, words in _WORDS.items()),
        )
        for each in sorted(proposals, key=lambda proposal: (proposal.title, proposal.proposal))
    )


def _kind(proposal: Proposal) -> str:
    """What one signs up for: the format, how long a session is, and how often it meets."""
    once, sessions = f"{proposal.format.replace('-', ' ').capitalize()}, {proposal.minutes} minutes", proposal.to_hold()
    if proposal.is_series:
        return f"{once}, every week, {len(sessions)} times"
    return once if len(sessions) == 1 else f"{once}, in {len(sessions)} parts"


def stated(form: Form, levels: Mapping[str, InterestLevel]) -> dict[str, InterestLevel]:
    """What the form says otherwise than what is known, by proposal; what is no answer is passed over."""
    answers = {name.removeprefix(_FIELD): form.line(name) for name in form.fields if name.startswith(_FIELD)}
    known = {proposal: InterestLevel(text) for proposal, text in answers.items() if text in _WORDS}
    return {proposal: level for proposal, level in known.items() if levels.get(proposal) is not level}


def add_interests(site: FastAPI, desk: Desk) -> None:
    """The address where a person says what they would like to come to."""

    async def known(claims: LinkClaims) -> dict[str, InterestLevel]:
        shown = await desk.spokesman.ask(claims, AskPersonState(person=claims.person), PersonShown)
        return {each.session: each.level for each in shown.interests}

    @site.api_route("/me/{token}/interests", methods=["GET", "HEAD"])
    async def show(token: str, saved: str | None = None) -> Response:
        claims = desk.claims(token)
        community = desk.community(claims.community)
        levels = await known(claims)
        programmes = offered(desk.facts, claims.community, levels, claims.person, desk.clock.now().date())
        return page(
            "interests", headers=PRIVATE, community=community.name, programmes=programmes, saved=saved is not None
        )

    @site.post("/me/{token}/interests")
    async def act(token: str, request: Request) -> Response:
        claims = desk.claims(token)
        form = await posted(request)
        for proposal, level in stated(form, await known(claims)).items():
            if desk.facts.state(PROPOSAL, Proposal, claims.community, proposal) is None:
                continue
            try:
                command = StateInterest(person=claims.person, session=proposal, level=level)
                await desk.spokesman.ask_again(claims, command, Accepted)
            except Rejection as rejection:
                # It was withdrawn while they looked at it: there is nothing to come to.
                if rejection.code not in {RejectionCode.UNKNOWN, RejectionCode.CONFLICT}:
                    raise
        return RedirectResponse(f"/me/{token}/interests?saved=yes", HTTPStatus.SEE_OTHER, PRIVATE)
