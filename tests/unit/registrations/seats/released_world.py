"""A community with one released programme, and the work that keeps its seats."""

from __future__ import annotations

from datetime import timedelta

from services.registrations.seats.drawing import due_commitments, due_draw
from services.registrations.seats.draws import Seeds
from services.registrations.seats.settling import settle
from shared.bus.store import Write
from shared.contract.catalogue import PERSON_SEATS, SEATING
from shared.contract.facts.registrations import Affiliation, Proposal, Room, Seating
from shared.contract.facts.scheduler import Placement, Release
from shared.contract.facts.seats import PersonSeats
from shared.contract.subjects import FactSubject
from tests.unit.registrations.known_facts import NOW, Known, community, contact, programme

START = NOW + timedelta(days=3)
PEOPLE = [f"p-{number}" for number in range(7)]
SESSIONS = {"drawing": 0, "reading": 0, "singing": 2}
"""The hour at which each begins: the first two are at the same time."""
SEEDS = Seeds(b"a key of this test")


class World(Known):
    """A community with one released programme of three sessions in a hybrid room each."""

    def __init__(self, policy: dict[str, object]) -> None:
        schools = {person: ("Lakeside" if number % 2 else "Hillside") for number, person in enumerate(PEOPLE)}
        super().__init__(
            community(),
            programme(seats=policy),
            *(contact(person) for person in [*PEOPLE, "chair"]),
            *(Affiliation(person=person, school=school) for person, school in schools.items()),
            *(self._proposal(session) for session in SESSIONS),
            *(room(session, 2, 1) for session in SESSIONS),
            release(),
        )
        self.now = NOW

    @staticmethod
    def _proposal(session: str) -> Proposal:
        example = Proposal.example | {"proposal": session, "presenters": ["chair"]}
        return Proposal.model_validate(example)

    def change(self, *writes: Write) -> None:
        for write in writes:
            self._store(FactSubject(write.ref, write.what), write.state)

    def work(self) -> None:
        """What the service's worker does, until there is nothing to do."""
        for _ in range(60):
            writes: list[Write] = list(due_commitments(self.facts, "northgate", SEEDS, self.now))
            for session in SESSIONS:
                settled = settle(self.facts, "northgate", session, self.now)
                if settled is None:
                    continue
                writes = writes or settled.writes
                if settled.draw_is_due and not writes:
                    draw = due_draw(self.facts, "northgate", settled.programme, SEEDS, self.now)
                    writes = [draw] if draw is not None else []
            if not writes:
                return
            self.change(*writes)
        raise AssertionError("the work does not come to an end")

    def seating(self, session: str) -> Seating:
        found = self.facts.state(SEATING, Seating, "northgate", session)
        assert found is not None
        return found

    def held(self, person: str) -> PersonSeats:
        return self.facts.state(PERSON_SEATS, PersonSeats, "northgate", person) or PersonSeats(person=person)


def room(session: str, seats: int, online: int) -> Room:
    return Room.model_validate(Room.example | {"room": session, "capacity": seats, "online_capacity": online or None})


def release() -> Release:
    placements = [
        Placement(session=session, proposal=session, room=session, start=START + timedelta(hours=hour), minutes=60)
        for session, hour in SESSIONS.items()
    ]
    return Release.model_validate(Release.example | {"placements": placements})


def seatings() -> list[Seating]:
    return [
        Seating.model_validate(
            Seating.example | {"session": session, "proposal": session, "people": ["chair"], "input_seq": 1}
        )
        for session in SESSIONS
    ]
