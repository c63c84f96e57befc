"""Reading a calendar from a server that may do anything."""

from __future__ import annotations

import asyncio
import gzip
import logging
import socket
from collections.abc import AsyncIterator, Callable
from ipaddress import ip_network
from typing import Any

import pytest

from services.registrations.calendars.addresses import AddressRules
from services.registrations.calendars.fetching import Fetcher, Limits, Question
from services.registrations.calendars.network import Network
from services.registrations.calendars.responses import FetchError, Validators
from services.registrations.calendars.sealing import CalendarAddress
from shared.contract.facts.calendars import ReadProblem
from teachmeet.local.ports import free_port
from tests.calendar_server import Answer, Asked, CalendarServer, calendar, calendar_server, event

LESSON = calendar(event("20270112T090000Z", "20270112T100000Z"))
Fetch = Callable[..., Any]


@pytest.fixture
async def server() -> AsyncIterator[CalendarServer]:
    async with calendar_server() as server:
        server.answer = lambda _: Answer(body=LESSON)
        yield server


def loopback(*ports: int) -> AddressRules:
    return AddressRules(Network((ip_network("127.0.0.0/8"),)), http=True, ports=ports)


async def fetch(
    server: CalendarServer, path: str = "/a.ics", *, question: Question | None = None, **limits: Any
) -> Any:
    fetcher = Fetcher(loopback(server.port), Limits(**limits))
    return await fetcher.fetch(CalendarAddress(url=server.url(path)), question or Question())


async def problem_of(server: CalendarServer, path: str = "/a.ics", **limits: Any) -> ReadProblem:
    with pytest.raises(FetchError) as failed:
        await fetch(server, path, **limits)
    return failed.value.problem


async def test_the_content_and_what_the_server_says_of_its_version_are_read(server: CalendarServer) -> None:
    server.answer = lambda _: Answer(
        body=LESSON, headers={"etag": '"v1"', "last-modified": "Tue, 12 Jan 2027 09:00:00 GMT"}
    )
    found = await fetch(server)
    assert (found.content, found.validators) == (LESSON, Validators('"v1"', "Tue, 12 Jan 2027 09:00:00 GMT"))


async def test_a_version_that_is_known_is_not_sent_again(server: CalendarServer) -> None:
    server.answer = lambda asked: Answer(304 if asked.headers.get("if-none-match") == '"v1"' else 200)
    assert (await fetch(server, question=Question(headers=Validators('"v1"').headers()))).content is None


async def test_packed_content_is_unpacked(server: CalendarServer) -> None:
    server.answer = lambda _: Answer(body=gzip.compress(LESSON), headers={"content-encoding": "gzip"})
    assert (await fetch(server)).content == LESSON


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (401, ReadProblem.SIGN_IN),
        (403, ReadProblem.SIGN_IN),
        (404, ReadProblem.GONE),
        (410, ReadProblem.GONE),
        (400, ReadProblem.REFUSED),
        (204, ReadProblem.REFUSED),
        (206, ReadProblem.REFUSED),
        (300, ReadProblem.REFUSED),
        (429, ReadProblem.SERVER_TROUBLE),
        (500, ReadProblem.SERVER_TROUBLE),
        (503, ReadProblem.SERVER_TROUBLE),
    ],
)
async def test_every_refusal_has_its_name(server: CalendarServer, status: int, problem: ReadProblem) -> None:
    server.answer = lambda _: Answer(status)
    assert await problem_of(server) is problem


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [
        ("120", 120.0),
        ("soon", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("Tue, 12 Jan 2027 09:10:00 GMT", 600.0),
        ("²", None),
    ],
)
async def test_a_server_that_asks_to_be_left_alone_is_heard(
    server: CalendarServer, stated: str, seconds: float | None
) -> None:
    server.answer = lambda _: Answer(503, headers={"retry-after": stated, "date": "Tue, 12 Jan 2027 09:00:00 GMT"})
    with pytest.raises(FetchError) as failed:
        await fetch(server)
    assert failed.value.retry_after == seconds


async def test_a_redirect_is_followed_and_relative_ones_too(server: CalendarServer) -> None:
    moved = {"/a.ics": "/b/c.ics", "/b/c.ics": "d.ics"}
    server.answer = lambda asked: (
        Answer(302, headers={"location": moved[asked.path]}) if asked.path in moved else Answer(body=LESSON)
    )
    assert (await fetch(server)).content == LESSON
    assert [each.path for each in server.asked] == ["/a.ics", "/b/c.ics", "/b/d.ics"]


async def test_redirects_without_end_are_not_followed_for_ever(server: CalendarServer) -> None:
    server.answer = lambda _: Answer(301, headers={"location": "/again"})
    assert await problem_of(server) is ReadProblem.REDIRECTS
    assert len(server.asked) == Limits().redirects + 1


@pytest.mark.parametrize(
    "location",
    ["http://10.0.0.1/", "http://169.254.169.254/latest", "http://[::1]/", "file:///etc/passwd", "http://127.0.0.1:1/"],
)
async def test_a_redirect_into_a_private_network_is_not_followed(server: CalendarServer, location: str) -> None:
    server.answer = lambda _: Answer(302, headers={"location": location})
    assert await problem_of(server) is ReadProblem.CLOSED_ADDRESS


