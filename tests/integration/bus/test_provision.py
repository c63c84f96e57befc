"""Provision on a real broker: idempotent, shows and mends differences, never loses messages."""

from __future__ import annotations

from typing import Any

import pytest
from nats.js.api import RetentionPolicy, StreamConfig

from shared.bus.connection import Bus
from shared.bus.provision import Difference, ProvisionError, provision
from shared.bus.streams import INBOX, OUTBOX, Consumer, consumers, inbox_consumer, streams
from shared.contract.subjects import InboxSubject, inbox_of

PARTNERS = ("timetables", "rooms")


def changed(stream: str, **other: Any) -> list[StreamConfig]:
    """The wanted streams, one of them otherwise."""
    return [config.evolve(**other) if config.name == stream else config for config in streams()]


async def mend(bus: Bus, wanted: list[StreamConfig] | None = None, *, apply: bool = True) -> list[Difference]:
    return await provision(bus.js, wanted or streams(), consumers(PARTNERS), apply=apply)


async def store_in_inbox(bus: Bus) -> None:
    await bus.js.publish(str(InboxSubject("northgate", "timetables", "room", "add")), b"x" * 1000)


async def test_a_second_run_finds_nothing(provision_bus: Bus) -> None:
    assert await mend(provision_bus) == []


async def test_everything_wanted_is_there(provision_bus: Bus) -> None:
    for wanted in streams():
        info = await provision_bus.js.stream_info(str(wanted.name))
        assert set(info.config.subjects or ()) == set(wanted.subjects or ())
        assert info.config.storage == "file"
    for consumer in consumers(PARTNERS):
        found = await provision_bus.js.consumer_info(consumer.stream, str(consumer.config.name))
        assert found.config.filter_subject == consumer.config.filter_subject
        assert found.config.max_deliver == -1


async def test_a_difference_is_shown_before_it_is_mended(provision_bus: Bus) -> None:
    wanted = changed(OUTBOX, description="results, otherwise", max_bytes=5 * 1024**3)
    shown = await mend(provision_bus, wanted, apply=False)
    assert [str(each) for each in shown] == [
        "stream OUTBOX: description is results for partner systems, should be results, otherwise",
        "stream OUTBOX: max_bytes is 4294967296, should be 5368709120",
    ]
    assert await mend(provision_bus, wanted) == shown
    assert await mend(provision_bus, wanted) == []
    assert (await provision_bus.js.stream_info(OUTBOX)).config.max_bytes == 5 * 1024**3


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("retention", RetentionPolicy.LIMITS),
        ("max_bytes", 100),
        ("max_age", 60.0),
        ("subjects", ["tm.northgate.inbox.v1.>"]),
    ],
)
async def test_what_would_lose_messages_is_refused_and_nothing_else_is_changed(
    provision_bus: Bus, field: str, value: object
) -> None:
    await store_in_inbox(provision_bus)
    harmless = {config.name: config for config in changed(OUTBOX, description="otherwise")}
    (losing,) = (config for config in changed(INBOX, **{field: value}) if config.name == INBOX)
    with pytest.raises(ProvisionError, match=f"stream INBOX: {field} .* would lose messages"):
        await mend(provision_bus, [*(harmless | {INBOX: losing}).values()])
    assert await mend(provision_bus) == []
    assert (await provision_bus.js.stream_info(INBOX)).state.messages == 1


async def test_less_room_is_given_when_what_is_stored_still_fits(provision_bus: Bus) -> None:
    await store_in_inbox(provision_bus)
    (difference,) = await mend(provision_bus, changed(INBOX, max_bytes=1024**2))
    assert (difference.field, difference.wanted) == ("max_bytes", 1024**2)
    assert (await provision_bus.js.stream_info(INBOX)).state.messages == 1


async def test_more_subjects_are_added(provision_bus: Bus) -> None:
    wider = changed(INBOX, subjects=[inbox_of(), "tm.*.inbox.v2.*.>"])
    assert [each.field for each in await mend(provision_bus, wider)] == ["subjects"]
    with pytest.raises(ProvisionError, match="subjects"):
        await mend(provision_bus)


async def test_a_consumer_that_was_deleted_is_made_anew(provision_bus: Bus) -> None:
    await store_in_inbox(provision_bus)
    await provision_bus.js.delete_consumer(INBOX, inbox_consumer("timetables"))
    (difference,) = await mend(provision_bus)
    assert str(difference) == "consumer INBOX/registrations-inbox-timetables: create"
    info = await provision_bus.js.consumer_info(INBOX, inbox_consumer("timetables"))
    assert info.num_pending == 1


async def test_a_consumer_that_differs_is_mended(provision_bus: Bus) -> None:
    (inbox, *others) = consumers(PARTNERS)
    slower = Consumer(inbox.stream, inbox.config.evolve(ack_wait=30.0))
    (difference,) = await provision(provision_bus.js, streams(), [slower, *others])
    assert (difference.field, difference.found, difference.wanted) == ("ack_wait", 5.0, 30.0)
    assert [each.field for each in await mend(provision_bus)] == ["ack_wait"]
    assert await mend(provision_bus) == []


async def test_a_new_partner_gets_its_consumers(provision_bus: Bus) -> None:
    found = await provision(provision_bus.js, streams(), consumers([*PARTNERS, "canteen"]))
    assert [each.target for each in found] == [
        "consumer INBOX/registrations-inbox-canteen",
        "consumer OUTBOX/outbox-canteen",
    ]
