"""Bulk import of people with availability against single commands one at a time."""

from __future__ import annotations

import json
from time import perf_counter

from bench.communities import people
from bench.measuring import Figure, figure
from bench.rig import Rig
from shared.bus.client import Requester
from shared.contract.commands.registrations import ImportPeople, PeopleImported
from shared.contract.subjects import Service
from shared.contract.values import new_id

PEOPLE = 10_000
_SINGLES = 300
_ROWS = 250


async def measure(rig: Rig) -> list[Figure]:
    """People a second: an import of 10,000 against person.register and availability.state one after the other."""
    rows = people(PEOPLE + _SINGLES, seed=1)
    async with rig.registrations(), rig.organiser() as organiser:
        single = await _singles(organiser, rows[PEOPLE:])
        bulk = await _bulk(organiser, rows[:PEOPLE])
    name = f"bulk import of {PEOPLE} people with availability"
    return [figure(name, bulk, single, target="at least 5", unit="people/s")]


async def _singles(organiser: Requester, rows: list[dict[str, object]]) -> float:
    started = perf_counter()
    for row in rows:
        person = {name: value for name, value in row.items() if name != "windows"}
        await _ask(organiser, "person", "register", person)
        await _ask(organiser, "availability", "state", {"person": row["person"], "windows": row["windows"]})
    return len(rows) / (perf_counter() - started)


async def _ask(organiser: Requester, entity: str, verb: str, payload: dict[str, object]) -> None:
    body = json.dumps(payload, default=str).encode()
    await organiser.ask_raw(Service.REGISTRATIONS, entity, verb, body, id=new_id())


async def _bulk(organiser: Requester, rows: list[dict[str, object]]) -> float:
    started = perf_counter()
    for batch in _batches(rows):
        imported = await organiser.ask(Service.REGISTRATIONS, ImportPeople(people=tuple(batch)), PeopleImported)
        refused = [row for row in imported.rows if row.status != "accepted"]
        assert not refused, refused[:3]
    return len(rows) / (perf_counter() - started)


def _batches(rows: list[dict[str, object]]) -> list[list[dict[str, object]]]:
    return [rows[start : start + _ROWS] for start in range(0, len(rows), _ROWS)]
