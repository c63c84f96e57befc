"""Ordered replay on a real broker: everything once, in order, over kills, and a true "caught up"."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from nats.js.api import ConsumerInfo

from shared.bus.connection import Bus, connect
from shared.bus.facts import Facts, Stored
from shared.bus.replay import Replay, Source
from shared.bus.store import Cause, EntityStore, Write
from shared.contract.catalogue import AFFILIATION, INTEREST, ROOM
from shared.contract.facts.registrations import Affiliation, Interest
from shared.contract.subjects import Service
from shared.contract.values import InterestLevel
from teachmeet.local.broker import Broker
from teachmeet.local.processes import Child


async def eventually(condition: Callable[[], bool], within: float = 60.0) -> None:
    async with asyncio.timeout(within):
        while not condition():
            await asyncio.sleep(0.01)


async def append(bus: Bus, numbers: range) -> int:
    store = EntityStore(bus, Service.REGISTRATIONS, Facts())
    seq = 0
    for number in numbers:
        ref = INTEREST.ref("northgate", f"p-{number}", "s-1")
        state = Interest(person=f"p-{number}", session="s-1", level=InterestLevel.COMING)
        seq = await store.append(Cause("northgate", "cli", f"c-{number}"), [Write(ref, "stated", state, 0)])
    return seq


async def test_replay_brings_what_is_stored_and_then_what_comes(registrations_bus: Bus) -> None:
    await append(registrations_bus, range(10))
    facts = Facts()
    async with Replay(registrations_bus, facts, [Source.of(INTEREST)]) as replay:
        await asyncio.wait_for(replay.caught_up(), 60)
        assert len(facts.all(INTEREST, "northgate")) == 10
        last = await append(registrations_bus, range(10, 13))
        await asyncio.wait_for(replay.passed("REGISTRATIONS", last), 60)
        assert len(facts.all(INTEREST, "northgate")) == 13


async def test_an_empty_source_is_caught_up_at_once(registrations_bus: Bus) -> None:
    async with Replay(registrations_bus, Facts(), [Source.of(ROOM)]) as replay:
        await asyncio.wait_for(replay.caught_up(), 60)


async def test_a_source_passes_a_sequence_that_its_filter_leaves_out(broker: Broker, registrations_bus: Bus) -> None:
    async with connect(broker.settings("scheduler")) as bus, Replay(bus, Facts(), [Source.of(ROOM)]) as replay:
        last = await append(registrations_bus, range(3))
        await asyncio.wait_for(replay.passed("REGISTRATIONS", last), 60)


async def test_replay_goes_on_in_order_when_the_broker_is_killed(
    broker_process: tuple[Broker, Child], registrations_bus: Bus
) -> None:
    broker, process = broker_process
    facts, seen = Facts(), []
    facts.listen(lambda stored: seen.append(stored.seq))
    async with connect(broker.settings("scheduler")) as bus, Replay(bus, facts, [Source.of(INTEREST)]) as replay:
        await append(registrations_bus, range(20))
        process.kill()
        last = await append(registrations_bus, range(20, 40))
        process.kill()
        await asyncio.wait_for(replay.passed("REGISTRATIONS", last), 120)
    assert seen == sorted(set(seen))
    assert len(facts.all(INTEREST, "northgate")) == 40


async def test_damaged_facts_are_passed_over_and_the_rest_is_read(registrations_bus: Bus) -> None:
    await registrations_bus.js.publish("tm.northgate.registrations.v1.evt.interest.p-1.s-1.stated", b"{not json")
    await append(registrations_bus, range(5, 7))
    facts = Facts()
    async with Replay(registrations_bus, facts, [Source.of(INTEREST)]) as replay:
        await asyncio.wait_for(replay.caught_up(), 60)
    assert len(facts.all(INTEREST, "northgate")) == 2


async def test_a_reader_may_not_follow_what_its_allow_list_leaves_out(broker: Broker, registrations_bus: Bus) -> None:
    store = EntityStore(registrations_bus, Service.REGISTRATIONS, Facts())
    write = Write(AFFILIATION.ref("northgate", "p-1"), "stated", Affiliation(person="p-1", school="Hillside School"), 0)
    await store.append(Cause("northgate", "cli", "c"), [write])
    facts: Facts = Facts()
    seen: list[Stored] = []
    facts.listen(seen.append)
    async with connect(broker.settings("notifier")) as bus, Replay(bus, facts, [Source.of(AFFILIATION)]) as replay:
        await eventually(lambda: "Timeout" in str(replay.health()[0].problem))
        assert not replay.is_caught_up()
    assert seen == []


async def test_a_stored_message_with_a_status_header_does_not_stop_the_replay(registrations_bus: Bus) -> None:
    await registrations_bus.js.publish(
        "tm.northgate.registrations.v1.evt.interest.p-1.s-1.stated", b"{}", headers={"Status": "404"}
    )
    last = await append(registrations_bus, range(5, 7))
    facts = Facts()
    async with Replay(registrations_bus, facts, [Source.of(INTEREST)]) as replay:
        await asyncio.wait_for(replay.passed("REGISTRATIONS", last), 60)
    assert len(facts.all(INTEREST, "northgate")) == 2


async def test_a_silent_consumer_is_replaced_only_when_it_is_gone(
    registrations_bus: Bus, provision_bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Shorter than the time between two heartbeats: every consumer seems to be silent.
    monkeypatch.setattr("shared.bus.replay._SILENCE", 0.1)
    asked = 0
    consumer_info = registrations_bus.js.consumer_info

    async def counted(stream: str, consumer: str) -> ConsumerInfo:
        nonlocal asked
        asked += 1
        return await consumer_info(stream, consumer)

    monkeypatch.setattr(registrations_bus.js, "consumer_info", counted)

    async def consumers() -> list[str]:
        return [each.name for each in await provision_bus.js.consumers_info("REGISTRATIONS")]

    facts = Facts()
    async with Replay(registrations_bus, facts, [Source.of(INTEREST)]) as replay:
        await asyncio.wait_for(replay.caught_up(), 60)
        first = await consumers()
        await eventually(lambda: asked >= 2)
        assert await consumers() == first
        await provision_bus.js.delete_consumer("REGISTRATIONS", first[0])
        last = await append(registrations_bus, range(3))
        await asyncio.wait_for(replay.passed("REGISTRATIONS", last), 60)
    assert len(facts.all(INTEREST, "northgate")) == 3
