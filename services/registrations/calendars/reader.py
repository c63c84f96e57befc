"""Reads calendar files in a process of its own, so that no file can hold up the service or exhaust it."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.registrations.imports.drafts import UnreadableFileError
from services.registrations.imports.horizon import Horizon
from shared.contract.results import FieldError
from shared.time.intervals import Interval

log = logging.getLogger(__name__)

_SECONDS = 20.0
_LONGEST_ANSWER = 8 * 1024 * 1024
_COMMAND = (sys.executable, "-m", "services.registrations.calendars.reading_process")
_OWN_SETTINGS = "TEACHMEET_"


class TooCostlyError(UnreadableFileError):
    """Reading the file took more time or memory than it may."""

    def __init__(self) -> None:
        super().__init__("file", "takes too long to expand", "a calendar whose series repeat once a day at most")


@dataclass(frozen=True)
class BusyTimesRead:
    """When somebody is busy, when perhaps, and how many entries were not understood (the first of them named)."""

    no: tuple[Interval, ...]
    maybe: tuple[Interval, ...]
    faults: int = 0
    problems: tuple[FieldError, ...] = ()


class CalendarReader:
    """One reading process, started when it is first needed, ended when a file takes too long, then started anew.

    Files wait for one another; the event loop never does.
    """

    def __init__(self, *, seconds: float = _SECONDS) -> None:
        self._seconds = seconds
        self._turn = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[CalendarReader]:
        """Usable for as long as the block lasts; no process is left behind."""
        try:
            yield self
        finally:
            await self._end()

    async def read(self, content: bytes, horizon: Horizon) -> BusyTimesRead:
        """The busy times within the horizon. Raises UnreadableFileError, and TooCostlyError, which is one."""
        async with self._turn:
            try:
                async with asyncio.timeout(self._seconds):
                    answer = await self._ask(content, horizon)
            except (TimeoutError, EOFError, OSError, ValueError):
                # Ended by the kernel for its time or memory, or by us, here.
                await self._end()
                raise TooCostlyError from None
            except BaseException:
                # Given up in the middle: what the process would answer next is the answer to this file.
                await self._end()
                raise
        if "unreadable" in answer:
            raise UnreadableFileError(*answer["unreadable"])
        return _busy_times(answer)

    async def _ask(self, content: bytes, horizon: Horizon) -> dict[str, Any]:
        process = self._process
        if process is None or process.returncode is not None:
            process = await self._start()
        assert process.stdin is not None, "it is a pipe"
        assert process.stdout is not None, "it is a pipe"
        job = {
            "first": horizon.first.isoformat(),
            "last": horizon.last.isoformat(),
            "zone": horizon.zone,
            "bytes": len(content),
        }
        process.stdin.write(json.dumps(job).encode() + b"\n")
        process.stdin.write(content)
        await process.stdin.drain()
        line = await process.stdout.readline()
        if not line.endswith(b"\n"):
            raise EOFError
        answer: dict[str, Any] = json.loads(line)
        return answer

    async def _start(self) -> asyncio.subprocess.Process:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(_OWN_SETTINGS)}
        self._process = await asyncio.create_subprocess_exec(
            *_COMMAND,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=environment,
            limit=_LONGEST_ANSWER,
        )
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            try:
                process.kill()
            except ProcessLookupError:
                log.debug("the reading process had ended already")
        await process.wait()


def _busy_times(answer: dict[str, Any]) -> BusyTimesRead:
    problems = tuple(
        FieldError(field=f"line {line} {field}", problem=problem, allowed=allowed)
        for line, field, problem, allowed in answer["problems"]
    )
    return BusyTimesRead(_intervals(answer["no"]), _intervals(answer["maybe"]), answer["faults"], problems)


def _intervals(pairs: list[tuple[int, int]]) -> tuple[Interval, ...]:
    return tuple(Interval(*(datetime.fromtimestamp(each, UTC) for each in pair)) for pair in pairs)
