"""Files are read in a process of their own, so that none holds up the service."""

from __future__ import annotations

import asyncio
import time
from datetime import date

import pytest

from services.registrations.calendars.reader import CalendarReader, TooCostlyError
from services.registrations.imports.drafts import UnreadableFileError
from services.registrations.imports.horizon import Horizon
from tests.calendar_server import calendar, event

YEAR = Horizon(date(2027, 1, 1), date(2027, 12, 31), "Europe/London")
LESSON = calendar(event("20270112T090000Z", "20270112T100000Z"))
NEVER = "DTSTART:00010101T090000Z\r\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
BOMBS = calendar(*(f"BEGIN:VEVENT\r\nUID:{number}\r\n{NEVER}\r\nEND:VEVENT\r\n" for number in range(500)))


async def test_busy_times_come_back_with_what_was_not_understood() -> None:
    odd = event("someday", "20270112T100000Z", uid="odd")
    async with CalendarReader(seconds=120.0).running() as reader:
        found = await reader.read(calendar(event("20270112T090000Z", "20270112T100000Z"), odd), YEAR)
    assert ([each.start.hour for each in found.no], found.maybe, found.faults) == ([9], (), 1)
    assert found.problems[0].field.endswith("DTSTART")
    assert "someday" not in str(found.problems)


async def test_a_file_that_is_no_calendar_is_refused_and_the_next_one_is_read() -> None:
    async with CalendarReader(seconds=120.0).running() as reader:
        with pytest.raises(UnreadableFileError, match="is not a calendar"):
            await reader.read(b"<html>", YEAR)
        assert len((await reader.read(LESSON, YEAR)).no) == 1


async def test_a_file_that_takes_too_long_is_given_up_and_the_next_one_is_read() -> None:
    async with CalendarReader(seconds=120.0).running() as reader:
        await reader.read(LESSON, YEAR)
        reader._seconds = 0.05
        with pytest.raises(TooCostlyError):
            await reader.read(BOMBS, YEAR)
        reader._seconds = 120.0
        assert len((await reader.read(LESSON, YEAR)).no) == 1


async def test_who_gives_up_in_the_middle_leaves_no_answer_for_the_next_file() -> None:
    async with CalendarReader(seconds=120.0).running() as reader:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await reader.read(BOMBS, YEAR)
        assert len((await reader.read(LESSON, YEAR)).no) == 1


async def test_a_process_that_dies_is_started_anew() -> None:
    async with CalendarReader(seconds=120.0).running() as reader:
        await reader.read(LESSON, YEAR)
        assert reader._process is not None
        reader._process.kill()
        await reader._process.wait()
        assert len((await reader.read(LESSON, YEAR)).no) == 1


async def test_no_process_is_left_behind() -> None:
    async with CalendarReader(seconds=120.0).running() as reader:
        await reader.read(LESSON, YEAR)
        process = reader._process
    assert process is not None
    assert process.returncode is not None


async def test_a_bomb_does_not_hold_up_the_event_loop() -> None:
    async with CalendarReader(seconds=120.0).running() as reader:
        await reader.read(LESSON, YEAR)
        computed = time.process_time()
        with pytest.raises(UnreadableFileError):
            await reader.read(BOMBS, YEAR)
    # Its rules alone take seconds to expand; here they take none, as another process does it.
    assert time.process_time() - computed < 0.5
