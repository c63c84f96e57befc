"""Signed links in notices: to a person's own page, to give a seat back, to stop a kind of notice, to their calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.notifier.replies.links import answer_links
from shared.contract.facts.notices import NoticeKind
from shared.contract.facts.registrations import Contact
from shared.contract.facts.replies import PartStat
from shared.links import LinkClaims, LinkKey, LinkScope

PAGE_LASTS = timedelta(days=180)
UNSUBSCRIBING_LASTS = timedelta(days=365)
CALENDAR_LASTS = timedelta(days=5 * 365)
"""A calendar that somebody subscribed to should not fall silent; raising the generation ends it at once."""


@dataclass(frozen=True)
class Links:
    """Signs links for people of one community."""

    key: LinkKey
    web_url: str
    community: str

    def page(self, contact: Contact, now: datetime) -> str:
        """Their own page."""
        return f"{self.web_url}/me/{self._token(contact, LinkScope.ME, now + PAGE_LASTS)}"

    def release_seat(self, contact: Contact, session: str, expires: datetime) -> str:
        """Where they give their seat in a session back."""
        generation = contact.link_generation
        links = answer_links(self.web_url, self.key, self.community, contact.person, session, generation, expires)
        return links[PartStat.DECLINED]

    def unsubscribe(self, contact: Contact, kind: NoticeKind, now: datetime) -> str:
        """Where they end notices of that kind; a POST there does it at once (RFC 8058)."""
        token = self._token(contact, LinkScope.UNSUBSCRIBE, now + UNSUBSCRIBING_LASTS)
        return f"{self.web_url}/me/{token}/unsubscribe/{kind}"

    def unsubscribe_token(self, contact: Contact, now: datetime) -> str:
        return self._token(contact, LinkScope.UNSUBSCRIBE, now + UNSUBSCRIBING_LASTS)

    def calendar(self, contact: Contact, now: datetime) -> str:
        """Their own calendar, to subscribe to."""
        return f"{self.web_url}/me/{self._token(contact, LinkScope.FEED, now + CALENDAR_LASTS)}/calendar.ics"

    def _token(self, contact: Contact, scope: LinkScope, expires: datetime) -> str:
        return self.key.sign(
            LinkClaims(
                community=self.community,
                person=contact.person,
                scope=scope,
                expires=expires,
                generation=contact.link_generation,
            )
        )
