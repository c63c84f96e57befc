"""``teachmeet up`` as a user runs it: a process on a data folder, commands against it, and what is left of it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from teachmeet.commands.output import organiser
from teachmeet.organiser import Organiser

TEACHMEET = (sys.executable, "-m", "teachmeet")
_STARTED = "Ctrl-C stops everything"
_PATIENCE = 120.0


@dataclass(frozen=True)
class Ended:
    """How a run ended."""

    code: int
    seconds: float
    left: set[int]


@dataclass(frozen=True)
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Up:
    """One data folder, and the system that runs on it now."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process: subprocess.Popen[str] | None = None
        self._starts = 0

    def start(self, *options: str, until: str = _STARTED) -> None:
        """Start the system and wait until it says so."""
        self._starts += 1
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                (*TEACHMEET, "up", "--data", str(self.folder), *options), stdout=log, stderr=log, text=True
            )
        wait_until(lambda: until in self.said() or self._process.poll() is not None, _PATIENCE)
        assert until in self.said(), self.said()

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def said(self) -> str:
        """What the present run has printed so far."""
        return self._log.read_text()

    def address(self, of: str) -> str:
        """An address that the present run printed."""
        (line,) = (line for line in self.said().splitlines() if line.startswith(of))
        return line.removeprefix(of).split()[0]

    def end(self, number: int = signal.SIGINT) -> Ended:
        """Have it end by a signal, and see what is left."""
        assert self._process is not None
        begun = time.monotonic()
        self._process.send_signal(number)
        code = self._process.wait(_PATIENCE)
        return Ended(code, time.monotonic() - begun, processes_of(self.folder))

    def cleared_away(self) -> None:
        """Whatever happened: leave no process of ours behind."""
        for pid in processes_of(self.folder):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def command(self, *arguments: str) -> Said:
        """A command of the command line against this folder."""
        return teachmeet(*arguments, "--data", str(self.folder))

    def mails(self, programme: str) -> set[str]:
        """Every mail, once all about the last release are sent."""
        asyncio.run(self._delivered(programme))
        return {file.name for file in (self.folder / "mail").glob("*.eml")}

    async def _delivered(self, programme: str) -> None:
        async with organiser(self.folder, None) as requester:
            acting = Organiser(requester)
            await acting.delivered(programme, (await acting.show_plan(programme)).releases)

    @property
    def _log(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}-{self._starts}.log")


def teachmeet(*arguments: str) -> Said:
    done = subprocess.run((*TEACHMEET, *arguments), capture_output=True, text=True, timeout=_PATIENCE, check=False)
    return Said(done.returncode, done.stdout, done.stderr)


def processes_of(folder: Path) -> set[int]:
    """Processes that were started with this folder in their command or environment; by /proc, so on Linux only."""
    return {pid for pid, words in _processes() if str(folder).encode() in words}


def _processes() -> Iterator[tuple[int, bytes]]:
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            yield int(entry.name), (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
        except OSError:
            continue


def wait_until(is_so: Callable[[], bool], seconds: float = _PATIENCE) -> None:
    """Raises TimeoutError when it has not come true by then."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not so after {seconds} s")
        time.sleep(0.05)
