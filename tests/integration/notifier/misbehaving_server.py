"""An SMTP server that does what a test tells it to at one step, once or always, and behaves otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum, auto


class Step(StrEnum):
    CONNECT = auto()
    EHLO = auto()
    MAIL = auto()
    RCPT = auto()
    DATA = auto()
    BODY = auto()
    DOT = auto()


class Trick(StrEnum):
    """Instead of an answer."""

    DROP = auto()
    HANG = auto()


_GOOD = {
    Step.CONNECT: "220 here",
    Step.EHLO: "250 hello",
    Step.MAIL: "250 OK",
    Step.RCPT: "250 OK",
    Step.DATA: "354 go on",
    Step.DOT: "250 kept",
}


class _DropError(Exception):
    pass


@dataclass
class MisbehavingServer:
    """``plan`` says what happens at a step; each item is used once. ``mails`` are those whose final dot was seen."""

    plan: dict[Step, list[str | Trick]] = field(default_factory=dict)
    mails: list[bytes] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await self._answer(Step.CONNECT, writer)
            while line := await reader.readline():
                await self._command(line.decode().strip(), reader, writer)
        except (_DropError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _command(self, command: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        verb = command.split(maxsplit=1)[0].upper()
        self.commands.append(verb)
        if verb in {"RSET", "QUIT"}:
            writer.write(b"250 OK\r\n")
            return
        went_on = await self._answer(Step[verb], writer)
        if verb == "DATA" and went_on:
            await self._body(reader, writer)

    async def _body(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.plan.get(Step.BODY):
            self.plan[Step.BODY].pop(0)
            await reader.readline()
            raise _DropError
        mail = await reader.readuntil(b"\r\n.\r\n")
        self.mails.append(mail[:-3].replace(b"\r\n..", b"\r\n."))
        await self._answer(Step.DOT, writer)

    async def _answer(self, step: Step, writer: asyncio.StreamWriter) -> bool:
        planned = self.plan.get(step, [])
        answer = planned.pop(0) if planned else _GOOD[step]
        if answer == Trick.DROP:
            raise _DropError
        if answer == Trick.HANG:
            await asyncio.Event().wait()
        writer.write(f"{answer}\r\n".encode())
        return answer[0] in "23"


@asynccontextmanager
async def misbehaving(plan: dict[Step, list[str | Trick]]) -> AsyncIterator[MisbehavingServer]:
    server = MisbehavingServer({step: list(answers) for step, answers in plan.items()})
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
