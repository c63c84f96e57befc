"""``teachmeet up``: the whole system on a data folder that survives restarts, until it is told to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from shared.bus.client import Requester
from shared.bus.permissions import Partner
from shared.contract.authority import ORGANISER
from shared.contract.commands.notifier import AskLink, Link
from shared.contract.subjects import Service
from shared.time.clock import Clock
from teachmeet.demo import STARTS_AT
from teachmeet.local.cancelling import cancellable
from teachmeet.local.folder import DataFolder
from teachmeet.local.ports import free_port
from teachmeet.local.state import (
    RunningSystem,
    SystemState,
    forget_running,
    read_state,
    write_running,
    write_state,
)
from teachmeet.local.system import LocalSystem, SystemOptions
from teachmeet.sample import PARTNER, read_sample
from teachmeet.story import Story


@dataclass(frozen=True)
class UpOptions:
    """What the first start chooses; later starts of the same folder keep it."""

    data: Path
    community: str
    web_port: int = 0
    smtp: str | None = None
    public_url: str | None = None
    sample: bool = False


async def run_up(options: UpOptions, stop: asyncio.Event, note: Callable[[str], None]) -> None:
    """Run until ``stop`` is set, be it while the system still starts. Raises FolderInUseError, ClusterBlockError."""
    running, stopping = asyncio.create_task(_run(options, note)), asyncio.create_task(stop.wait())
    await asyncio.wait((running, stopping), return_when=asyncio.FIRST_COMPLETED)
    for task in (running, stopping):
        task.cancel()
    with suppress(asyncio.CancelledError):
        await running
    note("stopped; nothing is left running")


async def _run(options: UpOptions, note: Callable[[str], None]) -> None:
    folder = DataFolder(options.data)
    state = read_state(folder.path) or _first_state(options)
    system = LocalSystem(folder, _system_options(state, options))
    if state.clock_offset_seconds:
        note(
            f"All processes run on a clock that started at {STARTS_AT:%Y-%m-%dT%H:%MZ}: the sample is about that time."
        )
    async with system.running(note):
        write_state(folder.path, state)
        write_running(
            folder.path,
            RunningSystem(
                nats=system.broker.url,
                web=system.web_url,
                community=state.community,
                clock_offset_seconds=state.clock_offset_seconds,
            ),
        )
        try:
            await cancellable(_fill(system, state, note))
            for line in _addresses(system, state):
                note(line)
            if options.sample:
                note(f"a person's own page: {await _own_page(system, state)}")
            await asyncio.Event().wait()
        finally:
            forget_running(folder.path)
            note("stopping …")


def _first_state(options: UpOptions) -> SystemState:
    return SystemState(
        community=options.community,
        clock_offset_seconds=Clock.starting_at(STARTS_AT).offset_seconds if options.sample else 0.0,
        broker_port=free_port(),
        web_port=options.web_port or free_port(),
        partners=(Partner(PARTNER, (options.community,)),),
        sample_missing=options.sample,
    )


def _system_options(state: SystemState, options: UpOptions) -> SystemOptions:
    return SystemOptions(
        community=state.community,
        clock_offset_seconds=state.clock_offset_seconds,
        partners=state.partners,
        broker_port=state.broker_port,
        web_port=options.web_port or state.web_port,
        smtp=options.smtp,
        public_url=options.public_url,
    )


async def _fill(system: LocalSystem, state: SystemState, note: Callable[[str], None]) -> None:
    """Send the sample in, solve and release, as the demo does; goes on where an earlier start was stopped."""
    if not state.sample_missing:
        return
    note("filling the folder with the sample community …")
    story = Story(system, await read_sample())
    intake = await story.intake()
    await story.act(1, at_least_seq=intake.seq)
    write_state(system.folder.path, state.model_copy(update={"sample_missing": False}))


async def _own_page(system: LocalSystem, state: SystemState) -> str:
    """The signed link of one person of the sample."""
    async with system.connection("cli") as bus:
        requester = Requester(bus, state.community, ORGANISER)
        return (await requester.ask(Service.NOTIFIER, AskLink(person="p-001"), Link)).url


def _addresses(system: LocalSystem, state: SystemState) -> list[str]:
    mails = f"mails are kept in {system.folder.mail}" if system.options.smtp is None else f"mails go to {system.smtp}"
    return [
        f"front desk: {system.web_url}/{state.community}",
        f"replies:    mails to the reply address are taken in on 127.0.0.1:{system.reply_port} (SMTP)",
        f"broker:     {system.broker.url} (keys in {system.folder.path / 'keys'})",
        mails,
        f"command line: teachmeet show PROGRAMME --data {system.folder.path}",
        "Ctrl-C stops everything in order.",
    ]
