"""A mail server that is as fast as Python gets and keeps mails in memory, so that the sender is what is measured.

    python -m bench.sink PORT FILE

It answers XCOUNT with how many mails it has, and XKEEP with the first of them written to FILE, each behind its length.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import cast

import uvloop

_KEPT = 10_000
_ANSWERS = {
    b"EHLO": b"250 bench\r\n",
    b"HELO": b"250 bench\r\n",
    b"MAIL": b"250 OK\r\n",
    b"RCPT": b"250 OK\r\n",
    b"RSET": b"250 OK\r\n",
    b"QUIT": b"221 bye\r\n",
}
_END = b"\r\n.\r\n"


class _Sink(asyncio.Protocol):
    mails: list[bytes]
    file: Path

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._in_data = False
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not every event loop derives its transports from asyncio's class; a connection's can be written to.
        self._transport = cast(asyncio.WriteTransport, transport)
        self._say(b"220 bench\r\n")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while self._take():
            pass

    def _take(self) -> bool:
        """One command, or one mail; False when it is not complete yet."""
        end = _END if self._in_data else b"\r\n"
        found = self._buffer.find(end)
        if found < 0:
            return False
        piece = bytes(self._buffer[:found])
        del self._buffer[: found + len(end)]
        if self._in_data:
            self._in_data = False
            self.mails.append(piece + b"\r\n")
            self._say(b"250 OK\r\n")
        else:
            self._command(piece[:6].upper())
        return True

    def _command(self, command: bytes) -> None:
        if command[:4] == b"DATA":
            self._in_data = True
            self._say(b"354 go on\r\n")
        elif command == b"XCOUNT":
            self._say(b"250 %d\r\n" % len(self.mails))
        elif command[:5] == b"XKEEP":
            kept = (len(mail).to_bytes(4, "big") + mail for mail in self.mails[:_KEPT])
            self.file.write_bytes(b"".join(kept))
            self._say(b"250 written\r\n")
        else:
            self._say(_ANSWERS.get(command[:4], b"502 what\r\n"))

    def _say(self, answer: bytes) -> None:
        assert self._transport is not None, "connected"
        self._transport.write(answer)


async def serve(port: int, file: Path) -> None:
    _Sink.mails, _Sink.file = [], file
    server = await asyncio.get_running_loop().create_server(_Sink, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