async def test_a_redirect_to_another_host_does_not_get_the_password(server: CalendarServer) -> None:
    server.answer = lambda asked: (
        Answer(302, headers={"location": server.url("/b.ics", "localhost")})
        if asked.path == "/a.ics"
        else Answer(body=LESSON)
    )
    fetcher = Fetcher(AddressRules(Network((ip_network("127.0.0.0/8"), ip_network("::1/128"))), True, (server.port,)))
    address = CalendarAddress(url=server.url("/a.ics"), user="amara", password="hunter2")
    await fetcher.fetch(address, Question())
    assert [("authorization" in each.headers) for each in server.asked] == [True, False]


async def test_without_a_setting_nothing_on_this_machine_is_read(server: CalendarServer) -> None:
    fetcher = Fetcher(AddressRules(http=True, ports=(server.port,)))
    for host in ("127.0.0.1", "localhost"):
        with pytest.raises(FetchError) as failed:
            await fetcher.fetch(CalendarAddress(url=server.url("/a.ics", host)), Question())
        assert failed.value.problem is ReadProblem.CLOSED_ADDRESS
    assert server.asked == []


async def test_a_name_that_changes_its_mind_after_the_check_is_still_read_where_it_was_checked(
    server: CalendarServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the second answer would be the metadata address of a cloud."""
    loop = asyncio.get_running_loop()
    real, asked = loop.getaddrinfo, list[str]()

    async def lookup(host: Any, port: Any, **other: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name != "calendars.example":
            return await real(host, port, **other)
        asked.append(name)
        address = "127.0.0.1" if len(asked) == 1 else "169.254.169.254"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(loop, "getaddrinfo", lookup)
    fetcher = Fetcher(loopback(server.port))
    found = await fetcher.fetch(CalendarAddress(url=server.url("/a.ics", "calendars.example")), Question())
    assert (found.content, asked) == (LESSON, ["calendars.example"])
    assert server.asked[0].headers["host"] == f"calendars.example:{server.port}"


@pytest.mark.parametrize("packed", [False, True])
async def test_more_bytes_than_allowed_are_not_read(server: CalendarServer, packed: bool) -> None:
    body = b"BEGIN:VCALENDAR\r\n" + b"X" * 3_000_000
    headers = {"content-encoding": "gzip"} if packed else {}
    server.answer = lambda _: Answer(body=gzip.compress(body) if packed else body, headers=headers)
    assert await problem_of(server, bytes=1_000_000) is ReadProblem.TOO_LARGE


async def test_a_server_that_sends_without_end_is_left(server: CalendarServer) -> None:
    server.answer = lambda _: Answer(raw=b"HTTP/1.1 200 OK\r\n\r\n" + b"X" * 5_000_000)
    assert await problem_of(server, bytes=100_000) is ReadProblem.TOO_LARGE


async def test_a_server_that_never_answers_is_left(server: CalendarServer) -> None:
    async def never(_: Asked) -> Answer:
        await asyncio.Event().wait()
        raise AssertionError

    server.answer = never
    assert await problem_of(server, seconds=0.3) is ReadProblem.TOO_SLOW


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\x01\x02",
        b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nBEGIN",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 20\r\n\r\n"
        + gzip.compress(b"X" * 999, mtime=0)[:20],
        b"HTTP/1.1 200 OK\r\n" + b"x: " + b"y" * 200_000 + b"\r\n\r\n",
    ],
    ids=["nothing", "noise", "too-short", "bad-chunk", "half-packed", "endless-header"],
)
async def test_an_answer_that_breaks_off_or_is_none_is_no_calendar(server: CalendarServer, raw: bytes) -> None:
    server.answer = lambda _: Answer(raw=raw)
    assert await problem_of(server) is ReadProblem.UNREACHABLE


@pytest.mark.parametrize(
    ("headers", "problem"),
    [({"content-encoding": "br"}, ReadProblem.REFUSED), ({"content-encoding": "gzip"}, ReadProblem.NO_CALENDAR)],
)
async def test_packing_that_nobody_asked_for_is_refused(
    server: CalendarServer, headers: dict[str, str], problem: ReadProblem
) -> None:
    server.answer = lambda _: Answer(body=LESSON, headers=headers)
    assert await problem_of(server) is problem


async def test_nobody_there_is_unreachable() -> None:
    assert await problem_of(CalendarServer(port=free_port())) is ReadProblem.UNREACHABLE


async def test_nothing_secret_is_logged_at_any_level(server: CalendarServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    fetcher = Fetcher(loopback(server.port))
    address = CalendarAddress(url=server.url("/private-7c1d/a.ics"), user="amara", password="hunter2")
    await fetcher.fetch(address, Question())
    server.answer = lambda _: Answer(500)
    with pytest.raises(FetchError) as failed:
        await fetcher.fetch(address, Question())
    written = caplog.text + str(failed.value) + repr(failed.value)
    assert not [secret for secret in ("7c1d", "hunter2", "YW1hcmE6aHVudGVyMg") if secret in written]
