"""A real SMTP server on loopback that keeps every mail it accepts as an ``.eml`` file, byte for byte.

    python -m teachmeet.mail_sink --host 127.0.0.1 --port 0 --folder mail --ready-file mail-sink.port

A mail is on disk, and so is its name, before the server answers 250. Names sort by arrival, also over restarts:
``00000042-<digest of the bytes>.eml``; two transmissions of one mail are two files with the same digest.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import os
import signal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

_UNFINISHED = ".unfinished"
_WRITERS = 8


@dataclass(frozen=True)
class SinkSettings:
    """Where the sink listens (port 0: any free one) and where mails go. The ready file gets the port."""

    host: str
    port: int
    folder: Path
    ready_file: Path | None = None


class MailFolder:
    """Writes mails as files that are complete and on disk, or not there at all."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for leftover in folder.glob(f"*{_UNFINISHED}"):
            leftover.unlink()
        self._folder = folder
        self._count = max((int(file.name.split("-")[0]) for file in folder.glob("*.eml")), default=0)

    def next_file(self, mail: bytes) -> Path:
        self._count += 1
        return self._folder / f"{self._count:08d}-{hashlib.sha256(mail).hexdigest()[:16]}.eml"

    def write(self, file: Path, mail: bytes) -> None:
        """Blocks until the mail and its name are on disk. Different files may be written at the same time."""
        unfinished = file.with_suffix(_UNFINISHED)
        with unfinished.open("wb") as stream:
            stream.write(mail)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.rename(file)
        _sync_folder(self._folder)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class _Keeper:
    """What the SMTP server does with a mail."""

    def __init__(self, folder: MailFolder, writers: ThreadPoolExecutor) -> None:
        self._folder = folder
        self._writers = writers

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - named by aiosmtpd
        mail = bytes(envelope.original_content or b"")
        file = self._folder.next_file(mail)
        try:
            await asyncio.get_running_loop().run_in_executor(self._writers, self._folder.write, file, mail)
        except OSError as error:
            return f"452 not kept: {error.strerror}"
        return "250 OK: kept"


async def serve(settings: SinkSettings) -> None:
    """Serve until SIGTERM or SIGINT; then close within a second."""
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    with ThreadPoolExecutor(_WRITERS) as writers:
        keeper = _Keeper(MailFolder(settings.folder), writers)
        server = await loop.create_server(lambda: SMTP(keeper, hostname="localhost"), settings.host, settings.port)
        _announce(server.sockets[0].getsockname()[1], settings)
        await stopped.wait()
        server.close()


def _announce(port: int, settings: SinkSettings) -> None:
    print(f"mail sink: {settings.host}:{port} -> {settings.folder}", flush=True)
    if settings.ready_file is not None:
        unfinished = settings.ready_file.with_suffix(_UNFINISHED)
        unfinished.write_text(str(port))
        unfinished.rename(settings.ready_file)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m teachmeet.mail_sink", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any free port")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--ready-file", type=Path, help="gets the port once the sink listens")
    chosen = parser.parse_args(arguments)
    asyncio.run(serve(SinkSettings(chosen.host, chosen.port, chosen.folder, chosen.ready_file)))


if __name__ == "__main__":
    main()
