"""From a released schedule to the last mail accepted, against a loop over ready-made messages."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time

from bench.measuring import Figure, cpu_seconds, figure
from bench.releases import first, released
from bench.rig import COMMUNITY, Rig
from services.notifier.delivery.smtp_settings import SmtpSettings
from services.notifier.delivery.transmission import MailTransport
from shared.bus.batch import MAX_BATCH
from shared.bus.connection import Bus
from shared.bus.facts import Facts
from shared.bus.store import Cause, EntityStore, Write
from shared.contract.catalogue import COMMUNITY as COMMUNITY_KIND
from shared.contract.catalogue import CONTACT, PROPOSAL, RELEASE, SEATING
from shared.contract.commands.notifier import AskDelivery, Delivery
from shared.contract.facts.registrations import Community, Contact, Place, Proposal, Seating
from shared.contract.facts.scheduler import Placement
from shared.contract.subjects import Service
from shared.contract.values import new_id
from teachmeet.local.ports import LOOPBACK, free_port
from teachmeet.local.processes import Child, ProcessSpec

MAILS = 5000
CONNECTIONS = 8
_SESSIONS = 25
_FACTS_OF_A_MAIL = 2
_PROGRAMME = "bench"
_START = datetime.now(UTC) + timedelta(days=30)


async def measure(rig: Rig) -> list[Figure]:
    """Mails a second: the notifier, a loop that publishes the same facts per mail, and one without facts."""
    async with _sink(rig) as sink:
        notifier = rig.service(
            "notifier",
            TEACHMEET_SMTP_PORT=str(sink.port),
            TEACHMEET_SMTP_CONNECTIONS=str(CONNECTIONS),
            TEACHMEET_SETTLE_SECONDS="0",
        )
        await notifier.start()
        try:
            await rig.ready(Service.NOTIFIER)
            async with rig.bus("provision") as bus:
                ours = await _released_to_delivered(rig, bus, sink, notifier)
        finally:
            await notifier.stop()
        async with rig.bus("provision") as bus:
            mails = await sink.mails()
            with_facts = await _loop(bus, sink.port, mails, await _facts(bus))
            without = await _loop(bus, sink.port, mails, None)
    name = f"release to last of {MAILS} mails accepted"
    return [
        figure(
            f"{name}, to a loop with the same facts", ours.wall, with_facts.wall, target="at least 0.6", unit="mails/s"
        ),
        figure(
            "the same by CPU time of the sending process: says more on a busy machine",
            ours.cpu,
            with_facts.cpu,
            target="printed only",
            unit="mails/CPU s",
        ),
        figure(f"{name}, to a loop without facts", ours.wall, without.wall, target="printed only", unit="mails/s"),
    ]


async def _released_to_delivered(rig: Rig, bus: Bus, sink: _Sink, notifier: Child) -> _Speed:
    registrations = EntityStore(bus, Service.REGISTRATIONS, Facts())
    scheduler = EntityStore(bus, Service.SCHEDULER, Facts())
    prepared = list(_people_and_proposals())
    for start in range(0, len(prepared), MAX_BATCH):
        await registrations.append(Cause(COMMUNITY, "bench", f"prepare-{start}"), prepared[start : start + MAX_BATCH])
    await registrations.append(Cause(COMMUNITY, "bench", "seats"), list(_seatings()))
    pid = notifier.pid
    assert pid is not None, "the notifier runs"
    started, used = perf_counter(), cpu_seconds(pid)
    release = first(RELEASE, (_PROGRAMME, "1"), "published", released(_PROGRAMME, _placements()))
    await scheduler.append(Cause(COMMUNITY, "bench", "release"), [release])
    while await sink.count() < MAILS:
        await asyncio.sleep(0.02)
    speed = _Speed(MAILS / (perf_counter() - started), MAILS / (cpu_seconds(pid) - used))
    async with rig.organiser() as organiser:
        question = AskDelivery(programme=_PROGRAMME, release=1)
        while not (await organiser.ask(Service.NOTIFIER, question, Delivery)).complete:
            await asyncio.sleep(0.05)
    return speed


@dataclass(frozen=True)
class _Speed:
    """Mails a second by the wall clock, and by the CPU time of the one process that sends them."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class _StoredFact:
    """A fact as the notifier wrote it: what it says happened, its headers and its bytes."""

    what: str
    headers: dict[str, str]
    body: bytes

    async def written_again(self, bus: Bus, entity: str, expected_seq: int) -> int:
        """Publish the same of another entity, guarded alike; its sequence."""
        guards = {
            "Nats-Msg-Id": new_id(),
            "Nats-Expected-Last-Subject-Sequence": str(expected_seq),
            "Nats-Expected-Last-Subject-Sequence-Subject": f"{entity}.*",
        }
        answer = await bus.js.publish(f"{entity}.{self.what}", self.body, headers=self.headers | guards)
        return answer.seq


