"""A web server on loopback that holds calendars, answers as a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Handler = Callable[["Asked"], "Answer | Awaitable[Answer]"]


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    """instead of all of the above: exactly these bytes"""


@dataclass
class CalendarServer:
    """``answer`` is asked for each request; by default an empty calendar is served."""

    port: int = 0
    scheme: str = "http"
    answer: Handler = field(default=lambda _: Answer(body=b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"))
    asked: list[Asked] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    def url(self, path: str = "/calendar.ics", host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def serve(self, *events: str, etag: str | None = None) -> None:
        """Serve these events from now on, and 304 to whoever has that etag."""
        body = calendar(*events)

        def answer(asked: Asked) -> Answer:
            if etag is not None and asked.headers.get("if-none-match") == etag:
                return Answer(304)
            return Answer(body=body, headers={"content-type": "text/calendar"} | ({"etag": etag} if etag else {}))

        self.answer = answer

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self._take(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.at_once -= 1
            writer.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        request, *lines = head.strip().split("\r\n")
        method, path, _ = request.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        asked = Asked(method, path, headers, body)
        self.asked.append(asked)
        found = self.answer(asked)
        answer = found if isinstance(found, Answer) else await found
        if answer.raw is not None:
            writer.write(answer.raw)
        else:
            stated = {"content-length": str(len(answer.body)), "connection": "close", **answer.headers}
            told = "".join(f"{name}: {value}\r\n" for name, value in stated.items())
            writer.write(f"HTTP/1.1 {answer.status} Said\r\n{told}\r\n".encode() + answer.body)
        await writer.drain()


@asynccontextmanager
async def calendar_server(*, tls: ssl.SSLContext | None = None) -> AsyncIterator[CalendarServer]:
    """Listening on a free port of 127.0.0.1."""
    server = CalendarServer(scheme="https" if tls else "http")
    listening = await asyncio.start_server(server.take, "127.0.0.1", 0, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()


def calendar(*events: str, head: str = "") -> bytes:
    start = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n{head}"
    return f"{start}{''.join(events)}END:VCALENDAR\r\n".encode()


def event(start: str, end: str, *lines: str, uid: str = "one", title: str = "Dentist appointment") -> str:
    """An event with a title that must never be kept."""
    stated = [f"UID:{uid}", f"SUMMARY:{title}", f"DTSTART:{start}", f"DTEND:{end}", *lines]
    return "\r\n".join(["BEGIN:VEVENT", *stated, "END:VEVENT", ""])
