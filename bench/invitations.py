"""From a released schedule to the last mail accepted, against a loop over ready-made messages."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from bench.measuring import Figure, figure
from bench.rig import COMMUNITY, Rig
from services.notifier.smtp_settings import SmtpSettings
from services.notifier.transmission import MailTransport
from shared.bus.batch import MAX_BATCH
from shared.bus.connection import Bus
from shared.bus.facts import Facts
from shared.bus.store import Cause, EntityStore, Write
from shared.contract.catalogue import COMMUNITY as COMMUNITY_KIND
from shared.contract.catalogue import CONTACT, PROPOSAL, RELEASE, SEATING, FactKind
from shared.contract.commands.notifier import AskDelivery, Delivery
from shared.contract.facts.registrations import Community, Contact, Place, Proposal, Seating
from shared.contract.facts.scheduler import Placement, Release, Totals
from shared.contract.message import Fact
from shared.contract.subjects import Service
from shared.contract.values import new_id
from teachmeet.local.ports import LOOPBACK, free_port
from teachmeet.local.processes import Child, ProcessSpec

MAILS = 2000
CONNECTIONS = 8
_SESSIONS = 20
_PROGRAMME = "bench"
_START = datetime.now(UTC) + timedelta(days=30)


async def measure(rig: Rig) -> list[Figure]:
    """Mails a second: the notifier, a loop that publishes the same facts per mail, and one without facts."""
    async with _sink(rig) as (port, folder):
        notifier = rig.service(
            "notifier",
            TEACHMEET_SMTP_PORT=str(port),
            TEACHMEET_SMTP_CONNECTIONS=str(CONNECTIONS),
        )
        await notifier.start()
        try:
            await rig.ready(Service.NOTIFIER)
            async with rig.bus("provision") as bus:
                ours = await _released_to_delivered(rig, bus, folder)
                mails = [file.read_bytes() for file in sorted(folder.glob("*.eml"))[:MAILS]]
                with_facts = await _loop(bus, port, mails, facts=True)
                without = await _loop(bus, port, mails, facts=False)
        finally:
            await notifier.stop()
    name = f"release to last of {MAILS} mails accepted"
    return [
        figure(f"{name}, to a loop with the same facts", ours, with_facts, target="at least 0.4", unit="mails/s"),
        figure(f"{name}, to a loop without facts", ours, without, target="printed only", unit="mails/s"),
    ]


async def _released_to_delivered(rig: Rig, bus: Bus, folder: Path) -> float:
    registrations = EntityStore(bus, Service.REGISTRATIONS, Facts())
    scheduler = EntityStore(bus, Service.SCHEDULER, Facts())
    prepared = list(_people_and_proposals())
    for start in range(0, len(prepared), MAX_BATCH):
        await registrations.append(Cause(COMMUNITY, "bench", f"prepare-{start}"), prepared[start : start + MAX_BATCH])
    await registrations.append(Cause(COMMUNITY, "bench", "seats"), list(_seatings()))
    started = perf_counter()
    release = _write(RELEASE, (_PROGRAMME, "1"), "published", _release())
    await scheduler.append(Cause(COMMUNITY, "bench", "release"), [release])
    while _mails(folder) < MAILS:
        await asyncio.sleep(0.01)
    rate = MAILS / (perf_counter() - started)
    async with rig.organiser() as organiser:
        question = AskDelivery(programme=_PROGRAMME, release=1)
        while not (await organiser.ask(Service.NOTIFIER, question, Delivery)).complete:
            await asyncio.sleep(0.05)
    return rate


def _mails(folder: Path) -> int:
    return sum(1 for _ in folder.glob("*.eml"))


async def _loop(bus: Bus, port: int, mails: list[bytes], *, facts: bool) -> float:
    """The raw baseline: ready-made bytes over the same connections; with facts, a claim and an outcome for each."""
    waiting = iter(mails)
    # Two facts of the same sizes and the same durability as the notifier's.
    outcome = b"x" * 900

    async def take(transport: MailTransport) -> None:
        for mail in waiting:
            subject = f"tm.{COMMUNITY}.notifier.v1.evt.invite.raw.{new_id()}.1"
            if facts:
                await bus.js.publish(f"{subject}.claimed", mail + outcome)
            await transport.send(mail, sender="sessions@northgate.example", recipient="someone@hillside.example")
            if facts:
                await bus.js.publish(f"{subject}.sent", outcome)

    started = perf_counter()
    async with MailTransport(SmtpSettings(host=LOOPBACK, port=port, connections=CONNECTIONS)) as transport:
        await asyncio.gather(*(take(transport) for _ in range(CONNECTIONS)))
    return len(mails) / (perf_counter() - started)


@asynccontextmanager
async def _sink(rig: Rig) -> AsyncIterator[tuple[int, Path]]:
    port, folder, ready = free_port(), rig.folder.path / "bench-mail", rig.folder.path / "sink-ready"
    folder.mkdir()
    options = ("--host", LOOPBACK, "--port", str(port), "--folder", str(folder), "--ready-file", str(ready))
    child = Child(
        ProcessSpec("mail-sink", (sys.executable, "-m", "teachmeet.mail_sink", *options), rig.folder.logs / "sink.log")
    )
    await child.start()
    try:
        while not ready.exists():
            await asyncio.sleep(0.01)
        yield port, folder
    finally:
        await child.stop()


def _people_and_proposals() -> Iterator[Write]:
    community = Community.model_validate(Community.example)
    yield _write(COMMUNITY_KIND, (COMMUNITY,), "established", community)
    for number in range(MAILS // _SESSIONS):
        person = f"p-{number}"
        contact = Contact(person=person, name=f"Person {number}", address=f"{person}@x.example", zone="Europe/London")
        yield _write(CONTACT, (person,), "registered", contact)
    for number in range(_SESSIONS):
        example = Proposal.example | {"proposal": f"s-{number}", "programme": _PROGRAMME}
        yield _write(PROPOSAL, (f"s-{number}",), "accepted", Proposal.model_validate(example))


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
        yield _write(SEATING, (session,), "seated", seating)


def _release() -> Release:
    placements = tuple(
        Placement(
            session=f"s-{number}",
            proposal=f"s-{number}",
            room="library",
            start=_START + timedelta(days=number),
            minutes=60,
        )
        for number in range(_SESSIONS)
    )
    totals = Totals(
        placed=_SESSIONS,
        unplaced=0,
        attendance=0,
        attendance_bound=0,
        interest_clashes=0,
        objective=0,
        bound=0,
    )
    return Release(
        programme=_PROGRAMME,
        number=1,
        request="bench",
        zone="Europe/London",
        placements=placements,
        totals=totals,
        problem_digest="bench",
        input_seq=0,
    )


def _write(kind: FactKind, ids: tuple[str, ...], what: str, state: Fact) -> Write:
    return Write(kind.ref(COMMUNITY, *ids), what, state, 0)
