"""Decisions about seats that people manage themselves: taken, given back, and offers taken up or let go."""

from __future__ import annotations

from services.registrations.decisions.ledger import Ledger
from services.registrations.seats.book import Book
from services.registrations.seats.open_session import OpenSession, open_session
from services.registrations.seats.passing import asked, is_in, left, offer_to, passed_on, pool_of, seated
from shared.contract.authority import Actor, ActorKind
from shared.contract.catalogue import CONTACT, INTEREST
from shared.contract.commands.seats import AcceptSeat, DeclineSeat, ReleaseSeat, TakeSeat
from shared.contract.facts.registrations import Contact, Interest, Seating
from shared.contract.results import Rejection, RejectionCode
from shared.contract.values import InterestLevel


def take(ledger: Ledger, command: TakeSeat, actor: Actor) -> None:
    """A seat while there is one, else a place in line. Who has one already keeps it."""
    _check_brought(ledger, command.person, actor)
    session = _open(ledger, command.session, command.person)
    _check_not_begun(session)
    if command.pool is not None and not session.seating.drop_in and command.pool not in session.seating.capacity:
        kinds = " or ".join(session.seating.capacity) or "none: its room is not known"
        raise Rejection.of(RejectionCode.INVALID, "pool", "is no kind of seat that this session has", kinds)
    _check_can_sit(session, command.person, actor)
    after = asked(session.seating, command.person, command.pool, session.circumstances)
    _check_moved(after, command)
    _write(ledger, session, after, command.person)
    _note_interest(ledger, session, command.person)


def release(ledger: Ledger, command: ReleaseSeat, actor: Actor) -> None:
    """A seat comes back. Giving back what one does not have changes nothing."""
    _check_brought(ledger, command.person, actor)
    session = _open(ledger, command.session, command.person)
    if command.person in session.presenters and command.person in session.seating.people:
        raise Rejection.of(
            RejectionCode.CONFLICT, "person", "presents this session", "decline the part, or tell the organiser"
        )
    if is_in(session.seating, command.person):
        _write(ledger, session, left(session.seating, command.person, session.circumstances), command.person)


def accept(ledger: Ledger, command: AcceptSeat) -> None:
    """The seat that is offered becomes theirs. Accepting twice is accepting once."""
    session = _open(ledger, command.session, command.person)
    if command.person in session.seating.people:
        return
    _check_not_begun(session)
    offer = offer_to(passed_on(session.seating, session.circumstances), command.person)
    if offer is None or offer_to(session.seating, command.person) is None:
        raise Rejection.of(
            RejectionCode.CONFLICT,
            "session",
            "offers this person no seat (any more)",
            "an offer that has not ended; seat.take asks for a seat again",
        )
    _check_can_sit(session, command.person)
    circumstances = session.circumstances
    after = seated(passed_on(session.seating, circumstances), command.person, offer.pool)
    _write(ledger, session, after, command.person)
    _note_interest(ledger, session, command.person)


def decline(ledger: Ledger, command: DeclineSeat) -> None:
    """The offer goes to the next. Declining an offer that has ended changes nothing."""
    session = _open(ledger, command.session, command.person)
    if command.person in session.seating.people:
        raise Rejection.of(
            RejectionCode.CONFLICT, "session", "has a seat for this person already", "seat.release gives it back"
        )
    if offer_to(session.seating, command.person) is not None:
        _write(ledger, session, left(session.seating, command.person, session.circumstances), command.person)


def _open(ledger: Ledger, session: str, person: str) -> OpenSession:
    ledger.require(CONTACT, Contact, "person", person)
    return open_session(ledger.facts, ledger.community, session, ledger.now)


def _check_not_begun(session: OpenSession) -> None:
    if session.circumstances.is_over:
        raise Rejection.of(RejectionCode.CONFLICT, "session", "has begun", "a session that is still to come")


def _check_brought(ledger: Ledger, person: str, actor: Actor) -> None:
    """A partner speaks for people whom it brought; whether anybody else is known here is not for it to learn."""
    contact = ledger.get(CONTACT, Contact, person)
    if actor.kind is ActorKind.PARTNER and (contact is None or contact.origin != actor.name):
        raise Rejection.of(RejectionCode.UNKNOWN, "person", "names nobody here", "the id of a person whom you brought")


def _check_can_sit(session: OpenSession, person: str, actor: Actor | None = None) -> None:
    obstacle = session.seats.obstacle(person, session.placement.session)
    if obstacle is not None and person not in session.seating.people:
        if actor is not None and actor.kind is ActorKind.PARTNER:
            # In which other sessions somebody sits is not for partners.
            obstacle = "cannot have a seat in it now"
        raise Rejection.of(RejectionCode.CONFLICT, "person", obstacle, "a session for which nothing stands in the way")


def _check_moved(after: Seating, command: TakeSeat) -> None:
    """Who has a seat of one kind and asks for the other keeps the one while the other is not free."""
    if command.person not in after.people or command.pool is None or after.drop_in:
        return
    if pool_of(after, command.person) is not command.pool:
        raise Rejection.of(
            RejectionCode.CONFLICT, "pool", "has no free seat; the one that is held stays", "seat.release first"
        )


def _write(ledger: Ledger, session: OpenSession, after: Seating, person: str) -> None:
    book = Book(ledger.facts, ledger.community, ledger.now)
    book.put(session.completed(after), session.placement, session.presenters, asked=[person])
    book.record(ledger.write)


def _note_interest(ledger: Ledger, session: OpenSession, person: str) -> None:
    """Who asks for a seat is coming: planning counts on it. Of several parts, one says nothing of the others."""
    proposal = session.placement.proposal
    if session.placement.session != proposal:
        return
    ledger.write(
        INTEREST,
        (person, proposal),
        "stated",
        Interest(person=person, session=proposal, level=InterestLevel.COMING),
    )
