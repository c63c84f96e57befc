"""Notifiers that start in a moment: forked from a process that has imported everything and done nothing else.

    python -m tests.faults.nursery

For each line on its standard input it starts one and answers with its process id. The children end with it.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from teachmeet.local.processes import _end_with_parent
from teachmeet.serving import main


@dataclass
class Nursery:
    """Starts notifiers one after the other; each is ended before the next is started."""

    process: asyncio.subprocess.Process
    pid: int = 0

    async def start(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(b"\n")
        self.pid = int(await self.process.stdout.readline())

    def kill(self) -> None:
        """SIGKILL, now."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


@asynccontextmanager
async def nursery(environment: dict[str, str], log_file: Path) -> AsyncIterator[Nursery]:
    with log_file.open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.faults.nursery",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
            env=dict(os.environ) | environment,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )
    found = Nursery(process)
    try:
        yield found
    finally:
        found.kill()
        process.kill()
        await process.wait()


def _serve() -> None:
    # Nobody waits for the children.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    import services.notifier.app  # noqa: F401 - what takes long is done once, before the forks

    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            if sys.platform == "linux":
                _end_with_parent()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.close(0)
            os.dup2(2, 1)
            main("notifier")
            os._exit(0)
        print(pid, flush=True)


if __name__ == "__main__":
    _serve()
