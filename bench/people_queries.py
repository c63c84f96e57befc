"""Questions to registrations with a large community behind it, against round trips that hold nothing."""

from __future__ import annotations

import random
import statistics
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from time import perf_counter

from nats.aio.msg import Msg

from bench.measuring import Figure, figure
from bench.releases import first, released
from bench.rig import COMMUNITY, Rig
from shared.bus.client import Requester
from shared.bus.connection import Bus
from shared.bus.facts import Facts
from shared.bus.store import Cause, EntityStore
from shared.contract.authority import person_actor
from shared.contract.catalogue import PROPOSAL, RELEASE, ROOM, SEATING
from shared.contract.commands.digests import AskDigestMaterial, DigestMaterial
from shared.contract.commands.registrations import AskNames, AskPerson, Names, OwnPage
from shared.contract.facts.registrations import Place, Proposal, Room, Seating
from shared.contract.facts.scheduler import Placement
from shared.contract.subjects import Service

PROGRAMME = "bench"
SESSIONS = [f"s-{number:03}" for number in range(200)]
_ROOMS = 4
_SEATS = 60
_START = datetime(2027, 1, 12, 9, tzinfo=UTC)
_ASKED = 200
_DIGEST_PEOPLE = 100
_ECHO = "bench.echo"


async def prepare(bus: Bus) -> None:
    """Rooms and accepted proposals."""
    rooms = (_room(number) for number in range(_ROOMS))
    writes = [first(ROOM, (each.room,), "added", each) for each in rooms]
    writes += [first(PROPOSAL, (each.proposal,), "accepted", each) for each in map(_proposal, SESSIONS)]
    await EntityStore(bus, Service.REGISTRATIONS, Facts()).append(Cause(COMMUNITY, "bench", "prepare"), writes)


async def release(bus: Bus, count: int) -> None:
    """A release of all sessions in which the seats are given."""
    draw = random.Random(3)
    seatings = []
    for number, session in enumerate(SESSIONS):
        room = _room(number % _ROOMS)
        seating = Seating(
            session=session,
            proposal=session,
            programme=PROGRAMME,
            release=1,
            people=tuple(sorted({_person(draw.randint(1, count)) for _ in range(_SEATS)})),
            place=Place(name=room.name, site=room.site),
            input_seq=0,
        )
        seatings.append(first(SEATING, (session,), "seated", seating))
    await EntityStore(bus, Service.REGISTRATIONS, Facts()).append(Cause(COMMUNITY, "bench", "seats"), seatings)
    published = first(RELEASE, (PROGRAMME, "1"), "published", released(PROGRAMME, _placements()))
    await EntityStore(bus, Service.SCHEDULER, Facts()).append(Cause(COMMUNITY, "bench", "release"), [published])


async def measure(rig: Rig, count: int) -> list[Figure]:
    """The middle and the slowest twentieth of each kind of question, asked one after the other."""
    draw = random.Random(4)

    def anybody() -> str:
        return _person(draw.randint(1, count))

    async with rig.bus("cli") as cli, rig.bus("notifier") as notifier:

        async def page() -> object:
            person = anybody()
            asker = Requester(cli, COMMUNITY, person_actor(person))
            return await asker.ask(Service.REGISTRATIONS, AskPerson(person=person, generation=1), OwnPage)

        async def names() -> object:
            question = AskNames(people=tuple(anybody() for _ in range(20)))
            return await Requester(cli, COMMUNITY).ask(Service.REGISTRATIONS, question, Names)

        async def digest() -> object:
            people = tuple({anybody() for _ in range(_DIGEST_PEOPLE)})
            question = AskDigestMaterial(people=people, first=_START, until=_START + timedelta(days=14))
            return await Requester(notifier, COMMUNITY).ask(Service.REGISTRATIONS, question, DigestMaterial)

        echo = await _echo(rig)
        return [
            *_figures("a person's own page", await _times(page), echo),
            *_figures("names of 20 people", await _times(names), echo),
            *_figures(f"digest material of {_DIGEST_PEOPLE} people", await _times(digest, _ASKED // 4), echo),
        ]


async def _times(ask: Callable[[], Awaitable[object]], count: int = _ASKED) -> list[float]:
    """Milliseconds of each."""
    found = []
    for _ in range(count):
        started = perf_counter()
        await ask()
        found.append(1000 * (perf_counter() - started))
    return found


def _figures(name: str, times: list[float], echo: list[float]) -> list[Figure]:
    shown = partial(figure, target="printed only", unit="ms")
    return [
        shown(f"{name}, median, to an echo", statistics.median(times), statistics.median(echo)),
        shown(f"{name}, 95 %, to an echo", _slow(times), _slow(echo)),
    ]


def _slow(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


async def _echo(rig: Rig) -> list[float]:
    """Round trips between two connections."""
    async with rig.bus("provision") as answering, rig.bus("provision") as asking:
        subscription = await answering.client.subscribe(_ECHO, cb=_respond)
        await answering.client.flush()
        times = await _times(lambda: asking.client.request(_ECHO, b"{}", timeout=5))
        await subscription.unsubscribe()
        return times


async def _respond(message: Msg) -> None:
    await message.respond(message.data)


def _person(number: int) -> str:
    return f"person-{number:06}"


def _room(number: int) -> Room:
    return Room.model_validate(Room.example | {"room": f"r-{number}", "name": f"Room {number}", "capacity": _SEATS})


def _proposal(session: str) -> Proposal:
    tags = [f"topic-{int(session[2:]) % 20}"]
    return Proposal.model_validate(Proposal.example | {"proposal": session, "programme": PROGRAMME, "tags": tags})


def _placements() -> list[Placement]:
    return [
        Placement(
            session=session,
            proposal=session,
            room=f"r-{number % _ROOMS}",
            start=_START + timedelta(hours=number // _ROOMS),
            minutes=45,
        )
        for number, session in enumerate(SESSIONS)
    ]
