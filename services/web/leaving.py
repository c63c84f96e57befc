"""Leaving a programme that a rule enrolled one in: GET shows one button, POST acts at once (RFC 8058)."""

from __future__ import annotations

from fastapi import FastAPI, Response

from services.web.desk import PRIVATE, Desk
from services.web.pages import page
from shared.contract.catalogue import PROGRAMME
from shared.contract.commands.enrolment import LeaveEnrolment
from shared.contract.facts.registrations import Programme
from shared.contract.results import Rejection, RejectionCode
from shared.links import LinkClaims, LinkScope


def add_leaving(site: FastAPI, desk: Desk) -> None:
    """The address in List-Unsubscribe of a notice of enrolment. What is posted there is not read: the link says all."""

    def shown(claims: LinkClaims, about: str, *, done: bool) -> Response:
        community = desk.community(claims.community)
        known = desk.facts.state(PROGRAMME, Programme, claims.community, about)
        title = known.title if known is not None else about
        return page("leave", headers=PRIVATE, community=community.name, programme=title, done=done)

    @site.api_route("/me/{token}/leave", methods=["GET", "HEAD"])
    async def ask(token: str) -> Response:
        claims, about = desk.claims_about(token, LinkScope.ENROLMENT)
        await desk.spokesman.holder(claims)
        return shown(claims, about, done=False)

    @site.post("/me/{token}/leave")
    async def act(token: str) -> Response:
        claims, about = desk.claims_about(token, LinkScope.ENROLMENT)
        try:
            await desk.spokesman.tell(claims, LeaveEnrolment(person=claims.person, programme=about))
        except Rejection as rejection:
            # Whom no rule enrols (any more) is where they want to be.
            if rejection.code not in {RejectionCode.CONFLICT, RejectionCode.UNKNOWN}:
                raise
        return shown(claims, about, done=True)
