"""The mail sink as a process: what it answers for is on disk, byte for byte."""

from __future__ import annotations

import asyncio
import hashlib
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from services.notifier.delivery.outcome import Deferred, Sent
from services.notifier.delivery.smtp_settings import SmtpSettings
from services.notifier.delivery.transmission import MailTransport

PATIENCE_SECONDS = 10


@asynccontextmanager
async def _sink(folder: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    ready = folder.parent / "port"
    ready.unlink(missing_ok=True)
    command = ("-m", "teachmeet.mail_sink", "--folder", str(folder), "--ready-file", str(ready))
    process = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=asyncio.subprocess.DEVNULL)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not ready.exists():
                await asyncio.sleep(0.02)
        yield process, int(ready.read_text())
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _send(port: int, *mails: bytes, connections: int = 4) -> None:
    async with MailTransport(SmtpSettings(port=port, connections=connections)) as transport:
        sending = (transport.send(mail, sender="s@n.example", recipient="a@h.example") for mail in mails)
        assert all(isinstance(outcome, Sent) for outcome in await asyncio.gather(*sending))


def _kept(folder: Path) -> list[bytes]:
    return [file.read_bytes() for file in sorted(folder.iterdir())]


async def test_mails_are_kept_byte_for_byte_in_the_order_of_arrival(tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    mails = [f"Subject: {number}\r\n\r\n.dot\r\n\r\nend {number}\r\n".encode() for number in range(12)]
    async with _sink(folder) as (_, port):
        await _send(port, *mails, connections=1)
        assert _kept(folder) == mails
    first = min(folder.iterdir()).name
    assert first == f"00000001-{hashlib.sha256(mails[0]).hexdigest()[:16]}.eml"


async def test_names_stay_unique_and_in_order_when_the_sink_is_killed_and_starts_again(tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    for number in range(3):
        async with _sink(folder) as (process, port):
            await _send(
                port, b"Subject: same\r\n\r\nsame\r\n", f"Subject: {number}\r\n\r\n\r\n".encode(), connections=1
            )
            process.kill()
    names = [file.name for file in sorted(folder.iterdir())]
    assert [name[:8] for name in names] == [f"{number:08d}" for number in range(1, 7)]
    assert len({name[9:] for name in names[::2]}) == 1


async def test_what_a_killed_sink_left_unfinished_is_removed(tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    folder.mkdir()
    (folder / "00000007-abc.unfinished").write_bytes(b"half")
    async with _sink(folder):
        assert list(folder.iterdir()) == []


async def test_many_mails_at_a_time_are_all_kept(tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    mails = [f"Subject: {number}\r\n\r\n{'x' * 70}\r\n".encode() for number in range(60)]
    async with _sink(folder) as (_, port):
        await _send(port, *mails, connections=6)
    assert sorted(_kept(folder)) == sorted(mails)


async def test_a_mail_that_cannot_be_kept_is_deferred(tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    async with _sink(folder) as (_, port), MailTransport(SmtpSettings(port=port)) as transport:
        folder.rmdir()
        outcome = await transport.send(b"Subject: s\r\n\r\nx\r\n", sender="s@n.example", recipient="a@h.example")
        assert isinstance(outcome, Deferred)


async def test_it_closes_within_a_second_even_while_clients_are_connected(tmp_path: Path) -> None:
    async with _sink(tmp_path / "mail") as (process, port):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
        assert time.monotonic() - started < 1
        writer.close()
