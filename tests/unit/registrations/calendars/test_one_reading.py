"""One reading of one calendar, from a real server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_network
from typing import Any

import pytest

from services.registrations.calendars.addresses import AddressRules
from services.registrations.calendars.fetching import Fetcher
from services.registrations.calendars.network import Network
from services.registrations.calendars.outcomes import Changed, Failed, Timing, Unchanged, after
from services.registrations.calendars.reader import CalendarReader
from services.registrations.calendars.reading import CalendarReading
from services.registrations.calendars.sealing import CalendarAddress, Seal
from services.registrations.imports.horizon import Horizon
from shared.contract.facts.calendars import CalendarKind, CalendarSource, ReadProblem
from tests.calendar_server import Answer, CalendarServer, calendar, calendar_server, event

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
YEAR = Horizon(date(2026, 11, 16), date(2028, 1, 5), "Europe/London")
LESSON = event("20270112T090000Z", "20270112T100000Z")
SEAL = Seal(b"key")


@pytest.fixture
async def server() -> AsyncIterator[CalendarServer]:
    async with calendar_server() as server:
        server.serve(LESSON, etag='"v1"')
        yield server


@pytest.fixture
async def reading(server: CalendarServer) -> AsyncIterator[CalendarReading]:
    rules = AddressRules(Network((ip_network("127.0.0.0/8"),)), http=True, ports=(server.port,))
    async with CalendarReader().running() as reader:
        yield CalendarReading(SEAL, Fetcher(rules), reader)


def source(server: CalendarServer, **other: Any) -> CalendarSource:
    sealed = SEAL.seal(CalendarAddress(url=server.url("/private.ics")), "northgate", "p-001", "work")
    stated = {"person": "p-001", "source": "work", "kind": "ics", "sealed": sealed, "connected": NOW, "due": NOW}
    return CalendarSource.model_validate(stated | other)


async def read_once(reading: CalendarReading, server: CalendarServer) -> CalendarSource:
    outcome = await reading.read("northgate", source(server), YEAR)
    assert isinstance(outcome, Changed)
    assert [each.start.hour for each in outcome.kept.windows] == [9]
    return after(source(server), outcome, NOW, Timing())


async def test_a_calendar_that_has_not_changed_is_not_sent(reading: CalendarReading, server: CalendarServer) -> None:
    known = await read_once(reading, server)
    assert await reading.read("northgate", known, YEAR) == Unchanged()
    assert server.asked[-1].headers["if-none-match"] == '"v1"'


async def test_the_same_content_under_a_new_version_is_not_read_again(
    reading: CalendarReading, server: CalendarServer
) -> None:
    known = await read_once(reading, server)
    server.serve(LESSON, etag='"v2"')
    outcome = await reading.read("northgate", known, YEAR)
    assert isinstance(outcome, Unchanged)
    assert outcome.validators is not None
    assert outcome.validators.etag == '"v2"'


@pytest.mark.parametrize(
    "horizon",
    [
        Horizon(YEAR.first + timedelta(days=28), YEAR.last + timedelta(days=28), YEAR.zone),
        Horizon(YEAR.first, YEAR.last, "Asia/Dubai"),
    ],
)
async def test_when_the_days_or_the_persons_zone_have_changed_all_of_it_is_read_again(
    reading: CalendarReading, server: CalendarServer, horizon: Horizon
) -> None:
    known = await read_once(reading, server)
    assert isinstance(await reading.read("northgate", known, horizon), Changed)
    assert "if-none-match" not in server.asked[-1].headers


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"<html>Please sign in</html>", ReadProblem.NO_CALENDAR),
        (calendar(LESSON)[:-30], ReadProblem.NO_CALENDAR),
        (b"", ReadProblem.NO_CALENDAR),
        (b"x\r\nEND:VCALENDAR", ReadProblem.NO_CALENDAR),
        (calendar(LESSON * 5001), ReadProblem.TOO_COSTLY),
    ],
)
async def test_what_is_no_whole_calendar_changes_nothing(
    reading: CalendarReading, server: CalendarServer, body: bytes, problem: ReadProblem
) -> None:
    server.answer = lambda _: Answer(body=body)
    assert await reading.read("northgate", source(server), YEAR) == Failed(problem)


async def test_not_modified_is_no_answer_to_somebody_who_knows_nothing(
    reading: CalendarReading, server: CalendarServer
) -> None:
    server.answer = lambda _: Answer(304)
    assert await reading.read("northgate", source(server), YEAR) == Failed(ReadProblem.REFUSED)


async def test_an_address_that_was_sealed_for_somebody_else_is_not_read(
    reading: CalendarReading, server: CalendarServer
) -> None:
    assert await reading.read("southgate", source(server), YEAR) == Failed(ReadProblem.UNSEALABLE)
    assert server.asked == []


async def test_a_caldav_server_that_does_not_know_the_report_is_told_as_that(
    reading: CalendarReading, server: CalendarServer
) -> None:
    server.answer = lambda asked: Answer(501 if asked.method == "REPORT" else 200)
    found = await reading.read("northgate", source(server, kind=CalendarKind.CALDAV), YEAR)
    assert found == Failed(ReadProblem.NO_FREE_BUSY)
    assert (server.asked[-1].headers["depth"], b"free-busy-query" in server.asked[-1].body) == ("1", True)
