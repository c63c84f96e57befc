"""A release with its seats, as the notifier's view has it, and the messages about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from notifier_samples import COMMUNITY, NOW, PAGE, POLICY, contact

from services.notifier.content.mail import write_mail
from services.notifier.delivery.agenda import tasks
from services.notifier.delivery.life import decided
from services.notifier.delivery.outcome import Outcome, Sent
from services.notifier.planning.book import Book
from services.notifier.planning.message import MessageDue
from services.notifier.planning.messages_due import claimed
from shared.bus.facts import Facts
from shared.contract.catalogue import FACTS
from shared.contract.facts.notifier import Invite
from shared.contract.facts.registrations import Contact, Place, Proposal, Seating
from shared.contract.facts.scheduler import Placement, Release
from shared.contract.message import Fact
from shared.contract.subjects import FactSubject

START = datetime.fromisoformat("2027-01-12T15:30:00Z")
LIBRARY = Place(name="Library", site="Hillside School")


class View:
    """What a notifier knows, and its book."""

    def __init__(self, *states: Fact) -> None:
        self.facts = Facts()
        self.book = Book(self.facts)
        self._seq = 0
        self.know(COMMUNITY, person("p-001"), person("p-002"), proposal("retrieval"), *states)

    def know(self, *states: Fact) -> None:
        for state in states:
            kind = next(each for each in FACTS if each.model is type(state))
            ref = kind.ref("northgate", *(str(getattr(state, name)) for name in kind.ids))
            what = str(state.status) if isinstance(state, Invite) else kind.whats[0]
            self._seq += 1
            self.facts.apply(FactSubject(ref, what), state, self._seq)

    def due(self, now: datetime = NOW) -> list[MessageDue]:
        found = tasks(self.facts, self.book, now, POLICY)
        return [task.message for task in found if task.message is not None]

    def claim(self, message: MessageDue) -> Invite:
        """A message on its way."""
        recipient = contact(person=message.person)
        claim = claimed(message, write_mail(message, COMMUNITY, recipient, NOW, PAGE), NOW, POLICY)
        self.know(claim)
        return claim

    def transmit(self, outcome: Outcome = Sent("250 OK")) -> None:
        """Every message that is due now goes out and ends so."""
        for message in self.due():
            self.know(decided(self.claim(message), outcome, NOW, POLICY))


def person(name: str) -> Contact:
    return Contact(person=name, name=name, address=f"{name}@hillside.example", zone="Europe/London")


def proposal(name: str, **other: Any) -> Proposal:
    return Proposal.model_validate(Proposal.example | {"proposal": name, "programme": "spring"} | other)


def release(number: int, *sessions: str, programme: str = "spring", hours: int = 0) -> Release:
    placements = tuple(
        Placement(session=each, proposal=each, room="library", start=START + timedelta(hours=hours), minutes=60)
        for each in sessions
    )
    fields = {"programme": programme, "number": number, "placements": placements}
    return Release.model_validate(Release.example | fields)


def seating(number: int, *people: str, session: str = "retrieval", **other: Any) -> Seating:
    fields = {"session": session, "proposal": session, "programme": "spring", "place": LIBRARY, "input_seq": 9}
    return Seating.model_validate(fields | {"release": number, "people": people} | other)
