"""What the notifier knows of those whom a mail may be about: addresses, who was invited, whose reply address it is."""

from __future__ import annotations

from collections.abc import Iterable

from services.notifier.planning.book import Book
from services.notifier.replies.incoming import DeliveryReport, Itip
from services.notifier.replies.invited import Invited
from services.notifier.replies.reply_address import ReplyAddresses, ReplyTarget
from services.notifier.replies.trust import Known, session_of
from shared.bus.facts import Facts, Stored
from shared.contract.catalogue import COMMUNITY, CONTACT, INVITE, NOTICE
from shared.contract.facts.notices import Notice
from shared.contract.facts.notifier import Invite
from shared.contract.facts.registrations import Community, Contact
from shared.links import LinkKey


class Acquaintance:
    """Looks things up in the view. Reply addresses are known for everything that was ever sent."""

    def __init__(self, facts: Facts, book: Book, key: LinkKey) -> None:
        self._facts = facts
        self._book = book
        self._addresses = ReplyAddresses(key)
        self._targets: set[ReplyTarget] = set()
        facts.listen(self._notice)
        for kind in (INVITE, NOTICE):
            for community in facts.communities(kind):
                for stored in facts.all(kind, community).values():
                    self._notice(stored)

    def _notice(self, stored: Stored) -> None:
        match stored.state:
            case Invite(person=person, session=about):
                target = ReplyTarget(stored.ref.community, person, about)
            case Notice(person=person, about=about):
                # Only delivery reports come to it, since notices are answered at the plain mailbox.
                target = ReplyTarget(stored.ref.community, person, about)
            case _:
                return
        if target not in self._targets:
            self._targets.add(target)
            self._addresses.know(target)

    def target(self, addresses: Iterable[str]) -> ReplyTarget | None:
        """Whose reply address is among these."""
        return next((found for each in addresses if (found := self._addresses.read(each)) is not None), None)

    def community(self, addresses: Iterable[str]) -> Community | None:
        """Whose mailbox is among these, with or without something after a ``+``."""
        plain = {_without_detail(each) for each in addresses}
        return next((each for each in self._communities() if _without_detail(each.mailbox) in plain), None)

    def community_of(self, message: Itip) -> Community | None:
        """Whose entry a message names."""
        return next((each for each in self._communities() if session_of(message.answers, each.domain)), None)

    def reported(self, report: DeliveryReport) -> ReplyTarget | None:
        """Whose invitation a report is about, by the mail's Message-ID and the address that it went to."""
        recipients = {each.recipient for each in report.statuses}
        for community in self._facts.communities(INVITE) if report.original_id is not None else ():
            for invite in self._facts.states(INVITE, Invite, community).values():
                contact = self.contact(community, invite.person)
                is_theirs = contact is not None and contact.address.lower() in recipients
                if invite.message_id == report.original_id and is_theirs:
                    return ReplyTarget(community, invite.person, invite.session)
        return None

    def contact(self, community: str, person: str) -> Contact | None:
        return self._facts.state(CONTACT, Contact, community, person)

    def invited(self, community: str, person: str, session: str) -> Invited | None:
        """What that person's calendar was told last of that session."""
        correspondence = self._book.of(community).get((person, session))
        return Invited.by(correspondence) if correspondence is not None else None

    def invited_as(self, community: str, person: str, session: str) -> Invited | None:
        """What that person was told of a session last, or else what those were told who were invited to it."""
        own = self.invited(community, person, session)
        others = (each for each, about in self._book.of(community) if about == session)
        found = own or next((each for other in others if (each := self.invited(community, other, session))), None)
        return found.of(person) if found is not None else None

    def person_at(self, community: str, address: str) -> str | None:
        """Whose address that is."""
        contacts = self._facts.states(CONTACT, Contact, community)
        return next((ids[0] for ids, each in contacts.items() if each.address.lower() == address.lower()), None)

    def known(self, community: Community, target: ReplyTarget | None, message: Itip) -> Known:
        """What a message of that community is judged by."""
        session = session_of(message.answers, community.domain)
        book = self._book.of(community.community)
        return Known(
            domain=community.domain,
            addresses={person: each.address.lower() for person, each in self._contacts(community).items()},
            target=target,
            session=session,
            invited=frozenset(person for person, about in book if about == session),
        )

    def named(self, name: str) -> Community | None:
        return self._facts.state(COMMUNITY, Community, name, name)

    def _contacts(self, community: Community) -> dict[str, Contact]:
        states = self._facts.states(CONTACT, Contact, community.community)
        return {ids[0]: contact for ids, contact in states.items()}

    def _communities(self) -> list[Community]:
        found = (self.named(name) for name in self._facts.communities(COMMUNITY))
        return [each for each in found if each is not None]


def _without_detail(address: str) -> str:
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
