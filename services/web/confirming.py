"""A presenter's word on an accepted proposal: GET shows the two buttons, POST gives the word."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import FastAPI, Request, Response

from services.web.desk import PRIVATE, Desk
from services.web.forms import posted
from services.web.pages import Notice, notice_page, page
from shared.contract.catalogue import PROGRAMME, PROPOSAL
from shared.contract.commands.calls import ConfirmPart, DeclinePart
from shared.contract.facts.registrations import Programme, Proposal, ProposalStatus
from shared.contract.results import Rejection, RejectionCode
from shared.links import LinkScope

_WORDS = {"yes": "Yes, I will present it", "no": "No, I cannot"}
_DONE = {
    "yes": ("Thank you: you will present it", "The organisers know that they can rely on you."),
    "no": (
        "Thank you for telling us",
        "The organisers know that you cannot present it. The session is in their hands.",
    ),
}
_NOTHING_CHOSEN = Notice(
    HTTPStatus.BAD_REQUEST, "Nothing was chosen", "Please go back and press one of the buttons on the page."
)
_OVER = Notice(
    HTTPStatus.CONFLICT,
    "There is nothing to confirm any more",
    "The proposal was withdrawn, or you are not among its presenters now. Please write to the organisers.",
)


def add_confirming(site: FastAPI, desk: Desk) -> None:
    """The address in a request to confirm; its end chooses a button."""

    @site.api_route("/me/{token}/confirm", methods=["GET", "HEAD"])
    @site.api_route("/me/{token}/confirm/{chosen}", methods=["GET", "HEAD"])
    async def show(token: str, chosen: str | None = None) -> Response:
        claims, about = desk.claims_about(token, LinkScope.CONFIRM)
        community = desk.community(claims.community)
        await desk.spokesman.holder(claims)
        proposal = desk.facts.state(PROPOSAL, Proposal, claims.community, about)
        if proposal is None or proposal.status is not ProposalStatus.ACCEPTED:
            return notice_page(_OVER, PRIVATE)
        programme = desk.facts.state(PROGRAMME, Programme, claims.community, proposal.programme)
        return page(
            "confirm",
            headers=PRIVATE,
            community=community.name,
            title=proposal.title,
            programme=programme.title if programme is not None else proposal.programme,
            about=proposal.abstract,
            words=_WORDS,
            chosen=chosen,
        )

    @site.post("/me/{token}/confirm")
    @site.post("/me/{token}/confirm/{chosen}")
    async def act(token: str, request: Request, chosen: str | None = None) -> Response:  # noqa: ARG001 - the button counts
        claims, about = desk.claims_about(token, LinkScope.CONFIRM)
        word = (await posted(request)).line("word")
        if word not in _WORDS:
            return notice_page(_NOTHING_CHOSEN, PRIVATE)
        command = ConfirmPart if word == "yes" else DeclinePart
        try:
            await desk.spokesman.tell(claims, command(proposal=about, person=claims.person))
        except Rejection as rejection:
            if rejection.code in {RejectionCode.CONFLICT, RejectionCode.UNKNOWN, RejectionCode.NOT_ALLOWED}:
                return notice_page(_OVER, PRIVATE)
            raise
        title, words = _DONE[word]
        return notice_page(Notice(HTTPStatus.OK, title, words), PRIVATE)
