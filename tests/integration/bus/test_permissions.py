"""The allow-lists on a real broker: who is kept from what, whatever is asked for."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import nats
import pytest
from nats.aio.client import Client

from shared.bus.connection import Bus
from shared.bus.facts import Facts
from shared.bus.store import Cause, ConflictError, EntityStore, Write
from shared.contract.catalogue import CONTACT, RELEASE, ROOM
from shared.contract.facts.registrations import Contact, Room
from shared.contract.subjects import Service, facts_of
from teachmeet.local.broker import Broker
from tests.processes import eventually

CREATE = "$JS.API.CONSUMER.CREATE.REGISTRATIONS"
CONTACTS = facts_of(Service.REGISTRATIONS, "contact")
ROOMS = facts_of(Service.REGISTRATIONS, "room")
RELEASES = facts_of(Service.SCHEDULER, "release", community="northgate")


@dataclass
class Probe:
    """A connection that tells what the broker denies."""

    client: Client
    denials: list[str] = field(default_factory=list)

    async def publish(self, subject: str, body: bytes = b"{}") -> bool:
        """Whether the broker let it through."""
        before = len(self.denials)
        await self.client.publish(subject, body)
        await self._settled()
        return len(self.denials) == before

    async def listen(self, subject: str) -> bool:
        before = len(self.denials)
        await self.client.subscribe(subject)
        await self._settled()
        return len(self.denials) == before

    async def _settled(self) -> None:
        """The broker answers in order, but the client may send its first ping before what it still holds."""
        await self.client.flush(60)
        await self.client.flush(60)

    async def create_consumer(self, subject: str, stream: str, **config: Any) -> dict[str, Any]:
        """The broker's answer to a request to create a consumer."""
        body = {"stream_name": stream, "config": {"ack_policy": "none", "deliver_policy": "all", **config}}
        reply = await self.client.request(subject, json.dumps(body).encode(), timeout=60)
        return dict(json.loads(reply.data))


As = Callable[[str], AbstractAsyncContextManager[Probe]]


@pytest.fixture
def as_user(broker: Broker) -> As:
    @asynccontextmanager
    async def probe(user: str) -> AsyncIterator[Probe]:
        settings, denials = broker.settings(user), list[str]()

        async def note(error: Exception) -> None:
            denials.append(str(error).lower())

        prefix = settings.inbox_prefix.encode()
        client = await nats.connect(settings.nats, nkeys_seed_str=settings.seed(), inbox_prefix=prefix, error_cb=note)
        try:
            yield Probe(client, denials)
            assert all("permissions violation" in denial for denial in denials)
        finally:
            await client.close()

    return probe


async def store_contact(bus: Bus) -> None:
    state = Contact.model_validate(Contact.example)
    await bus.js.publish(CONTACT.ref("northgate", "p-001").fact("registered"), state.model_dump_json().encode())


async def test_a_partner_publishes_in_its_own_inbox_and_nowhere_else(as_user: As, provision_bus: Bus) -> None:
    async with as_user("timetables") as partner:
        assert await partner.publish("tm.northgate.inbox.v1.timetables.room.add")
        for subject in (
            "tm.northgate.inbox.v1.rooms.room.add",
            "tm.southgate.inbox.v1.timetables.room.add",
            "tm.northgate.registrations.v1.evt.room.library.added",
            "tm.northgate.scheduler.v1.evt.release.spring-2027.1.published",
            "tm.northgate.outbox.v1.timetables.x.accepted",
            "tm.northgate.deadletters.v1.registrations.x",
            "tm.northgate.registrations.v1.api.cli.proposal.accept",
            "tm.northgate.registrations.v1.api.rooms.room.add",
        ):
            assert not await partner.publish(subject), subject
    await stored(provision_bus, 1, "INBOX")
    assert (await provision_bus.js.stream_info("REGISTRATIONS")).state.messages == 0


@pytest.mark.parametrize("user", ["scheduler", "web", "cli", "timetables"])
async def test_contacts_reach_only_those_who_may_read_them(as_user: As, registrations_bus: Bus, user: str) -> None:
    await store_contact(registrations_bus)
    async with as_user(user) as probe:
        for subject in (
            f"{CREATE}.x.{CONTACTS}",
            f"{CREATE}.x.tm.northgate.registrations.v1.evt.contact.>",
            f"{CREATE}.x.tm.*.registrations.v1.evt.>",
            f"{CREATE}.x.tm.*.registrations.v1.evt.*.>",
            f"{CREATE}.x.>",
            f"{CREATE}.x",
            CREATE,
            "$JS.API.CONSUMER.DURABLE.CREATE.REGISTRATIONS.x",
            "$JS.API.STREAM.MSG.GET.REGISTRATIONS",
            "$JS.API.DIRECT.GET.REGISTRATIONS",
            "$JS.API.DIRECT.GET.REGISTRATIONS.tm.northgate.registrations.v1.evt.contact.p-001.registered",
        ):
            assert not await probe.publish(subject), subject
        assert not await probe.listen(CONTACTS)
        assert not await probe.listen(">")


@pytest.mark.parametrize(
    "config",
    [
        {"filter_subject": CONTACTS},
        {"filter_subjects": [CONTACTS]},
        {"filter_subjects": [ROOMS, CONTACTS]},
        {"filter_subject": "tm.*.registrations.v1.evt.>"},
        {},
    ],
    ids=str,
)
async def test_a_filter_in_the_body_cannot_be_wider_than_the_one_in_the_subject(
    as_user: As, registrations_bus: Bus, config: dict[str, Any]
) -> None:
    await store_contact(registrations_bus)
    async with as_user("scheduler") as probe:
        answer = await probe.create_consumer(f"{CREATE}.x.{ROOMS}", "REGISTRATIONS", name="x", **config)
        assert "error" in answer
        answer = await probe.create_consumer(
            f"{CREATE}.x.{ROOMS}", "REGISTRATIONS", name="x", filter_subject=ROOMS, inactive_threshold=10**9
        )
        assert "error" not in answer


