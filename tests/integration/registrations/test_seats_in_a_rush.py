"""Eight processes want the same few seats, and two processes of the service give them."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from shared.bus.client import Requester
from shared.bus.connection import Bus
from shared.contract.catalogue import PERSON_SEATS, SEATING
from shared.contract.facts.registrations import Seating
from shared.contract.facts.seats import PersonSeats, Pool
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from tests.integration.registrations.released_seats import held, people, programme, released, seatings, session
from tests.processes import eventually, serving
from tests.written_facts import history

PROCESSES = 8
PEOPLE = [f"r-{number:02}" for number in range(12)]
SESSIONS = ["drawing", "reading", "singing"]
RUSH = Path(__file__).with_name("seat_rush.py")


async def test_eight_processes_and_two_of_the_service_never_oversell_a_seat(
    organiser: Requester, provision_bus: Bus, broker: Broker, folder: DataFolder
) -> None:
    await people(organiser, PEOPLE)
    await programme(organiser, most_per_person=2)
    for name in SESSIONS:
        await session(organiser, name, online_capacity=1)
    await released(provision_bus, {"drawing": 0, "reading": 0.5, "singing": 3})
    async with serving("registrations", broker, folder, TEACHMEET_PEOPLE_KEY_FILE=str(folder.people_key)):
        await asyncio.gather(*(_rush(broker, seed) for seed in range(PROCESSES)))
        await eventually(lambda: _settled(provision_bus), within=120.0)
    facts = await history(provision_bus, SEATING, Seating)
    assert len(facts) > len(SESSIONS) * 10
    for _, state in facts:
        _check_capacity(state)
        _check_once(state)
    for _, state in await history(provision_bus, PERSON_SEATS, PersonSeats):
        _check_person(state)
    now = await seatings(provision_bus)
    assert {person: sessions for person, sessions in (await held(provision_bus)).items() if sessions} == {
        person: {name for name in SESSIONS if person in now[name].people}
        for person in ["p-001", *PEOPLE]
        if any(person in now[name].people for name in SESSIONS)
    }
    _check_offers([state for _, state in facts])


async def _rush(broker: Broker, seed: int) -> None:
    settings = broker.settings("cli")
    environment = {
        "TEACHMEET_NATS": settings.nats,
        "TEACHMEET_USER": "cli",
        "TEACHMEET_SEED_FILE": str(settings.seed_file),
    }
    arguments = (sys.executable, str(RUSH), str(seed), ",".join(PEOPLE), ",".join(SESSIONS))
    process = await asyncio.create_subprocess_exec(
        *arguments, env={"PYTHONPATH": str(Path.cwd())} | environment, stderr=asyncio.subprocess.PIPE
    )
    _, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()[-2000:]


async def _settled(bus: Bus) -> bool:
    """Whether no seat is free that somebody who waits could have, and nothing was written while we looked."""
    before = await _last_seq(bus)
    now, persons = await seatings(bus), await held(bus)
    if await _last_seq(bus) != before:
        return False
    for state in now.values():
        for pool in Pool:
            used = _used(state, pool)
            if used >= state.capacity[pool]:
                continue
            for each in state.waiting:
                clashes = persons.get(each.person, set()) & ({"drawing", "reading"} - {state.session})
                in_the_way = len(persons.get(each.person, ())) >= 2 or (state.session != "singing" and clashes)
                if each.pool in {None, pool} and not in_the_way:
                    return False
    return True


async def _last_seq(bus: Bus) -> int:
    return int((await bus.js.stream_info("REGISTRATIONS")).state.last_seq)


def _used(state: Seating, pool: Pool) -> int:
    online = len(state.online)
    people_there = online if pool is Pool.ONLINE else len(state.people) - online
    return people_there + sum(each.pool is pool for each in state.offers)


def _check_capacity(state: Seating) -> None:
    assert state.capacity == {Pool.IN_PERSON: 3, Pool.ONLINE: 1}
    assert all(_used(state, pool) <= seats for pool, seats in state.capacity.items())


def _check_once(state: Seating) -> None:
    named = [*state.people, *(each.person for each in state.waiting), *(each.person for each in state.offers)]
    assert len(named) == len(set(named))


def _check_person(state: PersonSeats) -> None:
    assert state.person == "p-001" or len(state.seats) <= 2
    for one in state.seats:
        for other in state.seats:
            presents = one.presents and other.presents
            assert one.session == other.session or presents or not one.time.overlaps(other.time)


def _check_offers(states: list[Seating]) -> None:
    """Each offer goes to somebody who waited just before, and is made once."""
    before: dict[str, Seating] = {}
    for state in states:
        known = before.get(state.session)
        for offer in state.offers:
            if known is None or offer in known.offers:
                continue
            assert offer.person in {each.person for each in known.waiting}
        before[state.session] = state
