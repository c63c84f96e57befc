"""Puts a notice that is due into words, with its links; nothing while what it is about is not in the view yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.notifier.asking.letters import (
    Addressee,
    confirm_letter,
    edit_link_letter,
    enrolled_letter,
    offer_letter,
    received_letter,
)
from services.notifier.asking.stretches import NoticeDue
from services.notifier.asking.ways import Ways
from services.notifier.content.letter import Letter
from services.notifier.notices.links import Links
from services.notifier.planning.entries import entry_of
from shared.bus.facts import Facts
from shared.contract.catalogue import (
    CONFIRMATION,
    CONTACT,
    ENROLMENT,
    ENROLMENT_RULE,
    PROGRAMME,
    PROPOSAL,
    RELEASE,
    SEATING,
)
from shared.contract.facts.calls import Confirmation
from shared.contract.facts.enrolment import Enrolment, EnrolmentRule
from shared.contract.facts.notices import NoticeKind
from shared.contract.facts.notifier import CalendarEntry
from shared.contract.facts.registrations import Contact, Programme, Proposal, Seating
from shared.contract.facts.scheduler import Release
from shared.contract.facts.seats import Pool
from shared.links import LinkKey


@dataclass(frozen=True)
class Composed:
    """A letter, and the header fields that go with it."""

    letter: Letter
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Composition:
    """Writes notices by what the view knows. ``chase`` tells that the same was asked before."""

    facts: Facts
    key: LinkKey
    web_url: str

    def of(self, due: NoticeDue, to: Addressee, now: datetime, *, chase: bool) -> Composed | None:
        """The letter of a notice, as of now."""
        match due.kind:
            case NoticeKind.EDIT_LINK | NoticeKind.PROPOSAL_RECEIVED:
                return self._of_proposal(due, to, now)
            case NoticeKind.CONFIRM:
                return self._of_confirmation(due, to, now, chase=chase)
            case NoticeKind.SEAT_OFFER:
                return self._of_offer(due, to)
            case NoticeKind.ENROLLED:
                return self._of_enrolment(due, to, now)
        raise TypeError(f"{due.kind} is not written here")

    def _of_proposal(self, due: NoticeDue, to: Addressee, now: datetime) -> Composed | None:
        name = to.community.community
        proposal = self.facts.state(PROPOSAL, Proposal, name, due.about)
        if proposal is None:
            return None
        programme = self.facts.state(PROGRAMME, Programme, name, proposal.programme)
        closes = programme.call.closes if programme is not None and programme.call is not None else None
        closes = closes if closes is not None and closes > now else None
        url = self._ways(name).proposal(to.contact, due.about, now)
        write = edit_link_letter if due.kind is NoticeKind.EDIT_LINK else received_letter
        return Composed(write(to, proposal.title, self._title(name, proposal.programme), closes, url))

    def _of_confirmation(self, due: NoticeDue, to: Addressee, now: datetime, *, chase: bool) -> Composed | None:
        name = to.community.community
        proposal = self.facts.state(PROPOSAL, Proposal, name, due.about)
        confirmation = self.facts.state(CONFIRMATION, Confirmation, name, due.person, due.about)
        if proposal is None or confirmation is None:
            return None
        url = self._ways(name).confirm(to.contact, due.about, now)
        programme = self._title(name, proposal.programme)
        return Composed(confirm_letter(to, proposal.title, programme, confirmation.asked, url, chase=chase))

    def _of_offer(self, due: NoticeDue, to: Addressee) -> Composed | None:
        name = to.community.community
        seating = self.facts.state(SEATING, Seating, name, due.about)
        if seating is None:
            return None
        offer = next((each for each in seating.offers if each.person == due.person), None)
        entry = self._entry(name, seating)
        if offer is None or entry is None:
            return None
        url = self._ways(name).offer(to.contact, due.about, offer.expires)
        return Composed(offer_letter(to, entry, offer.expires, url, online=offer.pool is Pool.ONLINE))

    def _of_enrolment(self, due: NoticeDue, to: Addressee, now: datetime) -> Composed | None:
        name = to.community.community
        enrolment = self.facts.state(ENROLMENT, Enrolment, name, due.person, due.about)
        if enrolment is None:
            return None
        rules = [self.facts.state(ENROLMENT_RULE, EnrolmentRule, name, each) for each in enrolment.rules]
        groups = [each.group for each in rules if each is not None]
        if len(groups) < len(rules):
            return None
        page = Links(self.key, self.web_url, name).page(to.contact, now)
        leave = self._ways(name).leave(to.contact, due.about, now)
        letter = enrolled_letter(to, self._title(name, due.about), groups, page, leave)
        return Composed(letter, {"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": _ONE_CLICK})

    def _entry(self, name: str, seating: Seating) -> CalendarEntry | None:
        """The session as its newest seating has it; None until its release is in the view."""
        release = self.facts.state(RELEASE, Release, name, seating.programme, str(seating.release))
        proposal = self.facts.state(PROPOSAL, Proposal, name, seating.proposal)
        if release is None or proposal is None:
            return None
        placement = next((each for each in release.placements if each.session == seating.session), None)
        if placement is None:
            return None
        contacts = {each: self.facts.state(CONTACT, Contact, name, each) for each in proposal.presenters}
        names = {person: each.name for person, each in contacts.items() if each is not None and each.name_public}
        return entry_of(placement, release.zone, seating.place, proposal, names)

    def _title(self, name: str, programme: str) -> str:
        known = self.facts.state(PROGRAMME, Programme, name, programme)
        return known.title if known is not None else programme

    def _ways(self, name: str) -> Ways:
        return Ways(self.key, self.web_url, name)


_ONE_CLICK = "List-Unsubscribe=One-Click"
