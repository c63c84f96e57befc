"""Decisions about an address that a stranger gave, when whose it is gets registered under an id of their own.

Whoever began a proposal without an account, or was named by address, is somebody only until they have shown that the
address is theirs. If it is registered before that, the registered person takes over, as if their address had been
known all along: what the stranger presents is theirs, and the stranger is gone. All of it is one batch.
"""

from __future__ import annotations

from services.registrations.decisions import confirmations
from services.registrations.decisions.ledger import Ledger
from services.registrations.seats.handing_on import handed_on
from services.registrations.seats.passing import is_in, without
from shared.contract.authority import Actor, ActorKind
from shared.contract.catalogue import CONTACT, ERASED, ERASURE, PERSON_SEATS, PROGRAMME, PROPOSAL, SEATING
from shared.contract.facts.privacy import Erased, Erasure
from shared.contract.facts.registrations import Contact, Programme, Proposal, ProposalStatus, Seating
from shared.contract.facts.seats import HeldSeat, PersonSeats

_NOBODYS_BUT_THEIRS = frozenset({ProposalStatus.DRAFTED, ProposalStatus.WITHDRAWN})
MOST_TAKEN_OVER = 300
"""Proposals that one batch hands over, the latest first; the rest follows with the stranger's erasure."""


def is_unproven(ledger: Ledger, person: str) -> bool:
    """Whether nobody has shown yet that the address of that person is theirs."""
    contact = ledger.get(CONTACT, Contact, person)
    return contact is not None and not contact.verified


def may_take_over(ledger: Ledger, stranger: str, actor: Actor) -> bool:
    """Whether the address of that person may be registered for another.

    Never by people themselves, who could take anybody's by saying that it is theirs. By a partner as long as the
    stranger has nothing but drafts: what is submitted or accepted is the organiser's to hand over.
    """
    if not is_unproven(ledger, stranger):
        return False
    if actor.kind is ActorKind.PARTNER:
        theirs = (each for each in ledger.all(PROPOSAL, Proposal).values() if stranger in each.presenters)
        return all(each.status in _NOBODYS_BUT_THEIRS for each in theirs)
    return actor.kind is ActorKind.ORGANISER


def take_over(ledger: Ledger, stranger: str, person: str) -> None:
    """What the stranger presents, and their seats, are that person's from now on; the stranger is gone."""
    gone = Erased(person=stranger, at=ledger.now, successor=person)
    ledger.write(CONTACT, (stranger,), ERASED, gone)
    ledger.write(ERASURE, (stranger,), "begun", Erasure(person=stranger, at=ledger.now))
    for proposal in _presented_by(ledger, stranger):
        _take_proposal(ledger, proposal, stranger, person)
    _take_seats(ledger, stranger, person)


def handed_over(proposal: Proposal, stranger: str, person: str) -> Proposal:
    """The same proposal with that person in the stranger's place."""

    def instead(people: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(person if each == stranger else each for each in people))

    update = {
        "presenters": instead(proposal.presenters),
        "presenters_declined": instead(proposal.presenters_declined),
    }
    return proposal.model_copy(update=update)


def _presented_by(ledger: Ledger, stranger: str) -> list[Proposal]:
    theirs = [each for each in ledger.all(PROPOSAL, Proposal).values() if stranger in each.presenters]
    latest = sorted(theirs, key=lambda each: (each.begun_at or ledger.now, each.proposal), reverse=True)
    return [ledger.get(PROPOSAL, Proposal, each.proposal) or each for each in latest[:MOST_TAKEN_OVER]]


def _take_proposal(ledger: Ledger, proposal: Proposal, stranger: str, person: str) -> None:
    taken = handed_over(proposal, stranger, person)
    if proposal.presenters[0] == stranger and _wants_link(ledger, proposal):
        # The links that were mailed so far are the stranger's.
        taken = taken.model_copy(update={"link_wanted": ledger.now, "links_wanted": proposal.links_wanted + 1})
    ledger.write(PROPOSAL, (proposal.proposal,), proposal.status, taken)
    if proposal.status is ProposalStatus.ACCEPTED:
        confirmations.pass_on(ledger, taken, stranger, person)


def _wants_link(ledger: Ledger, proposal: Proposal) -> bool:
    programme = ledger.get(PROGRAMME, Programme, proposal.programme)
    return proposal.link_wanted is not None and programme is not None and programme.last_day >= ledger.now.date()


def _take_seats(ledger: Ledger, stranger: str, person: str) -> None:
    """Seats, offers and places in line. Of two seats at one time the person keeps their own, but presents rather than
    listens."""
    before = _held(ledger, person)
    held = list(before)
    for seat in _held(ledger, stranger):
        others = [each for each in held if _clash(seat, each)]
        if not others or (seat.presents and not any(each.presents for each in others)):
            held = [each for each in held if each not in others] + [seat]
    seats = {each.session for each in held}
    given_up = {each.session for each in before} - seats
    for session in sorted(ids[0] for ids in ledger.all(SEATING, Seating)):
        # As it is by now: somebody else may have been taken over in the same batch.
        seating = ledger.get(SEATING, Seating, session)
        if seating is None or not (session in given_up or _names(seating, stranger)):
            continue
        left = without(seating, person) if session in given_up else seating
        after = handed_on(left, stranger, person, may_sit=session in seats)
        ledger.write(SEATING, (session,), "seated", after)
    if held != before:
        ordered = tuple(sorted(held, key=lambda each: (each.start, each.session)))
        ledger.write(PERSON_SEATS, (person,), "changed", PersonSeats(person=person, seats=ordered))


def _held(ledger: Ledger, person: str) -> list[HeldSeat]:
    known = ledger.get(PERSON_SEATS, PersonSeats, person)
    return list(known.seats) if known is not None else []


def _clash(one: HeldSeat, other: HeldSeat) -> bool:
    if one.session == other.session:
        return True
    return not one.drop_in and not other.drop_in and one.time.overlaps(other.time)


def _names(seating: Seating, person: str) -> bool:
    return (
        is_in(seating, person)
        or person in seating.presenters_declined
        or any(each.person == person for each in seating.let_go)
    )
