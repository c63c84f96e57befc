"""From start to ready with 10,000 people stored, against a raw ordered replay that parses the same models."""

from __future__ import annotations

import asyncio
import sys
from time import perf_counter

from bench.imports import PEOPLE
from bench.measuring import Figure, against
from bench.rig import Rig
from shared.contract.subjects import Service

_RAW = """
import asyncio, sys
import nats
from shared.contract import subjects
from shared.contract.catalogue import fact_kind

async def main(url, seed_file):
    client = await nats.connect(url, nkeys_seed_str=open(seed_file).read().strip(), inbox_prefix=b"_INBOX_provision")
    stream = client.jetstream()
    last = (await stream.stream_info("REGISTRATIONS")).state.messages
    seen, done, states = 0, asyncio.Event(), {}

    async def heard(message):
        nonlocal seen
        ref = subjects.parse(message.subject).ref
        states[ref] = fact_kind(ref).model.model_validate_json(message.data)
        seen += 1
        if seen == last:
            done.set()

    await stream.subscribe(
        "tm.*.registrations.v1.evt.>", ordered_consumer=True, cb=heard,
        pending_msgs_limit=-1, pending_bytes_limit=-1,
    )
    await done.wait()
    await client.close()

asyncio.run(main(*sys.argv[1:]))
"""


async def measure(rig: Rig) -> list[Figure]:
    """Seconds from the start of the process; the people must have been imported before."""
    name = f"registrations, start to ready with {PEOPLE} people"
    return [
        await against(name, lambda: _service(rig), lambda: _raw(rig), target="at most 2", unit="s from process start")
    ]


async def _service(rig: Rig) -> float:
    child = rig.service("registrations")
    started = perf_counter()
    await child.start()
    try:
        await rig.ready(Service.REGISTRATIONS)
        return perf_counter() - started
    finally:
        await child.stop()


async def _raw(rig: Rig) -> float:
    user = rig.folder.user("provision")
    started = perf_counter()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", _RAW, rig.broker.url, str(user.seed_file))
    assert await process.wait() == 0
    return perf_counter() - started