async def test_the_notifier_may_follow_contacts(as_user: As, registrations_bus: Bus) -> None:
    await store_contact(registrations_bus)
    async with as_user("notifier") as probe:
        answer = await probe.create_consumer(
            f"{CREATE}.x.{CONTACTS}", "REGISTRATIONS", name="x", filter_subject=CONTACTS, inactive_threshold=10**9
        )
    assert answer["num_pending"] == 1


async def test_a_partner_may_follow_releases_of_its_own_community_only(as_user: As) -> None:
    create = "$JS.API.CONSUMER.CREATE.SCHEDULER.x"
    async with as_user("timetables") as probe:
        answer = await probe.create_consumer(
            f"{create}.{RELEASES}", "SCHEDULER", name="x", filter_subject=RELEASES, inactive_threshold=10**9
        )
        assert "error" not in answer
        for community in ("southgate", "*"):
            wider = facts_of(Service.SCHEDULER, RELEASE.entity, community=community)
            assert not await probe.publish(f"{create}.{wider}")
        assert not await probe.publish(f"{create}.{facts_of(Service.SCHEDULER, 'plan', community='northgate')}")


@pytest.mark.parametrize("user", ["registrations", "scheduler", "notifier", "web", "cli", "timetables"])
async def test_nobody_but_provision_makes_or_deletes_streams_and_shared_consumers(
    as_user: As, provision_bus: Bus, user: str
) -> None:
    names = {str(info.config.name) for info in await provision_bus.js.streams_info()}
    async with as_user(user) as probe:
        for name in names:
            for verb in ("DELETE", "UPDATE", "PURGE", "CREATE"):
                assert not await probe.publish(f"$JS.API.STREAM.{verb}.{name}"), (verb, name)
        assert not await probe.publish("$JS.API.STREAM.CREATE.OTHER")
        assert not await probe.publish("$JS.API.CONSUMER.DELETE.INBOX.registrations-inbox-timetables")
    assert {str(info.config.name) for info in await provision_bus.js.streams_info()} == names


async def test_a_foreign_inbox_cannot_be_listened_to(as_user: As) -> None:
    async with as_user("timetables") as partner:
        assert await partner.listen("_INBOX_timetables.mine")
        for subject in ("_INBOX_rooms.>", "_INBOX_cli.>", "*.>", "_INBOX.>", "tm.*.registrations.v1.api.>"):
            assert not await partner.listen(subject), subject


async def test_a_partner_reads_its_own_results_only(as_user: As) -> None:
    async with as_user("timetables") as partner:
        assert await partner.publish("$JS.API.CONSUMER.INFO.OUTBOX.outbox-timetables")
        for subject in (
            "$JS.API.CONSUMER.MSG.NEXT.OUTBOX.outbox-rooms",
            "$JS.ACK.OUTBOX.outbox-rooms.1.1.1.1.1",
            "$JS.API.CONSUMER.MSG.NEXT.INBOX.registrations-inbox-timetables",
            "$JS.API.CONSUMER.CREATE.OUTBOX.x.tm.northgate.outbox.v1.timetables.>",
        ):
            assert not await partner.publish(subject), subject


async def test_without_a_key_nobody_comes_in(broker: Broker) -> None:
    async def ignore(_: Exception) -> None: ...

    with pytest.raises(nats.errors.Error):
        await nats.connect(broker.url, allow_reconnect=False, connect_timeout=2, error_cb=ignore)


async def test_a_service_writes_its_own_facts_only(as_user: As) -> None:
    facts = {
        Service.REGISTRATIONS: ROOM.ref("northgate", "library").fact("added"),
        Service.SCHEDULER: RELEASE.ref("northgate", "spring-2027", "1").fact("published"),
        Service.NOTIFIER: "tm.northgate.notifier.v1.evt.invite.p-1.s-1.1.claimed",
    }
    for user in Service:
        async with as_user(user) as probe:
            for service, subject in facts.items():
                assert await probe.publish(subject) == (service is user), (user, subject)


@pytest.mark.parametrize(
    "asked", ["$JS.API.CONSUMER.INFO.OUTBOX.outbox-timetables", "tm.northgate.inbox.v1.timetables.room.add"]
)
async def test_an_answer_led_onto_a_facts_subject_stands_in_nobodys_way(
    as_user: As, registrations_bus: Bus, provision_bus: Bus, asked: str
) -> None:
    room = ROOM.ref("northgate", "library")
    store = EntityStore(registrations_bus, Service.REGISTRATIONS, Facts())
    state = Room.model_validate(Room.example)
    async with as_user("timetables") as partner:
        await partner.client.publish(asked, b"{}", reply=room.fact("added"))
        await stored(provision_bus, 1)
        with pytest.raises(ConflictError):
            await store.append(Cause("northgate", "cli", "c-1"), [Write(room, "added", state, 0)])
        first = await store.append(Cause("northgate", "cli", "c-1"), [Write(room, "added", state, 0)])
        await partner.client.publish(asked, b"{}", reply=room.fact("withdrawn"))
        await stored(provision_bus, 2)
    loaded = await store.load(room)
    assert loaded is not None
    assert (loaded.seq, loaded.state.capacity) == (first, state.capacity)
    assert (await provision_bus.js.stream_info("REGISTRATIONS")).state.messages == 1


async def stored(bus: Bus, count: int, stream: str = "REGISTRATIONS") -> None:
    async def are() -> bool:
        return (await bus.js.stream_info(stream)).state.messages == count

    await eventually(are)
