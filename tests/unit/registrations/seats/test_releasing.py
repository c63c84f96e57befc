"""A release is seated in steps that the broker takes, and goes on where it was left."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from services.registrations.seats.book import Book, batches
from services.registrations.seats.mending import stale_holds
from services.registrations.seats.releasing import release_steps, unseated
from shared.bus.batch import MAX_BATCH
from shared.bus.store import Write
from shared.contract.catalogue import PERSON_SEATS, RELEASE, SEATING
from shared.contract.commands.seats import TakeSeat
from shared.contract.facts.registrations import Interest, Proposal, Room, Seating
from shared.contract.facts.scheduler import Placement, Release
from shared.contract.facts.seats import HeldSeat, PersonSeats
from shared.contract.subjects import FactSubject
from tests.unit.registrations.known_facts import NOW, Known, community, contact, programme
from tests.unit.registrations.seats.seat_samples import START

PEOPLE = [f"p-{number:04}" for number in range(1500)]


class Programme(Known):
    """Ten sessions, two at a time, of up to 320 people each, released as a whole."""

    def __init__(self, *others: Any, seats: int = 320) -> None:
        sessions = [f"s-{number}" for number in range(10)]
        proposal = Proposal.example | {"presenters": ["chair"], "parts": 1}
        super().__init__(
            community(),
            programme(),
            contact("chair"),
            *(Proposal.model_validate(proposal | {"proposal": session}) for session in sessions),
            *(Room.model_validate(Room.example | {"room": session, "capacity": seats}) for session in sessions),
            *(
                Interest(person=person, session=sessions[at % 10 - shift], level="coming")
                for at, person in enumerate(PEOPLE)
                for shift in (0, 3)
            ),
            *others,
        )
        self.release(1, 0)

    def release(self, number: int, hours: int) -> Release:
        placements = [
            Placement(
                session=f"s-{at}",
                proposal=f"s-{at}",
                room=f"s-{at}",
                start=START + timedelta(hours=hours + at // 2),
                minutes=60,
            )
            for at in range(10)
        ]
        release = Release.model_validate(Release.example | {"number": number, "placements": placements})
        ref = RELEASE.ref("northgate", release.programme, str(number))
        self._store(FactSubject(ref, "published"), release)
        return release

    def store(self, writes: Iterable[Write]) -> None:
        for write in writes:
            self._store(FactSubject(write.ref, write.what), write.state)

    def change(self, state: PersonSeats) -> None:
        self._store(FactSubject(PERSON_SEATS.ref("northgate", state.person), "changed"), state)

    async def steps(self, *, at_most: int = 1000) -> list[list[Write]]:
        """Do so many steps of what is to be seated."""
        done: list[list[Write]] = []
        for release in unseated(self.facts, "northgate"):
            async for writes in release_steps(self.facts, "northgate", release, NOW):
                if len(done) == at_most:
                    return done
                done.append(writes)
                for write in writes:
                    assert (stored.seq if (stored := self.facts.get(write.ref)) else 0) == write.expected_seq
                    self._store(FactSubject(write.ref, write.what), write.state)
        return done

    def seatings(self) -> dict[str, Seating]:
        return {ids[0]: each for ids, each in self.facts.states(SEATING, Seating, "northgate").items()}

    def check(self) -> None:
        held = self.facts.states(PERSON_SEATS, PersonSeats, "northgate")
        seatings = self.seatings()
        for person in [*PEOPLE, "chair"]:
            seats = held[person,].seats if (person,) in held else ()
            there = {name for name, each in seatings.items() if person in each.people}
            assert {each.session for each in seats} == there


async def test_every_step_fits_a_batch_and_together_they_seat_the_release() -> None:
    spring = Programme()
    steps = await spring.steps()
    assert len(steps) > 1
    assert all(len(writes) <= MAX_BATCH for writes in steps)
    assert unseated(spring.facts, "northgate") == []
    assert {len(each.people) for each in spring.seatings().values()} == {301}
    spring.check()


async def test_a_process_that_dies_between_two_steps_leaves_the_rest_to_the_next_and_nothing_is_done_twice() -> None:
    one, other = Programme(), Programme()
    await one.steps(at_most=1)
    left = [each.programme for each in unseated(one.facts, "northgate")]
    assert left == ["spring-2027"]
    await one.steps()
    await other.steps()
    assert {name: each.people for name, each in one.seatings().items()} == {
        name: each.people for name, each in other.seatings().items()
    }
    one.check()


async def test_a_new_release_moves_what_people_hold_with_their_sessions() -> None:
    spring = Programme()
    await spring.steps()
    before = {name: each.people for name, each in spring.seatings().items()}
    spring.release(2, 48)
    await spring.steps()
    assert {name: each.people for name, each in spring.seatings().items()} == before
    held = spring.facts.state(PERSON_SEATS, PersonSeats, "northgate", PEOPLE[0])
    assert held is not None
    assert min(each.start for each in held.seats) == START + timedelta(hours=48)
    spring.check()


async def test_who_got_a_seat_in_another_programme_since_the_plan_was_made_keeps_that_one() -> None:
    spring = Programme()
    (release,) = unseated(spring.facts, "northgate")
    planned = release_steps(spring.facts, "northgate", release, NOW)
    assert "s-9" not in {write.ref.ids[0] for write in await anext(planned)}
    at_that_time = START + timedelta(hours=4)
    elsewhere = HeldSeat(session="choir", programme="autumn", start=at_that_time, minutes=60, since=NOW)
    spring.change(PersonSeats(person="p-0009", seats=(elsewhere,)))
    seatings = {write.ref.ids[0]: write.state async for writes in planned for write in writes}
    assert "p-0009" not in seatings["s-9"].people
    assert "p-0019" in seatings["s-9"].people


async def test_a_session_of_more_people_than_a_batch_holds_has_its_seating_last() -> None:
    crowd = [f"p-{number:05}" for number in range(2500)]
    book = Book(Known(community()).facts, "northgate", NOW)
    placement = Placement(session="keynote", proposal="keynote", room="hall", start=START, minutes=60)
    seating = Seating.model_validate(Seating.example | {"session": "keynote", "people": crowd})
    book.put(seating, placement)
    groups = batches(book.writes(), MAX_BATCH)
    assert [len(group) for group in groups] == [501, 1000, 1000]
    assert [write.ref.entity for group in groups for write in group][-1] == "seating"
    assert sum(write.ref.entity == "seating" for group in groups for write in group) == 1


async def test_what_people_hold_without_their_session_saying_so_is_mended() -> None:
    spring = Programme()
    await spring.steps()
    assert [write for write in stale_holds(spring.facts, "northgate") if write is not None] == []
    known = spring.facts.state(PERSON_SEATS, PersonSeats, "northgate", PEOPLE[0])
    assert known is not None
    stray = HeldSeat(session="s-5", programme="spring-2027", start=START, minutes=60, since=NOW)
    spring.change(known.model_copy(update={"seats": (*known.seats, stray)}))
    (mended,) = [write for write in stale_holds(spring.facts, "northgate") if write is not None]
    assert mended.state == known


@pytest.mark.parametrize("count", [0, 1, 999, 1000, 1001, 2000])
def test_batches_hold_everything_once(count: int) -> None:
    ref = PERSON_SEATS.ref("northgate", "ann")
    writes = [Write(ref, "changed", PersonSeats(person="ann"), number) for number in range(count)]
    groups = batches(writes, MAX_BATCH)
    assert [write for group in groups for write in group] == writes
    assert all(0 < len(group) <= MAX_BATCH for group in groups)


async def test_who_took_another_seat_of_the_release_since_the_plan_was_made_keeps_that_one() -> None:
    spring = Programme(contact("p-0003"))
    (release,) = unseated(spring.facts, "northgate")
    planned = release_steps(spring.facts, "northgate", release, NOW)
    spring.store(await anext(planned))
    assert "s-3" not in spring.seatings()
    spring.done(TakeSeat(person="p-0003", session="s-2"))
    async for writes in planned:
        spring.store(writes)
    assert "p-0003" in spring.seatings()["s-2"].people
    assert "p-0003" not in spring.seatings()["s-3"].people
    spring.check()
