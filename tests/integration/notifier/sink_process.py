"""The mail sink as a process, and the port on which it listens."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from teachmeet.local.folder import DataFolder
from teachmeet.local.processes import Child, ProcessSpec
from tests.processes import eventually


@asynccontextmanager
async def sink_process(folder: DataFolder) -> AsyncIterator[int]:
    """A mail server that keeps every mail in the data folder; it listens already."""
    ready = folder.logs / "mail-sink.port"
    options = ("--folder", str(folder.mail), "--ready-file", str(ready))
    command = (sys.executable, "-m", "teachmeet.mail_sink", *options)
    child = Child(ProcessSpec("mail-sink", command, folder.logs / "mail-sink.log"))

    async def listens() -> bool:
        return ready.exists()

    await child.start()
    try:
        await eventually(listens)
        yield int(ready.read_text())
    finally:
        await child.stop()
