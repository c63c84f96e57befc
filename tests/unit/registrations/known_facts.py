"""Facts as a decision finds them, and a ledger over them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from services.registrations.decisions.ledger import Ledger
from services.registrations.decisions.people import AddressKey
from services.registrations.decisions.table import decide
from shared.bus.facts import Facts
from shared.bus.store import Write
from shared.contract.authority import Actor, ActorKind
from shared.contract.catalogue import FACTS
from shared.contract.facts.registrations import Community, Contact, Programme, Proposal
from shared.contract.message import Command, Fact
from shared.contract.subjects import FactSubject

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
KEYS = AddressKey(b"a key of this test")
ORGANISER = Actor(ActorKind.ORGANISER)
PARTNER = Actor(ActorKind.PARTNER, "timetables")
AMARA, BEN = (Actor(ActorKind.PERSON, person) for person in ("p-001", "p-002"))


class Known:
    """What is stored; each decision that is ``done`` is stored too."""

    def __init__(self, *states: Fact) -> None:
        self.facts = Facts()
        self._seq = 0
        for state in states:
            kind = next(each for each in FACTS if each.model is type(state))
            ref = kind.ref("northgate", *(str(getattr(state, name)) for name in kind.ids))
            self._store(FactSubject(ref, kind.whats[0]), state)

    def _store(self, subject: FactSubject, state: Fact) -> None:
        self._seq += 1
        self.facts.apply(subject, state, self._seq)

    def ledger(self, now: datetime = NOW) -> Ledger:
        return Ledger(self.facts, "northgate", now)

    def decided(self, command: Command, actor: Actor = ORGANISER, now: datetime = NOW) -> list[Write]:
        """What the command would change. Raises Rejection."""
        ledger = self.ledger(now)
        decide(ledger, command, actor, KEYS)
        return ledger.writes

    def done(self, command: Command, actor: Actor = ORGANISER, now: datetime = NOW) -> list[Write]:
        """What the command changed."""
        writes = self.decided(command, actor, now)
        for write in writes:
            self._store(FactSubject(write.ref, write.what), write.state)
        return writes


def community(**other: Any) -> Community:
    return Community.model_validate(Community.example | other)


def programme(**other: Any) -> Programme:
    return Programme.model_validate(Programme.example | other)


def proposal(**other: Any) -> Proposal:
    return Proposal.model_validate(Proposal.example | other)


def contact(person: str = "p-001", **other: Any) -> Contact:
    fields = {"person": person, "address": f"{person}@hillside.example"}
    return Contact.model_validate(Contact.example | fields | other)
