"""Connected calendars, read by the real service from a real web server."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from calendar_people import Serving, settle_in, shown, shown_when

from shared.bus.client import Requester
from shared.bus.connection import Bus
from shared.contract.commands.calendars import (
    ConnectCalendar,
    DisconnectCalendar,
    ReadCalendar,
    SayAvailability,
    Understood,
)
from shared.contract.facts.calendars import ReadProblem
from shared.contract.results import Rejection
from shared.contract.subjects import Service
from shared.contract.values import Answer
from teachmeet.local.folder import DataFolder
from tests.calendar_server import Answer as Served
from tests.calendar_server import CalendarServer, event
from tests.clock import CLOCK
from tests.processes import eventually

SOON = (CLOCK.now() + timedelta(days=10)).strftime("%Y%m%d")
LESSON = (f"{SOON}T090000Z", f"{SOON}T100000Z")


def connecting(calendars: CalendarServer, path: str = "/private-7c1d/basic.ics", **other: str) -> ConnectCalendar:
    return ConnectCalendar.model_validate({"person": "p-001", "source": "work", "url": calendars.url(path), **other})


async def test_a_connected_calendar_makes_its_person_busy_and_later_changes_follow(
    reading: Serving, desk: Requester, calendars: CalendarServer
) -> None:
    calendars.serve(event(*LESSON), etag='"one"')
    async with reading():
        await settle_in(desk)
        await desk.command(Service.REGISTRATIONS, connecting(calendars))
        found = await shown_when(desk, lambda each: bool(each.sources and each.sources[0].windows))
        [window] = found.sources[0].windows
        assert (window.answer, found.sources[0].source) == (Answer.NO, "calendar-work")
        assert found.sources[0].unknown_since is None
        calendars.serve(event(*LESSON, "STATUS:TENTATIVE"), etag='"two"')
        await shown_when(desk, lambda each: each.sources[0].windows[0].answer is Answer.IF_NEED_BE)


async def test_a_calendar_that_has_not_changed_is_asked_for_by_its_etag_and_writes_no_new_availability(
    reading: Serving, desk: Requester, calendars: CalendarServer, provision_bus: Bus
) -> None:
    calendars.serve(event(*LESSON), etag='"one"')

    async def not_modified() -> bool:
        return sum(each.headers.get("if-none-match") == '"one"' for each in calendars.asked) >= 3

    async with reading():
        await settle_in(desk)
        await desk.command(Service.REGISTRATIONS, connecting(calendars))
        await eventually(not_modified, within=120.0)
        stated = await provision_bus.js.get_last_msg(
            "REGISTRATIONS", "tm.northgate.registrations.v1.evt.availability.p-001.stated"
        )
        read_first = (await shown(desk)).calendars[0].read_at
        await shown_when(desk, lambda each: each.calendars[0].read_at != read_first)
        again = await provision_bus.js.get_last_msg(
            "REGISTRATIONS", "tm.northgate.registrations.v1.evt.availability.p-001.stated"
        )
        assert again.seq == stated.seq


async def test_readings_leave_one_fact_behind_however_many_there_were(
    reading: Serving, desk: Requester, calendars: CalendarServer, provision_bus: Bus
) -> None:
    calendars.serve(event(*LESSON))

    async def read_often() -> bool:
        return len(calendars.asked) >= 5

    async with reading():
        await settle_in(desk)
        await desk.command(Service.REGISTRATIONS, connecting(calendars))
        await eventually(read_often, within=120.0)
        info = await provision_bus.js.stream_info(
            "REGISTRATIONS", subjects_filter="tm.*.registrations.v1.evt.calendar-source.>"
        )
        assert sum((info.state.subjects or {}).values()) <= 3


async def test_an_unreachable_calendar_says_unknown_since_and_what_it_said_counts_until_the_grace_period_is_over(
    reading: Serving, desk: Requester, calendars: CalendarServer
) -> None:
    calendars.serve(event(*LESSON))
    async with reading(TEACHMEET_CALENDAR_GRACE="PT20S"):
        await settle_in(desk)
        await desk.command(Service.REGISTRATIONS, connecting(calendars))
        await shown_when(desk, lambda each: bool(each.sources and each.sources[0].windows))
        calendars.answer = lambda _: Served(503)
        failed = await shown_when(desk, lambda each: each.calendars[0].problem is ReadProblem.SERVER_TROUBLE)
        assert failed.sources[0].unknown_since == failed.calendars[0].read_at
        assert failed.sources[0].windows
        unknown = await shown_when(desk, lambda each: not each.sources[0].windows)
        assert unknown.sources[0].unknown_since == failed.sources[0].unknown_since
        calendars.serve(event(*LESSON))
        await desk.command(Service.REGISTRATIONS, ReadCalendar(person="p-001", source="work"))
        known = await shown_when(desk, lambda each: bool(each.sources[0].windows))
        assert known.sources[0].unknown_since is None


async def test_a_server_that_asks_to_be_left_alone_is_not_asked_again_by_whoever_is_in_a_hurry(
    reading: Serving, desk: Requester, calendars: CalendarServer
) -> None:
    calendars.answer = lambda _: Served(503, headers={"retry-after": "3600"})
    async with reading():
        await settle_in(desk)
        await desk.command(Service.REGISTRATIONS, connecting(calendars))
        await shown_when(desk, lambda each: each.calendars[0].problem is ReadProblem.SERVER_TROUBLE)
        with pytest.raises(Rejection, match="asked to be left alone until") as refused:
            await desk.command(Service.REGISTRATIONS, ReadCalendar(person="p-001", source="work"))
        assert [error.field for error in refused.value.errors] == ["source"]
        assert len(calendars.asked) == 1


async def test_a_calendar_that_was_never_read_makes_nobody_busy_or_free(
    reading: Serving, desk: Requester, calendars: CalendarServer
) -> None:
    calendars.answer = lambda _: Served(200, b"<html>Please sign in</html>")
    async with reading():
        await settle_in(desk)
        await desk.command(Service.REGISTRATIONS, connecting(calendars))
        found = await shown_when(desk, lambda each: each.calendars[0].problem is not None)
        assert found.calendars[0].problem is ReadProblem.NO_CALENDAR
        assert (found.sources[0].windows, found.sources[0].unknown_since is not None) == ((), True)


async def test_what_the_person_says_by_hand_stays_beside_the_calendar_and_a_disconnected_one_is_forgotten(
    reading: Serving, desk: Requester, calendars: CalendarServer
) -> None:
    calendars.serve(event(*LESSON))
    async with reading():
        await settle_in(desk)
        await desk.command(Service.REGISTRATIONS, connecting(calendars))
        say = SayAvailability(person="p-001", text="Mon 9-11, banana")
        heard = await desk.ask(Service.REGISTRATIONS, say, Understood)
        assert (heard.windows, [each.field for each in heard.problems]) == (1, ["text.2"])
        both = await shown_when(desk, lambda each: len([one for one in each.sources if one.windows]) == 2)
        assert [each.source for each in both.sources] == ["calendar-work", "self"]
        await desk.command(Service.REGISTRATIONS, DisconnectCalendar(person="p-001", source="work"))
        left = await shown(desk)
        assert ([each.source for each in left.sources], left.calendars) == (["self"], ())


async def test_titles_addresses_and_passwords_are_nowhere_in_the_data_folder_nor_in_what_is_shown(
    reading: Serving, desk: Requester, calendars: CalendarServer, folder: DataFolder
) -> None:
    calendars.serve(event(*LESSON, title="Fertility clinic, Dr Lindqvist"))
    async with reading():
        await settle_in(desk)
        command = connecting(calendars, "/ical/amara.private%40mail.example/private-7c1d9e/basic.ics")
        await desk.command(Service.REGISTRATIONS, command)
        found = await shown_when(desk, lambda each: bool(each.sources and each.sources[0].windows))
    secrets = (b"Fertility", b"Lindqvist", b"private-7c1d9e", b"amara.private")
    assert not [each for each in secrets if each.decode() in found.model_dump_json()]
    assert _files_with(folder.path, secrets) == []
    # The search itself can find something.
    assert _files_with(folder.path, (b"calendar-source",)) != []


def _files_with(folder: Path, words: tuple[bytes, ...]) -> list[tuple[str, bytes]]:
    files = [each for each in folder.rglob("*") if each.is_file()]
    return [(str(file), word) for file in files for word in words if word in file.read_bytes()]


async def test_several_processes_ask_hardly_more_often_than_one_and_one_that_dies_holds_up_nobody(
    reading: Serving, desk: Requester, calendars: CalendarServer
) -> None:
    calendars.serve(event(*LESSON))
    slow = {"TEACHMEET_CALENDAR_EVERY": "PT1H", "TEACHMEET_CALENDAR_LEASE": "PT30S"}
    people = [f"p-{number:03}" for number in range(1, 9)]
    async with reading(**slow) as first:
        await settle_in(desk, *people)
        async with reading(**slow), reading(**slow):
            for person in people:
                url = calendars.url(f"/{person}.ics")
                await desk.command(Service.REGISTRATIONS, ConnectCalendar(person=person, source="work", url=url))
                if person == "p-004":
                    first.kill()
            for person in people:
                await shown_when(desk, lambda each: bool(each.sources and each.sources[0].windows), person)
    assert {each.path for each in calendars.asked} == {f"/{person}.ics" for person in people}
    # One each, and what the killed process had begun.
    assert len(calendars.asked) <= len(people) + 4


async def test_a_service_that_starts_anew_reads_on_and_a_disconnected_calendar_leaves_no_address_behind(
    reading: Serving, desk: Requester, calendars: CalendarServer, provision_bus: Bus
) -> None:
    calendars.serve(event(*LESSON))
    # What the first one may have begun to read when it ends, the second one reads soon.
    lease = {"TEACHMEET_CALENDAR_LEASE": "PT10S"}
    async with reading(**lease):
        await settle_in(desk)
        await desk.command(Service.REGISTRATIONS, connecting(calendars))
        first = await shown_when(desk, lambda each: bool(each.calendars[0].read_at))

    async def only_the_last_facts_are_left() -> bool:
        info = await provision_bus.js.stream_info(
            "REGISTRATIONS", subjects_filter="tm.*.registrations.v1.evt.*.p-001.>"
        )
        found = info.state.subjects or {}
        return [each.rpartition(".")[2] for each in found if ".calendar-source." in each] == ["disconnected"]

    async with reading(**lease, TEACHMEET_CALENDAR_EVERY="PT1H"):
        await shown_when(desk, lambda each: each.calendars[0].read_at != first.calendars[0].read_at)
        await desk.command(Service.REGISTRATIONS, DisconnectCalendar(person="p-001", source="work"))
        await eventually(only_the_last_facts_are_left)


async def test_one_server_is_asked_one_thing_at_a_time(
    reading: Serving, desk: Requester, calendars: CalendarServer
) -> None:
    calendars.serve(event(*LESSON))
    async with reading(TEACHMEET_CALENDAR_EVERY="PT1H"):
        people = tuple(f"p-{number:03}" for number in range(1, 6))
        await settle_in(desk, *people)
        for person in people:
            url = calendars.url(f"/{person}.ics")
            await desk.command(Service.REGISTRATIONS, ConnectCalendar(person=person, source="work", url=url))
        for person in people:
            await shown_when(desk, lambda each: bool(each.sources and each.sources[0].windows), person)
    assert calendars.most_at_once == 1
