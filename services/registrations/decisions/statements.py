"""Decisions about what people say: availability and interest."""

from __future__ import annotations

from services.registrations.decisions.ledger import Ledger
from shared.contract.authority import Actor
from shared.contract.catalogue import AVAILABILITY, CONTACT, INTEREST, PROPOSAL
from shared.contract.commands.registrations import StateAvailability, StateInterest
from shared.contract.facts.registrations import Availability, Contact, Interest, Proposal, StatedWindows
from shared.contract.values import Window


def state_availability(ledger: Ledger, command: StateAvailability, actor: Actor) -> None:
    """Replace what this actor's source said of the person; other sources stay as they are."""
    ledger.require(CONTACT, Contact, "person", command.person)
    replace_windows(ledger, command.person, actor.source(command.source), command.windows)


def replace_windows(ledger: Ledger, person: str, source: str, windows: tuple[Window, ...]) -> None:
    known = ledger.get(AVAILABILITY, Availability, person)
    others = [each for each in known.sources if each.source != source] if known is not None else []
    sources = sorted([*others, StatedWindows(source=source, windows=windows)], key=lambda each: each.source)
    ledger.write(AVAILABILITY, (person,), "stated", Availability(person=person, sources=tuple(sources)))


def state_interest(ledger: Ledger, command: StateInterest) -> None:
    ledger.require(CONTACT, Contact, "person", command.person)
    ledger.require(PROPOSAL, Proposal, "session", command.session)
    interest = Interest(person=command.person, session=command.session, level=command.level)
    ledger.write(INTEREST, (command.person, command.session), "stated", interest)
