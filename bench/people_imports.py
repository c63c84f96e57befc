"""A large community is imported: people and their interests, against ready-made messages of the same sizes."""

from __future__ import annotations

import json
import random
from collections.abc import Awaitable, Callable, Iterable, Iterator
from functools import partial
from time import perf_counter
from typing import Any

from nats.js.api import ConsumerConfig, DeliverPolicy

from bench.communities import people
from bench.measuring import Figure, figure
from bench.people_queries import SESSIONS
from bench.rig import COMMUNITY, Rig, rate
from shared.bus.batch import MAX_BATCH, Outgoing, publish_batch
from shared.bus.client import Requester
from shared.bus.connection import Bus
from shared.bus.streams import stream_of
from shared.contract.subjects import Service
from shared.contract.values import new_id

INTERESTS_EACH = 5
_PEOPLE_IN_A_COMMAND = 250
_INTERESTS_IN_A_COMMAND = 1000
_IN_FLIGHT = 4
_RAW_BATCHES = 40
_PATIENCE = 60.0
_RAW = "RAW"
_STREAM = stream_of(Service.REGISTRATIONS)


async def measure(rig: Rig, count: int) -> list[Figure]:
    """Facts stored a second, of people and of interests."""
    rows = people(count, seed=1)
    async with rig.registrations(), rig.organiser() as organiser, rig.bus("provision") as raw:
        before = (await raw.js.stream_info(_STREAM)).state.last_seq
        stored = await _rate(raw, partial(_import, organiser, "people", rows, _PEOPLE_IN_A_COMMAND))
        baseline = await _raw_batches(raw, before + 1)
        name = f"import of {count} people with availability, to atomic batches of the same messages"
        figures = [figure(name, stored, baseline, target="printed only", unit="entities/s")]
        interests = _interests([row["person"] for row in rows])
        before = (await raw.js.stream_info(_STREAM)).state.last_seq
        stored = await _rate(raw, partial(_import, organiser, "interests", interests, _INTERESTS_IN_A_COMMAND))
        baseline = await _raw_batches(raw, before + 1)
        name = f"import of {len(interests)} interests, to atomic batches of the same messages"
        return [*figures, figure(name, stored, baseline, target="printed only", unit="entities/s")]


async def _rate(raw: Bus, work: Callable[[], Awaitable[object]]) -> float:
    """Facts stored a second while ``work`` is done."""
    before, started = (await raw.js.stream_info(_STREAM)).state.last_seq, perf_counter()
    await work()
    seconds = perf_counter() - started
    return float((await raw.js.stream_info(_STREAM)).state.last_seq - before) / seconds


async def _import(organiser: Requester, what: str, rows: list[dict[str, Any]], size: int) -> None:
    await rate(_commands(organiser, what, rows, size), _IN_FLIGHT)


def _commands(
    organiser: Requester, what: str, rows: list[dict[str, Any]], size: int
) -> Iterator[Callable[[], Awaitable[object]]]:
    for start in range(0, len(rows), size):
        body = json.dumps({what: rows[start : start + size]}).encode()
        yield partial(_give, organiser, what, body)


async def _give(organiser: Requester, what: str, body: bytes) -> None:
    answer = json.loads(await organiser.ask_raw(Service.REGISTRATIONS, what, "import", body, id=new_id()))
    refused = [row for row in answer["rows"] if row["status"] != "accepted"]
    assert not refused, refused[:3]


def _interests(persons: Iterable[str]) -> list[dict[str, Any]]:
    draw = random.Random(2)
    return [
        {"person": person, "session": session, "level": draw.choice(("coming", "interested"))}
        for person in persons
        for session in draw.sample(SESSIONS, INTERESTS_EACH)
    ]


async def _raw_batches(raw: Bus, first: int) -> float:
    """Messages a second of atomic batches, as many in flight, of what is stored from ``first`` on."""
    messages = await _stored(raw, first, _RAW_BATCHES * MAX_BATCH)
    batches = [messages[start : start + MAX_BATCH] for start in range(0, len(messages), MAX_BATCH)]
    await raw.js.add_stream((await raw.js.stream_info(_STREAM)).config.evolve(name=_RAW, subjects=[f"{_RAW}.>"]))
    try:
        jobs = (partial(publish_batch, raw.client, batch) for batch in batches)
        return len(messages) / len(batches) * await rate(jobs, _IN_FLIGHT)
    finally:
        await raw.js.delete_stream(_RAW)


async def _stored(raw: Bus, first: int, count: int) -> list[Outgoing]:
    """Messages as they are in the stream, ready to be stored in another."""
    have = (await raw.js.stream_info(_STREAM)).state.last_seq
    subscription = await raw.client.jetstream(timeout=_PATIENCE).subscribe(
        f"tm.{COMMUNITY}.registrations.v1.evt.>",
        ordered_consumer=True,
        config=ConsumerConfig(deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=first),
    )
    found = []
    for _ in range(min(count, have - first + 1)):
        message = await subscription.next_msg(timeout=_PATIENCE)
        headers = {name: value for name, value in (message.headers or {}).items() if "Batch" not in name}
        subject = message.subject.replace("tm.", f"{_RAW}.", 1)
        headers["Nats-Expected-Last-Subject-Sequence-Subject"] = f"{subject.rpartition('.')[0]}.*"
        found.append(Outgoing(subject, message.data, headers))
    await subscription.unsubscribe()
    return found
