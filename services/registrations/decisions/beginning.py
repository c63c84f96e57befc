"""Decisions about people without an account: a proposal begun by a stranger, a presenter named by address.

Nothing that is answered tells whether an address is known: what depends on that is decided in silence.
"""

from __future__ import annotations

from datetime import timedelta

from services.registrations.decisions.access import admission
from services.registrations.decisions.ledger import Ledger
from services.registrations.decisions.people import AddressKey
from services.registrations.decisions.proposals import change_presenters, check_own
from services.registrations.decisions.terms import minutes_of
from shared.contract.authority import Actor, ActorKind
from shared.contract.catalogue import AFFILIATION, COMMUNITY, CONTACT, PERSON_KEY, PROGRAMME, PROPOSAL
from shared.contract.commands.calls import BeginProposal, InvitePresenter
from shared.contract.envelope import digest
from shared.contract.facts.registrations import (
    Affiliation,
    Community,
    Contact,
    PersonKey,
    Programme,
    Proposal,
    ProposalStatus,
)
from shared.contract.results import Rejection, RejectionCode
from shared.contract.values import new_id

MOST_DRAFTS = 3
"""Proposals begun for one address within a day; what is over that is answered alike, and does nothing."""
MOST_BEGUN = 120
"""Proposals begun in one programme within an hour. Several processes together may take in a few more."""
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=15), timedelta(days=1)
_MOST_PRESENTERS = 20


def begin(ledger: Ledger, command: BeginProposal, actor: Actor, keys: AddressKey) -> None:
    """A draft for whoever has that address, and a link to it wanted; a new person where nobody has it."""
    programme = ledger.require(PROGRAMME, Programme, "programme", command.programme)
    _check_not_the_mailbox(ledger, command.address)
    access = admission(ledger, programme, actor, command.access_code, None, keys)
    minutes = minutes_of(programme, command.format, command.minutes)
    everybodys = list(ledger.all(PROPOSAL, Proposal).values())
    _check_not_too_many(ledger, programme, everybodys)
    person = _who_has(ledger, command.address, keys)
    theirs = [each for each in everybodys if person is not None and each.presenters[0] == person]
    if (same := _the_same(theirs, command)) is not None:
        _want_link_again(ledger, same)
        return
    begun = [each for each in theirs if each.begun_at is not None]
    if sum(_within(ledger, each, timedelta(days=1)) for each in begun) >= MOST_DRAFTS:
        return
    person = person or _newcomer(ledger, command, command.zone or programme.zone, keys)
    proposal = Proposal(
        proposal=_next_id(ledger, person, len(begun)),
        programme=programme.programme,
        title=command.title,
        abstract=command.abstract,
        format=command.format,
        minutes=minutes,
        presenters=(person,),
        status=ProposalStatus.DRAFTED,
        begun_at=ledger.now,
        link_wanted=ledger.now,
        links_wanted=1,
        access=access,
    )
    ledger.write(PROPOSAL, (proposal.proposal,), ProposalStatus.DRAFTED, proposal)


def invite(ledger: Ledger, command: InvitePresenter, actor: Actor, keys: AddressKey) -> None:
    """Somebody named by address presents the proposal too. They hear of it when it is accepted."""
    known = ledger.require(PROPOSAL, Proposal, "proposal", command.proposal)
    check_own(known, actor)
    programme = ledger.require(PROGRAMME, Programme, "proposal", known.programme)
    _check_not_the_mailbox(ledger, command.address)
    if known.status is ProposalStatus.ACCEPTED and actor.kind is not ActorKind.ORGANISER:
        raise Rejection.of(
            RejectionCode.CONFLICT, "proposal", "is accepted already", "one that is not; or ask the organiser"
        )
    access = admission(ledger, programme, actor, command.access_code, known, keys)
    person = _who_has(ledger, command.address, keys)
    if person is not None and person in known.presenters:
        return
    if len(known.presenters) >= _MOST_PRESENTERS:
        allowed = f"a proposal with fewer than {_MOST_PRESENTERS} presenters"
        raise Rejection.of(RejectionCode.CONFLICT, "proposal", "has as many presenters as it may", allowed)
    person = person or _newcomer(ledger, command, programme.zone, keys)
    joined = known.model_copy(update={"presenters": (*known.presenters, person), "access": access})
    change_presenters(ledger, joined, known)