async def _facts(bus: Bus) -> list[tuple[_StoredFact, _StoredFact]]:
    """For each mail its claim and its outcome, as they are in the stream."""
    subscription = await bus.js.subscribe(f"tm.{COMMUNITY}.notifier.v1.evt.invite.>", ordered_consumer=True)
    found: dict[str, list[_StoredFact]] = {}
    while sum(len(each) == _FACTS_OF_A_MAIL for each in found.values()) < MAILS:
        message = await subscription.next_msg(timeout=10)
        entity, _, what = message.subject.rpartition(".")
        found.setdefault(entity, []).append(_StoredFact(what, dict(message.headers or {}), message.data))
    await subscription.unsubscribe()
    return [(each[0], each[1]) for each in found.values() if len(each) == _FACTS_OF_A_MAIL]


async def _loop(bus: Bus, port: int, mails: list[bytes], facts: list[tuple[_StoredFact, _StoredFact]] | None) -> _Speed:
    """The raw baseline: ready-made bytes over the same connections; with facts, ready-made, too, two for each."""
    written: Sequence[tuple[_StoredFact, _StoredFact] | None] = [None] * len(mails) if facts is None else facts
    waiting = iter(zip(mails, written, strict=True))

    async def take(transport: MailTransport) -> None:
        for mail, two in waiting:
            entity, seq = f"tm.{COMMUNITY}.notifier.v1.evt.invite.raw.{new_id()}.1", 0
            if two is not None:
                seq = await two[0].written_again(bus, entity, seq)
            await transport.send(mail, sender="sessions@northgate.example", recipient="someone@hillside.example")
            if two is not None:
                await two[1].written_again(bus, entity, seq)

    started, used = perf_counter(), process_time()
    async with MailTransport(SmtpSettings(host=LOOPBACK, port=port, connections=CONNECTIONS)) as transport:
        await asyncio.gather(*(take(transport) for _ in range(CONNECTIONS)))
    return _Speed(len(mails) / (perf_counter() - started), len(mails) / (process_time() - used))


@dataclass
class _Sink:
    """The mail server, and a connection on which it is asked."""

    port: int
    file: Path
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def count(self) -> int:
        return int((await self._ask(b"XCOUNT")).split()[1])

    async def mails(self) -> list[bytes]:
        """The mails that it got first."""
        await self._ask(b"XKEEP")
        kept, at = self.file.read_bytes(), 0
        found: list[bytes] = []
        while at < len(kept) and len(found) < MAILS:
            length = int.from_bytes(kept[at : at + 4], "big")
            found.append(kept[at + 4 : at + 4 + length])
            at += 4 + length
        return found

    async def _ask(self, command: bytes) -> bytes:
        self.writer.write(command + b"\r\n")
        return await self.reader.readline()


@asynccontextmanager
async def _sink(rig: Rig) -> AsyncIterator[_Sink]:
    port, file = free_port(), rig.folder.path / "bench-mails"
    command = (sys.executable, "-m", "bench.sink", str(port), str(file))
    child = Child(ProcessSpec("mail-sink", command, rig.folder.logs / "sink.log"))
    await child.start()
    try:
        reader, writer = await _connected(port)
        await reader.readline()
        yield _Sink(port, file, reader, writer)
        writer.close()
    finally:
        await child.stop()


async def _connected(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    while True:
        try:
            return await asyncio.open_connection(LOOPBACK, port)
        except OSError:
            await asyncio.sleep(0.01)


def _people_and_proposals() -> Iterator[Write]:
    community = Community.model_validate(Community.example)
    yield first(COMMUNITY_KIND, (COMMUNITY,), "established", community)
    for number in range(MAILS // _SESSIONS):
        person = f"p-{number}"
        contact = Contact(person=person, name=f"Person {number}", address=f"{person}@x.example", zone="Europe/London")
        yield first(CONTACT, (person,), "registered", contact)
    for number in range(_SESSIONS):
        example = Proposal.example | {"proposal": f"s-{number}", "programme": _PROGRAMME}
        yield first(PROPOSAL, (f"s-{number}",), "accepted", Proposal.model_validate(example))


def _seatings() -> Iterator[Write]:
    people = tuple(f"p-{number}" for number in range(MAILS // _SESSIONS))
    for number in range(_SESSIONS):
        session = f"s-{number}"
        seating = Seating(
            session=session,
            proposal=session,
            programme=_PROGRAMME,
            release=1,
            people=people,
            place=Place(name="Library", site="Hillside School"),
            input_seq=0,
        )
        yield first(SEATING, (session,), "seated", seating)


def _placements() -> list[Placement]:
    return [
        Placement(
            session=f"s-{number}",
            proposal=f"s-{number}",
            room="library",
            start=_START + timedelta(days=number),
            minutes=60,
        )
        for number in range(_SESSIONS)
    ]
