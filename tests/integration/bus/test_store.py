"""The entity store on a real broker: optimistic concurrency, identities, batches, kills."""

from __future__ import annotations

import asyncio

import pytest

from shared.bus.connection import Bus
from shared.bus.facts import Facts
from shared.bus.store import Cause, ConflictError, EntityStore, FactTooLargeError, Write
from shared.contract.catalogue import AFFILIATION, CONTACT, INTEREST
from shared.contract.facts.registrations import Affiliation, Contact, Interest
from shared.contract.subjects import Service
from shared.contract.values import InterestLevel
from teachmeet.local.broker import Broker
from teachmeet.local.processes import Child

REF = AFFILIATION.ref("northgate", "p-001")


def cause(id: str = "c-1") -> Cause:
    return Cause("northgate", "cli", id)


def affiliation(school: str = "Hillside School", expected: int = 0) -> Write:
    return Write(REF, "stated", Affiliation(person="p-001", school=school), expected)


@pytest.fixture
def store(registrations_bus: Bus) -> EntityStore:
    return EntityStore(registrations_bus, Service.REGISTRATIONS, Facts())


async def test_what_was_appended_is_loaded_with_its_sequence(store: EntityStore) -> None:
    seq = await store.append(cause(), [affiliation()])
    loaded = await store.load(REF)
    assert loaded is not None
    assert loaded.seq == seq
    assert loaded.state.school == "Hillside School"
    assert loaded.state.applied == (cause().digest,)


async def test_an_entity_that_nobody_wrote_is_none(store: EntityStore) -> None:
    assert await store.load(REF) is None


async def test_a_write_on_a_stale_sequence_is_a_conflict(store: EntityStore) -> None:
    await store.append(cause("c-1"), [affiliation()])
    with pytest.raises(ConflictError):
        await store.append(cause("c-2"), [affiliation("Lakeside")])
    loaded = await store.load(REF)
    assert loaded is not None
    assert loaded.state.school == "Hillside School"


async def test_the_same_cause_again_is_the_same_write(store: EntityStore, provision_bus: Bus) -> None:
    first = await store.append(cause(), [affiliation()])
    again = await store.append(cause(), [affiliation()])
    assert again == first
    assert (await provision_bus.js.stream_info("REGISTRATIONS")).state.messages == 1


async def test_a_foreign_message_under_our_id_is_not_taken_for_success(store: EntityStore, provision_bus: Bus) -> None:
    prepared = affiliation().applied(cause())
    message = store._outgoing(cause(), prepared, 0)
    await provision_bus.js.publish(
        "tm.northgate.registrations.v1.evt.room.other.added",
        b"{}",
        headers={"Nats-Msg-Id": message.headers["Nats-Msg-Id"]},
    )
    with pytest.raises(ConflictError):
        await store.append(cause(), [affiliation()])


async def test_a_batch_is_stored_together_or_not_at_all(store: EntityStore, provision_bus: Bus) -> None:
    contact = Contact(person="p-001", name="Amara Osei", address="amara@hillside.example", zone="Europe/London")
    contact_write = Write(CONTACT.ref("northgate", "p-001"), "registered", contact, 0)
    last = await store.append(cause("c-1"), [contact_write, affiliation()])
    assert last == 2
    interest = Interest(person="p-001", session="s-1", level=InterestLevel.COMING)
    fresh = Write(INTEREST.ref("northgate", "p-001", "s-1"), "stated", interest, 0)
    with pytest.raises(ConflictError):
        await store.append(cause("c-2"), [fresh, affiliation("Lakeside", expected=0)])
    assert (await provision_bus.js.stream_info("REGISTRATIONS")).state.messages == 2


async def test_a_batch_repeated_is_a_success(store: EntityStore, provision_bus: Bus) -> None:
    contact = Contact(person="p-001", name="Amara Osei", address="amara@hillside.example", zone="Europe/London")
    writes = [Write(CONTACT.ref("northgate", "p-001"), "registered", contact, 0), affiliation()]
    first = await store.append(cause(), writes)
    assert await store.append(cause(), writes) == first
    assert (await provision_bus.js.stream_info("REGISTRATIONS")).state.messages == 2


