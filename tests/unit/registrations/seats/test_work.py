"""One session's large or failing work keeps no other session from its turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import pytest

from services.registrations.seats.work import SeatKeeper
from shared.bus.batch import MAX_BATCH
from shared.bus.service import Runtime
from shared.bus.store import Cause, FactTooLargeError, Write
from shared.contract.catalogue import CONTACT, ROOM, SEATING
from shared.contract.subjects import FactSubject
from tests.unit.registrations.known_facts import NOW, contact
from tests.unit.registrations.seats.released_world import SEEDS, World, room, seatings

MANY = [f"m-{number:04}" for number in range(1200)]
LINE = [{"person": person, "since": NOW} for person in MANY]


@dataclass
class Store:
    """Stores as the broker does: at most so many at once, and nothing of a session that is too much."""

    world: World
    too_much: str | None = None

    async def append(self, _: Cause, writes: Sequence[Write]) -> int:
        assert len(writes) <= MAX_BATCH
        if any(write.ref.ids == (self.too_much,) for write in writes):
            raise FactTooLargeError
        for write in writes:
            self.world._store(FactSubject(write.ref, write.what), write.state)
        return 1


async def looked_at(store: Store) -> None:
    """One round of the work, which looks at every session."""
    bus = SimpleNamespace(clock=SimpleNamespace(now=lambda: NOW))
    keeper = SeatKeeper(cast("Runtime", SimpleNamespace(facts=store.world.facts, store=store, bus=bus)), SEEDS)
    keeper._changes.all()
    await keeper._round()


def world(policy: dict[str, object], **drawing: Any) -> World:
    """Three released sessions, of which drawing is as stated and the others have never been looked at."""
    made = World(policy)
    for person in MANY:
        made._store(FactSubject(CONTACT.ref("northgate", person), "registered"), contact(person))
    made._store(FactSubject(ROOM.ref("northgate", "drawing"), "added"), room("drawing", 2000, 0))
    for seating in seatings():
        update = drawing if seating.session == "drawing" else {}
        state = type(seating).model_validate(seating.model_dump() | update)
        made._store(FactSubject(SEATING.ref("northgate", seating.session), "seated"), state)
    return made


@pytest.mark.parametrize(
    ("policy", "drawing"),
    [
        ({}, {"people": ["chair", *MANY]}),
        ({"offer_hours": 0}, {"capacity": {"in-person": 1}, "waiting": LINE}),
    ],
    ids=["of an older version", "a line that all finds a seat"],
)
async def test_more_people_than_a_batch_takes_get_what_they_hold(
    policy: dict[str, object], drawing: dict[str, Any]
) -> None:
    northgate = world(policy, **drawing)
    await looked_at(Store(northgate))
    assert len(northgate.seating("drawing").people) == len(MANY) + 1
    assert all(northgate.held(person).seats for person in MANY)


async def test_a_session_that_cannot_be_stored_keeps_no_other_from_its_turn() -> None:
    northgate = world({})
    with pytest.raises(FactTooLargeError):
        await looked_at(Store(northgate, too_much="drawing"))
    assert northgate.seating("reading").capacity
    assert northgate.seating("singing").capacity
    assert not northgate.seating("drawing").capacity
