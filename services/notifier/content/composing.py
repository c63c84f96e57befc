"""Composes mails about sessions: the message, its links and its reply address, signed if there is a key for that."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.notifier.content.dkim import Signer
from services.notifier.content.mail import write_mail
from services.notifier.delivery.life import Mail
from services.notifier.planning.message import MessageDue
from services.notifier.replies.links import answer_links
from services.notifier.replies.reply_address import reply_address
from shared.contract.facts.registrations import Community, Contact
from shared.links import LinkClaims, LinkKey, LinkScope

LINK_LASTS = timedelta(days=180)


class Composer:
    """Writes what goes out; the bytes depend on nothing but the arguments and the keys.

    ``reads_replies`` tells that mail to the community's mailbox with a token comes to us; without that, answers go to
    the mailbox as it is, where a human reads them.
    """

    def __init__(
        self, key: LinkKey, web_url: str, *, reads_replies: bool = False, signer: Signer | None = None
    ) -> None:
        self._key = key
        self._web_url = web_url
        self._reads_replies = reads_replies
        self._signer = signer

    def mail(self, message: MessageDue, community: Community, contact: Contact, now: datetime) -> Mail:
        """The mail for a message that is due, claimed ``now``."""
        session, expires = message.session, now + LINK_LASTS
        written = write_mail(
            message,
            community,
            contact,
            now,
            self.page_url(community.community, contact, now),
            reply_to=self.sender(community, contact.person, session) if self._reads_replies else None,
            answer_urls=answer_links(
                self._web_url,
                self._key,
                community.community,
                contact.person,
                _asked_about(message),
                contact.link_generation,
                expires,
            ),
        )
        return self.signed(written, community, now)

    def signed(self, written: Mail, community: Community, now: datetime) -> Mail:
        """The mail with the community's signature, if there is a key for that."""
        if self._signer is None:
            return written
        return Mail(written.message_id, self._signer.signed(written.text, _domain(community.mailbox), now))

    def sender(self, community: Community, person: str, session: str) -> str:
        """The envelope sender, to which delivery reports go: it tells whom they are about, where we read them."""
        if not self._reads_replies:
            return community.mailbox
        return reply_address(community.mailbox, self._key, community.community, person, session)

    def page_url(self, community: str, contact: Contact, now: datetime) -> str:
        """The person's signed link to their own page."""
        claims = LinkClaims(
            community=community,
            person=contact.person,
            scope=LinkScope.ME,
            expires=now + LINK_LASTS,
            generation=contact.link_generation,
        )
        return f"{self._web_url}/me/{self._key.sign(claims)}"


def _asked_about(message: MessageDue) -> str:
    """What an answer by the mail's links is about: of a date of a series, that date alone."""
    date = message.entry.session_on(message.occurrence) if message.occurrence is not None else None
    return date or message.session


def _domain(mailbox: str) -> str:
    return mailbox.rpartition("@")[2]
