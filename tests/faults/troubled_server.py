"""An SMTP server that stalls, drops, refuses and defers: what it does to whom and when is decided by a seed alone."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum


class Trouble(StrEnum):
    """What goes wrong with one transaction, and at which step."""

    NONE = "none"
    CLOSING = "421 at RCPT"
    DEFERRED = "451 at RCPT"
    FULL = "452 at the dot"
    STALL_AT_DATA = "no answer to DATA"
    CLOSED_AMID_DATA = "closed within the body"
    STALL_AFTER_DOT = "no answer to the dot"
    DROP_AFTER_DOT = "closed after the dot"


_BEFORE_THE_DOT = (
    Trouble.CLOSING,
    Trouble.DEFERRED,
    Trouble.FULL,
    Trouble.STALL_AT_DATA,
    Trouble.CLOSED_AMID_DATA,
)
_AFTER_THE_DOT = (Trouble.STALL_AFTER_DOT, Trouble.DROP_AFTER_DOT)
_SHARE_BEFORE, _SHARE_AFTER = 0.2, 0.05
_TROUBLED_TRIES = 2


class _ClosedError(Exception):
    """This connection is closed without a word."""


@dataclass
class TroubledServer:
    """``mails`` has the bytes of every transmission that was complete.

    Recipients in ``nobody`` do not exist (550). A recipient's first tries may meet trouble. Trouble after the dot,
    which leaves the sender in doubt, comes only to whom ``may_doubt`` allows it, and once.
    ``on_command`` is called for every command and every dot.
    """

    seed: int
    nobody: frozenset[str]
    may_doubt: Callable[[str], bool]
    on_command: Callable[[], None] = lambda: None
    mails: list[bytes] = field(default_factory=list)
    met: Counter[Trouble] = field(default_factory=Counter)
    _tries: Counter[str] = field(default_factory=Counter)
    _doubted: set[str] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(b"220 here\r\n")
            recipient = ""
            while line := await reader.readline():
                self.on_command()
                verb = line.split(maxsplit=1)[0].upper()
                if verb == b"RCPT":
                    recipient = line.decode().partition("<")[2].partition(">")[0]
                    writer.write(self._rcpt(recipient))
                elif verb == b"DATA":
                    await self._data(recipient, reader, writer)
                else:
                    writer.write(b"250 OK\r\n")
        except (_ClosedError, ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    def _rcpt(self, recipient: str) -> bytes:
        if recipient in self.nobody:
            return b"550 5.1.1 nobody of that name\r\n"
        self._tries[recipient] += 1
        match self._trouble(recipient):
            case Trouble.CLOSING:
                self.met[Trouble.CLOSING] += 1
                return b"421 4.3.2 closing\r\n"
            case Trouble.DEFERRED:
                self.met[Trouble.DEFERRED] += 1
                return b"451 4.3.0 later\r\n"
        return b"250 OK\r\n"

    async def _data(self, recipient: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        trouble = self._trouble(recipient)
        self.met[trouble] += trouble not in {Trouble.CLOSING, Trouble.DEFERRED}
        if trouble is Trouble.STALL_AT_DATA:
            await reader.read()
            raise _ClosedError
        writer.write(b"354 go on\r\n")
        if trouble is Trouble.CLOSED_AMID_DATA:
            await reader.readline()
            raise _ClosedError
        mail = (await reader.readuntil(b"\r\n.\r\n"))[:-3].replace(b"\r\n..", b"\r\n.")
        if trouble is Trouble.FULL:
            self.on_command()
            writer.write(b"452 4.3.1 full\r\n")
            return
        self.mails.append(mail)
        self.on_command()
        if trouble in _AFTER_THE_DOT:
            self._doubted.add(recipient)
            if trouble is Trouble.STALL_AFTER_DOT:
                await reader.read()
            raise _ClosedError
        writer.write(b"250 kept\r\n")

    def _trouble(self, recipient: str) -> Trouble:
        """The same for all steps of one try."""
        number = self._tries[recipient]
        chance = random.Random(f"{self.seed} {recipient} {number}")
        drawn = chance.random()
        if number > _TROUBLED_TRIES:
            return Trouble.NONE
        if drawn < _SHARE_AFTER:
            allowed = recipient not in self._doubted and self.may_doubt(recipient)
            return chance.choice(_AFTER_THE_DOT) if allowed else Trouble.NONE
        return chance.choice(_BEFORE_THE_DOT) if drawn < _SHARE_AFTER + _SHARE_BEFORE else Trouble.NONE


@asynccontextmanager
async def troubled(server: TroubledServer) -> AsyncIterator[int]:
    """The port on which it listens."""
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()
