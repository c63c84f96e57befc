"""Child processes: started in order, started anew when they die, stopped in reverse order, none left behind."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import logging
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shared.bus.retry import growing_delay

log = logging.getLogger(__name__)

_STOP_PATIENCE = 4.0
"""seconds that a child is given to end by itself"""
_SETTLED_AFTER = 10.0
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class ProcessSpec:
    """One child: its command, what it adds to the environment, and where its output goes."""

    name: str
    command: Sequence[str]
    log_file: Path
    environment: Mapping[str, str] = field(default_factory=dict)


def _end_with_parent() -> None:
    """In the child, before its program starts: have the kernel end it when the runner dies (prctl(2), Linux)."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """One supervised process."""

    def __init__(self, spec: ProcessSpec) -> None:
        self.spec = spec
        self.starts = 0
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def start(self) -> None:
        """Start it, and keep it running from now on."""
        await self._spawn()
        self._keeper = asyncio.create_task(self._keep(), name=f"keeper of {self.spec.name}")

    async def stop(self) -> None:
        """End it with SIGTERM; with SIGKILL when it has not ended in 4 s."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        if self._process is None or self._process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        try:
            async with asyncio.timeout(_STOP_PATIENCE):
                await self._process.wait()
        except TimeoutError:
            log.warning("%s did not stop in %.0f s and is killed", self.spec.name, _STOP_PATIENCE)
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()

    def kill(self) -> bool:
        """End it with SIGKILL; it will be started anew. False when it is not running just now."""
        pid = self.pid
        if pid is None:
            return False
        os.kill(pid, signal.SIGKILL)
        return True

    async def _spawn(self) -> None:
        self.starts += 1
        with self.spec.log_file.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                *self.spec.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=dict(os.environ) | dict(self.spec.environment),
                # Ctrl-C is the runner's: it stops its children in order.
                start_new_session=True,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            )

    async def _keep(self) -> None:
        failures = 0
        while self._process is not None:
            started = asyncio.get_running_loop().time()
            code = await self._process.wait()
            settled = asyncio.get_running_loop().time() - started > _SETTLED_AFTER
            failures = 1 if settled else failures + 1
            log.warning("%s ended with code %s and is started anew", self.spec.name, code)
            await asyncio.sleep(growing_delay(failures, first=0.1, cap=2.0))
            await self._spawn()
