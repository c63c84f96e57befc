"""A proposal by its link: look at it, change it, send it in, name who presents it too, withdraw it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from services.web.desk import PRIVATE, Desk
from services.web.forms import Form, Problems, command_of, posted
from services.web.pages import Notice, notice_page, page
from services.web.proposal_dates import dates_of
from services.web.proposal_page import FIELDS_OF_COMMAND, LABELS, changed, proposal_page, similar_words
from shared.contract.catalogue import PROGRAMME, PROPOSAL
from shared.contract.commands.calls import CallOffSession, InvitePresenter, Noted, ProposalSaved, SimilarProposal
from shared.contract.commands.intake import AskProposal, ProposalShown
from shared.contract.commands.registrations import DraftProposal, SubmitProposal, WithdrawProposal
from shared.contract.facts.registrations import Programme, Proposal, ProposalStatus
from shared.contract.results import FieldError, Rejection, RejectionCode
from shared.links import LinkClaims, LinkError, LinkScope
from shared.time.zones import zone

_WITHDRAWN = Notice(
    HTTPStatus.OK,
    "Your proposal is withdrawn",
    "The organisers know. If it had a place in the programme, it leaves calendars with the next release.",
)
_TOLD = frozenset({RejectionCode.INVALID, RejectionCode.NOT_ALLOWED, RejectionCode.CONFLICT, RejectionCode.UNKNOWN})


@dataclass(frozen=True)
class _Opened:
    """A proposal as the holder of a link may see it."""

    claims: LinkClaims
    proposal: Proposal
    programme: Programme | None
    community_name: str


class ProposalDesk:
    """Shows and changes proposals for the holders of links."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def opened(self, token: str) -> _Opened:
        """Raises LinkError, also for who does not present it (any more), and UnavailableError."""
        desk = self._desk
        claims, about = desk.claims_about(token, LinkScope.PROPOSAL)
        community = desk.community(claims.community)
        try:
            shown = await desk.spokesman.ask(claims, AskProposal(proposal=about), ProposalShown)
        except Rejection as rejection:
            if rejection.code is RejectionCode.UNKNOWN:
                raise LinkError("the proposal is gone") from rejection
            raise
        if shown.whole is None or claims.person not in shown.whole.presenters:
            raise LinkError("this link is for one of its presenters")
        programme = desk.facts.state(PROGRAMME, Programme, claims.community, shown.whole.programme)
        return _Opened(claims, shown.whole, programme, community.name)

    async def show(self, opened: _Opened, status: int = HTTPStatus.OK, **more: Any) -> Response:
        desk, claims, proposal = self._desk, opened.claims, opened.proposal
        names = await desk.people.names(claims.community, proposal.presenters)
        others = desk.facts.states(PROPOSAL, Proposal, claims.community).values()
        view = proposal_page(
            opened.community_name,
            opened.programme,
            proposal,
            claims.person,
            names=names or {},
            others={
                each.proposal: each.title
                for each in others
                if each.programme == proposal.programme and each.status is ProposalStatus.ACCEPTED
            },
            now=desk.clock.now(),
            dates=dates_of(desk.facts, claims.community, proposal),
            **more,
        )
        return page("proposal", status=status, headers=PRIVATE, proposal=view)

    async def keep(self, opened: _Opened, form: Form) -> tuple[SimilarProposal, ...]:
        """Have the proposal become what the form says; what it looks like. Raises Rejection."""
        desk, proposal, programme = self._desk, opened.proposal, opened.programme
        local = zone(programme.zone) if programme is not None else None
        today = desk.clock.now().astimezone(local).date()
        fields = changed(proposal, programme, form, today) | {"access_code": form.line("access_code")}
        is_draft = proposal.status is ProposalStatus.DRAFTED and form.line("act") != "submit"
        command = command_of(DraftProposal if is_draft else SubmitProposal, fields)
        return (await desk.spokesman.ask(opened.claims, command, ProposalSaved)).similar

    async def invite(self, opened: _Opened, form: Form) -> None:
        """Name somebody who presents it too. Raises Rejection."""
        fields = {
            "proposal": opened.proposal.proposal,
            "name": form.line("name"),
            "address": form.line("address"),
            "access_code": form.line("access_code"),
        }
        await self._desk.spokesman.ask(opened.claims, command_of(InvitePresenter, fields), Noted)

    async def call_off(self, opened: _Opened, form: Form) -> None:
        """Not hold one of its sessions, or hold it again. Raises Rejection."""
        off = bool(form.line("call_off"))
        fields = {"session": form.line("call_off") or form.line("hold"), "off": off}
        command = command_of(CallOffSession, fields | {"proposal": opened.proposal.proposal})
        await self._desk.spokesman.tell(opened.claims, command)

    async def withdraw(self, opened: _Opened) -> None:
        """Raises Rejection."""
        command = WithdrawProposal(proposal=opened.proposal.proposal)
        await self._desk.spokesman.tell(opened.claims, command)


def add_editing(site: FastAPI, desk: Desk) -> None:
    """The addresses behind the link to a proposal."""
    proposals = ProposalDesk(desk)

    @site.api_route("/me/{token}/proposal", methods=["GET", "HEAD"])
    async def show(token: str, saved: str | None = None) -> Response:
        return await proposals.show(await proposals.opened(token), saved=saved is not None)

    @site.post("/me/{token}/proposal")
    async def act(token: str, request: Request) -> Response:
        opened = await proposals.opened(token)
        form = await posted(request)
        try:
            if form.line("act") == "invite":
                await proposals.invite(opened, form)
                similar: tuple[SimilarProposal, ...] = ()
            elif form.line("act") == "dates":
                await proposals.call_off(opened, form)
                similar = ()
            else:
                similar = await proposals.keep(opened, form)
        except Rejection as rejection:
            if rejection.code not in _TOLD:
                raise
            problems = _named(rejection.errors)
            return await proposals.show(opened, HTTPStatus.BAD_REQUEST, problems=problems, **_as_filled_in(form))
        if similar:
            return await proposals.show(await proposals.opened(token), saved=True, similar=similar_words(similar))
        return RedirectResponse(f"/me/{token}/proposal?saved=yes", HTTPStatus.SEE_OTHER, PRIVATE)

    @site.api_route("/me/{token}/proposal/withdraw", methods=["GET", "HEAD"])
    async def ask(token: str) -> Response:
        opened = await proposals.opened(token)
        return page("withdraw", headers=PRIVATE, title=opened.proposal.title, community=opened.community_name)

    @site.post("/me/{token}/proposal/withdraw")
    async def withdraw(token: str) -> Response:
        await proposals.withdraw(await proposals.opened(token))
        return notice_page(_WITHDRAWN, PRIVATE)


def _as_filled_in(form: Form) -> Mapping[str, Any]:
    """What was written, to be mended rather than written again."""
    if form.line("act") in {"invite", "dates"}:
        return {}
    return {"values": {name: form.prose(name) for name in LABELS}, "chosen": frozenset(form.all("prerequisites"))}


def _named(errors: tuple[FieldError, ...]) -> Problems:
    return Problems.of(errors, FIELDS_OF_COMMAND)