def verify(ledger: Ledger, actor: Actor) -> None:
    """Whoever acts through a link that was mailed to them has shown that the address is theirs."""
    if actor.kind is not ActorKind.PERSON:
        return
    contact = ledger.get(CONTACT, Contact, actor.name)
    if contact is not None and not contact.verified:
        ledger.write(CONTACT, (actor.name,), "verified", contact.model_copy(update={"verified": True}))


def _check_not_the_mailbox(ledger: Ledger, address: str) -> None:
    community = ledger.get(COMMUNITY, Community, ledger.community)
    if community is not None and community.mailbox.lower() == address.lower():
        raise Rejection.of(
            RejectionCode.CONFLICT, "address", "is the community's own mailbox", "the person's own address"
        )


def _check_not_too_many(ledger: Ledger, programme: Programme, proposals: list[Proposal]) -> None:
    lately = (each for each in proposals if each.programme == programme.programme)
    if sum(_within(ledger, each, timedelta(hours=1)) for each in lately) >= MOST_BEGUN:
        raise Rejection.of(
            RejectionCode.CONFLICT,
            "programme",
            "has more proposals begun than it takes in an hour",
            "later the same day",
        )


def _within(ledger: Ledger, proposal: Proposal, span: timedelta) -> bool:
    return proposal.begun_at is not None and ledger.now - proposal.begun_at < span


def _who_has(ledger: Ledger, address: str, keys: AddressKey) -> str | None:
    holder = ledger.get(PERSON_KEY, PersonKey, keys.digest(ledger.community, address))
    # The contact of a holder may not be seen here yet; only who was erased is nobody any more.
    if holder is None or ledger.facts.is_erased(ledger.community, holder.person):
        return None
    return holder.person


def _newcomer(ledger: Ledger, command: BeginProposal | InvitePresenter, zone: str, keys: AddressKey) -> str:
    """A new person with that address, who has not shown yet that it is theirs."""
    person = new_id()
    key = keys.digest(ledger.community, command.address)
    ledger.write(PERSON_KEY, (key,), "claimed", PersonKey(person=person))
    language = command.language if isinstance(command, BeginProposal) else None
    contact = Contact(
        person=person, name=command.name, address=command.address, zone=zone, language=language, verified=False
    )
    ledger.write(CONTACT, (person,), "registered", contact)
    if isinstance(command, BeginProposal) and command.school is not None:
        affiliation = Affiliation(person=person, school=command.school, zone=command.zone)
        ledger.write(AFFILIATION, (person,), "stated", affiliation)
    return person


def _the_same(theirs: list[Proposal], command: BeginProposal) -> Proposal | None:
    """The one that they are at already: of that title, in that programme."""
    wanted = command.title.casefold()
    return next(
        (
            each
            for each in theirs
            if each.programme == command.programme
            and each.title.casefold() == wanted
            and each.status is not ProposalStatus.WITHDRAWN
        ),
        None,
    )


def _want_link_again(ledger: Ledger, known: Proposal) -> None:
    """The link once more, each time after a longer wait, so that nobody's mailbox is filled by others."""
    wait = min(_FIRST_WAIT * 2 ** min(known.links_wanted, 10) / 2, _LONGEST_WAIT)
    if known.link_wanted is not None and ledger.now - known.link_wanted < wait:
        return
    wanted = {"link_wanted": ledger.now, "links_wanted": known.links_wanted + 1}
    ledger.write(PROPOSAL, (known.proposal,), known.status, known.model_copy(update=wanted))


def _next_id(ledger: Ledger, person: str, number: int) -> str:
    """The same id for whoever begins this person's next proposal at the same moment: only one of them is stored."""
    while True:
        found = digest("begun", ledger.community, person, number)
        if ledger.facts.get(PROPOSAL.ref(ledger.community, found)) is None:
            return found
        number += 1
