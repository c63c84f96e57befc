"""Decisions about people who go: the tombstone, and that their id is never used again."""

from __future__ import annotations

from services.registrations.decisions.ledger import Ledger
from shared.contract.authority import Actor, ActorKind
from shared.contract.catalogue import CONTACT, ERASED, ERASURE
from shared.contract.commands.privacy import ErasePerson
from shared.contract.facts.privacy import Erased, Erasure
from shared.contract.facts.registrations import Contact
from shared.contract.results import Rejection, RejectionCode


def erase(ledger: Ledger, command: ErasePerson, actor: Actor) -> None:
    """From now on the person is gone; what is held on them is destroyed by what follows from these two facts."""
    if ledger.facts.is_erased(ledger.community, command.person):
        return
    # Only the organiser knows of a backup; others could take ids that are still to be given.
    if command.even_unknown and actor.kind is ActorKind.ORGANISER:
        known = ledger.get(CONTACT, Contact, command.person)
    else:
        known = ledger.require(CONTACT, Contact, "person", command.person)
    ledger.check_origin(known, actor, "person")
    ledger.write(CONTACT, (command.person,), ERASED, Erased(person=command.person, at=ledger.now))
    ledger.write(ERASURE, (command.person,), "begun", Erasure(person=command.person, at=ledger.now))


def refuse_erased(ledger: Ledger, person: str) -> None:
    """Raise the rejection of what would bring somebody back under the id of a person who was erased."""
    if ledger.facts.is_erased(ledger.community, person) or ledger.is_erasing(person):
        raise Rejection.of(
            RejectionCode.CONFLICT,
            "person",
            "was erased; nothing is written about that id any more",
            "a new id, if they have come back",
        )
