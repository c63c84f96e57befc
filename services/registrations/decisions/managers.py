"""Decisions about line managers."""

from __future__ import annotations

from services.registrations.decisions.ledger import Ledger
from shared.contract.catalogue import CONTACT, MANAGER
from shared.contract.commands.digests import AppointManager
from shared.contract.facts.managing import Manager
from shared.contract.facts.registrations import Contact


def appoint(ledger: Ledger, command: AppointManager) -> None:
    """Whose teams that person answers for from now on."""
    ledger.require(CONTACT, Contact, "person", command.person)
    ledger.write(MANAGER, (command.person,), "appointed", Manager(person=command.person, teams=command.teams))