async def test_a_fact_over_256_kib_is_refused_before_it_is_sent(store: EntityStore) -> None:
    huge = Affiliation.model_construct(person="p-001", school="x" * 300_000)
    with pytest.raises(FactTooLargeError):
        await store.append(cause(), [Write(REF, "stated", huge, 0)])


async def test_concurrent_writers_lose_no_update(store: EntityStore) -> None:
    async def add(number: int) -> None:
        while True:
            known = await store.load(REF)
            school = (known.state.school + "," if known else "") + str(number)
            try:
                await store.append(cause(f"c-{number}"), [affiliation(school, known.seq if known else 0)])
            except ConflictError:
                continue
            return

    await asyncio.gather(*(add(number) for number in range(8)))
    loaded = await store.load(REF)
    assert loaded is not None
    assert sorted(loaded.state.school.split(",")) == [str(number) for number in range(8)]


async def test_writes_survive_a_broker_that_is_killed_over_and_over(
    broker_process: tuple[Broker, Child], store: EntityStore, provision_bus: Bus
) -> None:
    _, process = broker_process
    done = 0

    async def write_all() -> None:
        nonlocal done
        for number in range(120):
            ref = INTEREST.ref("northgate", "p-001", f"s-{number}")
            state = Interest(person="p-001", session=f"s-{number}", level=InterestLevel.COMING)
            await store.append(cause(f"c-{number}"), [Write(ref, "stated", state, 0)])
            done += 1

    async def kill_thrice() -> None:
        for after in (20, 55, 90):
            while done < after:
                await asyncio.sleep(0.005)
            process.kill()

    await asyncio.wait_for(asyncio.gather(write_all(), kill_thrice()), 120)
    info = await provision_bus.js.stream_info("REGISTRATIONS", subjects_filter=">")
    assert info.state.subjects is not None
    assert len(info.state.subjects) == 120
    assert set(info.state.subjects.values()) == {1}


async def test_the_same_cause_with_another_state_leaves_the_views_as_the_broker_has_it(registrations_bus: Bus) -> None:
    one = EntityStore(registrations_bus, Service.REGISTRATIONS, Facts())
    facts = Facts()
    other = EntityStore(registrations_bus, Service.REGISTRATIONS, facts)
    await one.append(cause(), [affiliation("Hillside School")])
    await other.append(cause(), [affiliation("Lakeside")])
    seen = facts.get(REF)
    assert seen is not None
    assert seen.state.school == "Hillside School"


async def test_an_old_write_of_the_same_cause_is_no_new_write_and_the_view_stays_true(registrations_bus: Bus) -> None:
    facts = Facts()
    store = EntityStore(registrations_bus, Service.REGISTRATIONS, facts)
    first = await store.append(cause("c-1"), [affiliation("Hillside School")])
    second = await store.append(cause("c-2"), [affiliation("Lakeside", expected=first)])
    assert await store.append(cause("c-1"), [affiliation("Hillside School", expected=second)]) == first
    seen = facts.get(REF)
    assert seen is not None
    assert (seen.state.school, seen.seq) == ("Lakeside", second)


async def test_more_batches_than_the_broker_takes_at_a_time_are_all_stored(store: EntityStore) -> None:
    def person(number: int) -> list[Write]:
        contact = Contact(person=f"p-{number}", name="Amara", address=f"a{number}@x.example", zone="Europe/London")
        school = Affiliation(person=f"p-{number}", school="Hillside School")
        return [
            Write(CONTACT.ref("northgate", f"p-{number}"), "registered", contact, 0),
            Write(AFFILIATION.ref("northgate", f"p-{number}"), "stated", school, 0),
        ]

    stored = await asyncio.gather(*(store.append(cause(f"c-{number}"), person(number)) for number in range(150)))
    assert len(set(stored)) == 150
