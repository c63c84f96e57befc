"""Availability in words, by upload and on the command line, through the real service."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import os
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from calendar_people import Serving, settle_in, shown, shown_when

from shared.bus.client import Requester
from shared.contract.commands.calendars import (
    ConnectCalendar,
    RenewAvailability,
    SayAvailability,
    Understood,
    UploadCalendar,
)
from shared.contract.commands.registrations import StateAvailability
from shared.contract.results import Rejection
from shared.contract.subjects import Service
from shared.contract.values import Answer, DatedWindow
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from tests.calendar_server import CalendarServer, calendar, event
from tests.clock import CLOCK

NOON = CLOCK.now().replace(hour=12, minute=0, second=0, microsecond=0)


def stamp(instant: datetime) -> str:
    return instant.strftime("%Y%m%dT%H%M%SZ")


def lesson(days: int, *lines: str) -> str:
    start = NOON + timedelta(days=days)
    return event(
        stamp(start), stamp(start + timedelta(hours=1)), *lines, uid=f"lesson-{days}", title="Fertility clinic"
    )


async def test_words_are_kept_renewed_and_asked_about_when_they_run_out(reading: Serving, desk: Requester) -> None:
    soon = (NOON + timedelta(days=5)).date()
    async with reading():
        await settle_in(desk)
        say = SayAvailability(person="p-001", text=f"Mon 9-11, not Fri, Tue 15:30-17 if need be until {soon}")
        heard = await desk.ask(Service.REGISTRATIONS, say, Understood, id="say")
        again = await desk.ask(Service.REGISTRATIONS, say, Understood, id="say")
        assert (heard.windows, heard.problems, again.seq) == (3, (), heard.seq)
        [own] = (await shown(desk)).sources
        assert (own.still_true, own.lasts_until) == (False, soon)
        later = soon + timedelta(days=200)
        await desk.command(Service.REGISTRATIONS, RenewAvailability(person="p-001", until=later))
        [own] = (await shown(desk)).sources
        assert (own.still_true, own.lasts_until) == (True, later)


@pytest.mark.parametrize("pack", [lambda content: content, gzip.compress])
async def test_an_uploaded_file_leaves_its_busy_times_and_nothing_else(
    reading: Serving, desk: Requester, folder: DataFolder, pack: object
) -> None:
    content = calendar(lesson(3), lesson(4, "STATUS:TENTATIVE"), lesson(5, "RRULE:FREQ=SECONDLY"))
    packed = pack(content) if callable(pack) else content
    async with reading():
        await settle_in(desk)
        command = UploadCalendar(person="p-001", content=base64.b64encode(packed).decode())
        found = await desk.ask(Service.REGISTRATIONS, command, Understood)
        assert (found.windows, [each.field.split()[-1] for each in found.problems]) == (2, ["RRULE"])
        [upload] = (await shown(desk)).sources
        assert [each.answer for each in upload.windows] == [Answer.NO, Answer.IF_NEED_BE]
    everything = b"".join(each.read_bytes() for each in folder.path.rglob("*") if each.is_file())
    assert b"availability" in everything
    assert b"Fertility" not in everything


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"<html>", "is not a calendar"),
        (gzip.compress(b"BEGIN:VCALENDAR\r\n" + b"X" * 11_000_000), "is too large"),
        (b"\x1f\x8bbroken", "cannot be unpacked"),
    ],
)
async def test_an_upload_that_is_no_calendar_is_refused_with_the_reason(
    reading: Serving, desk: Requester, content: bytes, problem: str
) -> None:
    async with reading():
        await settle_in(desk)
        command = UploadCalendar(person="p-001", content=base64.b64encode(content).decode())
        with pytest.raises(Rejection) as refused:
            await desk.ask(Service.REGISTRATIONS, command, Understood)
    assert [(each.field, each.problem) for each in refused.value.errors] == [("content", problem)]


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/a.ics", "https://[::ffff:127.0.0.1]/a.ics", "http://localhost/a.ics"]
)
async def test_without_the_operators_settings_no_command_leads_to_this_machine(
    reading: Serving, desk: Requester, url: str
) -> None:
    safe = {
        "TEACHMEET_CALENDAR_NETWORKS": "[]",
        "TEACHMEET_CALENDAR_HTTP": "false",
        "TEACHMEET_CALENDAR_PORTS": "[443]",
    }
    async with reading(**safe):
        await settle_in(desk)
        with pytest.raises(Rejection) as refused:
            await desk.command(Service.REGISTRATIONS, ConnectCalendar(person="p-001", source="work", url=url))
    assert [each.field for each in refused.value.errors] == ["url"]
    assert "127.0.0.1" not in str(refused.value.errors)


async def test_the_same_calendar_connected_again_is_no_change(
    reading: Serving, desk: Requester, calendars: CalendarServer
) -> None:
    async with reading(TEACHMEET_CALENDAR_EVERY="PT1H"):
        await settle_in(desk)
        command = ConnectCalendar(person="p-001", source="work", url=calendars.url("/private.ics"))
        await desk.command(Service.REGISTRATIONS, command)
        before = await shown_when(desk, lambda each: each.calendars[0].read_at is not None)
        await desk.command(Service.REGISTRATIONS, command)
        assert await shown(desk) == before
        other = command.model_copy(update={"url": calendars.url("/other.ics")})
        await desk.command(Service.REGISTRATIONS, other)
        await shown_when(desk, lambda each: each.calendars[0].read_at not in {None, before.calendars[0].read_at})
    assert [each.path for each in calendars.asked] == ["/private.ics", "/other.ics"]


async def test_a_calendar_for_which_others_left_no_room_is_kept_as_far_as_it_fits(
    reading: Serving, desk: Requester, calendars: CalendarServer
) -> None:
    def windows(source: str) -> StateAvailability:
        starts = [NOON + timedelta(hours=2 * number) for number in range(1000)]
        busy = tuple(DatedWindow(answer=Answer.NO, start=each, end=each + timedelta(hours=1)) for each in starts)
        return StateAvailability(person="p-001", source=source, windows=busy)

    times = [NOON + timedelta(hours=3 * number) for number in range(990)]
    calendars.serve(
        *(event(stamp(each), stamp(each + timedelta(hours=1)), uid=str(number)) for number, each in enumerate(times))
    )
    async with reading(TEACHMEET_CALENDAR_EVERY="PT1H"):
        await settle_in(desk)
        for source in ("school", "college"):
            await desk.command(Service.REGISTRATIONS, windows(source))
        await desk.command(
            Service.REGISTRATIONS, ConnectCalendar(person="p-001", source="work", url=calendars.url("/a.ics"))
        )
        found = await shown_when(desk, lambda each: bool(each.calendars and each.calendars[0].read_at))
    kept = next(each for each in found.sources if each.source == "calendar-work")
    assert 100 < len(kept.windows) < 990
    assert found.calendars[0].until_day is not None
    assert found.calendars[0].until_day < kept.windows[-1].end.date() + timedelta(days=1)


async def test_the_command_line_says_shows_and_uploads(
    reading: Serving, desk: Requester, broker: Broker, calendars: CalendarServer, tmp_path: Path
) -> None:
    settings = broker.settings("cli")
    environment = {
        "TEACHMEET_NATS": settings.nats,
        "TEACHMEET_USER": "cli",
        "TEACHMEET_SEED_FILE": str(settings.seed_file),
    }
    file = tmp_path / "term.ics"
    file.write_bytes(calendar(lesson(3)))

    async def teachmeet(*words: str) -> tuple[int, str]:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "teachmeet", *words, "--community", "northgate"),
            env=dict(os.environ) | environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        return process.returncode or 0, output.decode()

    async with reading():
        await settle_in(desk)
        assert await teachmeet("availability", "set", "p-001", "Mon 9-11, not Fri until 2027-04-30") == (
            0,
            "2 windows count now\n",
        )
        code, partly = await teachmeet("availability", "set", "p-001", "Mon 9-11, banana")
        assert (code, "1 windows count now" in partly, "text.2 has a word" in partly) == (1, True, True)
        code, uploaded = await teachmeet("availability", "upload", "p-001", str(file))
        assert (code, uploaded) == (0, "1 windows count now\n")
        code, output = await teachmeet("availability", "show", "p-001", "--json")
        found = json.loads(output)
        assert [each["source"] for each in found["sources"]] == ["self", "upload"]
        assert date.fromisoformat(found["sources"][0]["lasts_until"]) > NOON.date()
        assert "Mon 09:00-11:00" in (await teachmeet("availability", "show", "p-001"))[1]
        assert await teachmeet("calendars", "list", "p-001") == (0, "no calendar is connected\n")
        closed = f"https://10.0.0.1:{calendars.port}/private-7c1d.ics"
        code, refused = await teachmeet("calendars", "connect", "p-001", "--url", closed)
        assert (code, "leads into a private network" in refused, "7c1d" in refused) == (1, True, False)
        address = calendars.url("/private-7c1d.ics")
        assert await teachmeet("calendars", "connect", "p-001", "--url", address) == (0, "done\n")
        await shown_when(desk, lambda each: bool(each.calendars and each.calendars[0].read_at))
        code, listed = await teachmeet("calendars", "list", "p-001")
        assert (code, "calendar (ics): read" in listed, "7c1d" in listed) == (0, True, False)
        assert (await teachmeet("calendars", "disconnect", "NOBODY"))[0] == 1
        assert await teachmeet("calendars", "disconnect", "p-001") == (0, "done\n")
