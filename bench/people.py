"""A large community: 100,000 people with weekly availability and five interests each, imported, ready after a restart,
queried. Throughput is against ready-made messages of the same sizes, start-up against a replay that only counts."""

from __future__ import annotations

import asyncio
import os
import resource
import sys
from pathlib import Path
from time import perf_counter

from bench import people_imports, people_queries
from bench.measuring import Figure, figure
from bench.rig import Rig
from shared.contract.commands.health import CheckHealth, Health
from shared.contract.subjects import Service
from teachmeet.local.processes import Child

PEOPLE = 100_000
_MOST_MIB = 1536
_HEALTHY_MS = 1000

_COUNTING = """
import asyncio, sys
import nats

async def main(url, seed_file):
    client = await nats.connect(url, nkeys_seed_str=open(seed_file).read().strip(), inbox_prefix=b"_INBOX_provision")
    stream = client.jetstream()
    last = (await stream.stream_info("REGISTRATIONS")).state.messages
    seen, done = 0, asyncio.Event()

    async def heard(message):
        nonlocal seen
        seen += 1
        if seen == last:
            done.set()

    await stream.subscribe(
        "tm.*.registrations.v1.evt.>", ordered_consumer=True, cb=heard,
        pending_msgs_limit=-1, pending_bytes_limit=-1,
    )
    await done.wait()
    await client.close()

import uvloop
with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
    runner.run(main(*sys.argv[1:]))
"""


async def measure(rig: Rig, count: int = PEOPLE) -> list[Figure]:
    """Import, start-up, memory and questions with that many people."""
    async with rig.bus("provision") as bus:
        await people_queries.prepare(bus)
    figures = await people_imports.measure(rig, count)
    async with rig.bus("provision") as bus:
        await people_queries.release(bus, count)
    started, child = await _start(rig, count)
    try:
        return [*figures, *started, *await people_queries.measure(rig, count)]
    finally:
        await child.stop()


async def _start(rig: Rig, count: int) -> tuple[list[Figure], Child]:
    """Registrations started anew, with what that took; it goes on running."""
    counted, counted_cpu = await _counting(rig)
    child = rig.service("registrations")
    started = perf_counter()
    await child.start()
    answers = await _until_ready(rig)
    seconds = perf_counter() - started
    assert child.pid is not None
    cpu = _processor_seconds(child.pid)
    figures = [
        figure(
            f"registrations, start to ready with {count} people, to a replay that counts",
            seconds,
            counted,
            target="at most 2",
            unit="s",
        ),
        figure("the same, processor time", cpu, counted_cpu, target="at most 2", unit="s"),
        figure("slowest answer to health meanwhile", max(answers), _HEALTHY_MS, target="at most 1", unit="ms"),
        figure(
            "memory of registrations then, to what it may have",
            await _resident_mib(child.pid),
            _MOST_MIB,
            target="at most 1",
            unit="MiB",
        ),
    ]
    return figures, child


async def _until_ready(rig: Rig) -> list[float]:
    """How long each answer to health took, in ms, from the first answer to the one that says ready."""
    found = []
    async with rig.organiser() as organiser:
        ready = (await organiser.ask(Service.REGISTRATIONS, CheckHealth(), Health)).ready
        while not ready:
            started = perf_counter()
            ready = (await organiser.ask(Service.REGISTRATIONS, CheckHealth(), Health)).ready
            found.append(1000 * (perf_counter() - started))
            await asyncio.sleep(0.05)
    return found or [0.0]


async def _counting(rig: Rig) -> tuple[float, float]:
    """Seconds, and processor seconds, of a process that only counts what is replayed to it."""
    user = rig.folder.user("provision")
    started, before = perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", _COUNTING, rig.broker.url, str(user.seed_file))
    assert await process.wait() == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return perf_counter() - started, used


def _processor_seconds(pid: int) -> float:
    """What a process has used of the processor so far (Linux: proc(5))."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _resident_mib(pid: int) -> float:
    process = await asyncio.create_subprocess_exec("ps", "-o", "rss=", "-p", str(pid), stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    return int(output) / 1024
