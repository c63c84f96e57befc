"""Signed links in what people are asked: each leads to one page about one thing, and only pressing there acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.contract.facts.registrations import Contact
from shared.links import LinkClaims, LinkKey, LinkScope

PROPOSAL_LASTS = timedelta(days=365)
CONFIRMING_LASTS = timedelta(days=90)
LEAVING_LASTS = timedelta(days=365)


@dataclass(frozen=True)
class Ways:
    """Signs links for people of one community."""

    key: LinkKey
    web_url: str
    community: str

    def proposal(self, contact: Contact, proposal: str, now: datetime) -> str:
        """Where they go on with their proposal, send it in, or withdraw it."""
        return f"{self._page(contact, LinkScope.PROPOSAL, proposal, now + PROPOSAL_LASTS)}/proposal"

    def confirm(self, contact: Contact, proposal: str, now: datetime) -> str:
        """Where they say that they present it; ``/yes`` or ``/no`` chooses a button."""
        return f"{self._page(contact, LinkScope.CONFIRM, proposal, now + CONFIRMING_LASTS)}/confirm"

    def offer(self, contact: Contact, session: str, expires: datetime) -> str:
        """Where they take the seat or let it go; ``/accept`` or ``/decline`` chooses a button."""
        return f"{self._page(contact, LinkScope.OFFER, session, expires)}/offer"

    def leave(self, contact: Contact, programme: str, now: datetime) -> str:
        """Where they leave a programme that a rule enrolled them in; a POST there does it at once (RFC 8058)."""
        return f"{self._page(contact, LinkScope.ENROLMENT, programme, now + LEAVING_LASTS)}/leave"

    def _page(self, contact: Contact, scope: LinkScope, about: str, expires: datetime) -> str:
        claims = LinkClaims(
            community=self.community,
            person=contact.person,
            scope=scope,
            expires=expires,
            generation=contact.link_generation,
            session=about,
        )
        return f"{self.web_url}/me/{self.key.sign(claims)}"
