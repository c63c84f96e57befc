"""Releases as files and in words: what a running scheduler answers, and what the command line makes of it."""

from __future__ import annotations

import asyncio
import csv
import json
import os
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
import pytest_asyncio
from icalendar import Calendar
from planned_week import WEEK, Given, programme, proposal

from shared.bus.client import Requester
from shared.bus.connection import Bus, connect
from shared.contract.commands.registrations import AskNames, Names
from shared.contract.commands.scheduler import (
    AskChangelog,
    AskDifference,
    AskExport,
    Changelog,
    Difference,
    Export,
    ExportFormat,
    PublishRelease,
)
from shared.contract.facts.registrations import Community, Contact, Room
from shared.contract.facts.scheduler import Limits, Placement, PlanMode, Release
from shared.contract.message import Fact
from shared.contract.results import Rejection
from shared.contract.subjects import Service
from teachmeet.commands.export import exported
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.processes import Child
from teachmeet.organiser import Organiser
from tests.processes import answers, eventually, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")

LIBRARY = Room(room="library", name="Library", site="Hillside School", capacity=10)
HALL = Room(room="hall", name="Hall", site="Hillside School", capacity=10)
NAMED = Contact(
    person="p-1", name="Amara Osei", address="amara@hillside.example", zone="Europe/London", name_public=True
)
SHY = Contact(person="p-2", name="Ben Ito", address="ben@hillside.example", zone="Europe/London")
FACTS: tuple[Fact, ...] = (
    programme(),
    *(LIBRARY, HALL, NAMED, SHY),
    proposal("drawing", "p-1", title="Drawing from life", abstract="Bring a pencil, and Ωμέγα."),
    proposal("reading", "p-2", title="=Reading aloud"),
)


def community(name: str) -> Community:
    return Community.model_validate(Community.example | {"community": name})


def placed(session: str, day: int, hour: int, room: str = "library") -> Placement:
    start = datetime(2027, 1, day, hour, 30, tzinfo=UTC)
    return Placement(session=session, proposal=session, room=room, start=start, minutes=60)


def release(number: int, *placements: Placement) -> Release:
    fields = {"programme": WEEK, "number": number, "placements": placements, "request": f"r-{number}"}
    return Release.model_validate(Release.example | fields)


FIRST = release(1, placed("drawing", 12, 15), placed("reading", 13, 9))
SECOND = release(2, placed("drawing", 13, 16, "hall"), placed("reading", 13, 9))


async def seen(requester: Requester) -> None:
    """Wait until the scheduler has seen the facts and both releases."""

    async def all_of_it() -> bool:
        try:
            shown = await requester.ask(Service.SCHEDULER, AskExport(programme=WEEK, format=ExportFormat.JSON), Export)
        except Rejection:
            return False
        known = ("Drawing from life", "=Reading aloud", '"Library"', '"Hall"')
        return shown.number == SECOND.number and all(each in shown.text for each in known)

    await eventually(all_of_it)


@pytest_asyncio.fixture(loop_scope="module")
async def released(given: Given, requester: Requester) -> Given:
    """A community with two releases that the scheduler has seen."""
    await given.facts(community(given.community), *FACTS, FIRST, SECOND)
    await seen(requester)
    return given


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def registrations(broker: Broker, folder: DataFolder) -> AsyncIterator[Child]:
    """Tells the names that may be shown."""
    async with serving("registrations", broker, folder, TEACHMEET_PEOPLE_KEY_FILE=str(folder.people_key)) as child:
        await answers(broker, Service.REGISTRATIONS)
        yield child


class Cli:
    """The command line as a process, as the organiser of a community."""

    def __init__(self, broker: Broker, community: str) -> None:
        settings = broker.settings("cli")
        self._community = community
        self._environment = os.environ | {
            "TEACHMEET_NATS": settings.nats,
            "TEACHMEET_USER": "cli",
            "TEACHMEET_SEED_FILE": str(settings.seed_file),
        }

    async def __call__(self, *arguments: str) -> tuple[int, str]:
        """Exit code and everything that it printed."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "teachmeet", *arguments, "--community", self._community),
            env=self._environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        told, _ = await asyncio.wait_for(process.communicate(), timeout=120)
        return process.returncode or 0, told.decode()


@pytest.fixture
def cli(broker: Broker, released: Given) -> Cli:
    return Cli(broker, released.community)


async def test_the_command_line_writes_every_format(
    cli: Cli, registrations: Child, cli_bus: Bus, released: Given, tmp_path: Path
) -> None:
    anyone = Requester(cli_bus, released.community, patience=120.0)

    async def is_named() -> bool:
        return bool((await anyone.ask(Service.REGISTRATIONS, AskNames(people=("p-1",)), Names)).names)

    await eventually(is_named)
    files: dict[str, bytes] = {}
    for form in ExportFormat:
        output = tmp_path / f"week.{form}"
        code, told = await cli("export", WEEK, "--format", form, "--output", str(output))
        assert code == 0, told
        assert "release 2 of week is written to" in told
        files[form] = output.read_bytes()

    titles = {event.findtext("title") for event in fromstring(files["xml"]).iter("event")}
    assert titles == {"Drawing from life", "=Reading aloud"}
    events = Calendar.from_ical(files["ics"].decode()).walk("VEVENT")
    assert {str(each["UID"]) for each in events} == {"drawing@northgate.example", "reading@northgate.example"}
    rows = list(csv.DictReader(StringIO(files["csv"].decode("utf-8-sig"), newline="")))
    assert [(row["title"], row["start"], row["room"]) for row in rows] == [
        ("'=Reading aloud", "09:30", "Library"),
        ("Drawing from life", "16:30", "Hall"),
    ]
    assert json.loads(files["schedule-json"])["schedule"]["conference"]["daysCount"] == 1
    assert json.loads(files["json"])["release"]["number"] == 2
    for content in files.values():
        assert "Amara Osei" in content.decode()
        assert "Ben Ito" not in content.decode()
        assert b"hillside.example" not in content


async def test_an_older_release_without_names_is_written_when_that_is_asked_for(cli: Cli, tmp_path: Path) -> None:
    output = tmp_path / "week.json"
    code, told = await cli("export", WEEK, "-f", "json", "-o", str(output), "--release", "1", "--no-names", "--json")
    assert code == 0, told
    content = output.read_bytes()
    assert json.loads(told) == {
        "programme": WEEK,
        "release": 1,
        "media_type": "application/json",
        "output": str(output),
        "bytes": len(content),
    }
    assert [each["room"] for each in json.loads(content)["sessions"]] == ["library", "library"]
    assert b"Amara" not in content


async def test_what_cannot_be_exported_is_said_in_words_and_writes_no_file(cli: Cli, tmp_path: Path) -> None:
    output = tmp_path / "week.xml"
    for arguments, words in (
        (("nowhere", "--format", "xml"), "programme has no release yet"),
        ((WEEK, "--format", "xml", "--release", "9"), "number names no release of this programme"),
        ((WEEK, "--format", "xml", "--url", "ftp://x"), "url"),
    ):
        code, told = await cli("export", *arguments, "--output", str(output), "--no-names")
        assert code == 1
        assert words in told
        assert "Traceback" not in told
    code, told = await cli("export", WEEK, "-f", "csv", "-o", str(tmp_path / "no" / "such" / "folder"), "--no-names")
    assert (code, "Traceback" in told) == (1, False)
    code, told = await cli("export", WEEK, "--format", "pdf", "--output", str(output))
    assert code == 2
    assert not output.exists()


async def test_the_changelog_is_told_the_newest_release_first(cli: Cli) -> None:
    code, told = await cli("changelog", WEEK)
    assert code == 0, told
    newest, moves, oldest, first = told.splitlines()
    assert newest.startswith("Release 2")
    assert moves == "  Drawing from life moves from Tue 12 Jan 15:30, Library to Wed 13 Jan 16:30, Hall."
    assert oldest.startswith("Release 1")
    assert first == "  the first release, with 2 sessions"

    code, told = await cli("changelog", WEEK, "--json")
    releases = json.loads(told)["releases"]
    assert (code, [each["number"] for each in releases]) == (0, [2, 1])
    assert releases[0]["counts"] == {
        **dict.fromkeys(("added", "removed", "moved_in_time", "moved_in_room"), 0),
        "moved_in_both": 1,
        "unchanged": 1,
    }


async def test_a_long_export_comes_in_pages_and_is_the_same_file(given: Given, requester: Requester) -> None:
    talks = [proposal(f"s-{n:03}", "p-1", abstract=f"{n} " + "Ω\n" * 1900) for n in range(200)]
    await given.facts(community(given.community), *FACTS, *talks)
    await given.facts(release(1, *(placed(each.proposal, 12, 9) for each in talks)))
    question = AskExport(programme=WEEK, format=ExportFormat.JSON)

    async def whole() -> str | None:
        try:
            text = (await exported(requester, question)).content.decode()
        except Rejection:
            return None
        return text if all(each.abstract.split()[0] + " Ω" in text for each in talks) else None

    text = await eventually(whole)
    assert len(text.encode()) > 1024 * 1024
    assert len(json.loads(text)["sessions"]) == 200
    first = await requester.ask(Service.SCHEDULER, question, Export)
    assert first.pages > 5


async def test_a_partner_asks_what_changes_and_gets_files_without_names(
    broker: Broker, provision_bus: Bus, cli_bus: Bus, scheduler: Child
) -> None:
    # The community that the partners of these tests work for.
    northgate = Given(provision_bus, "northgate")
    await northgate.facts(community("northgate"), *FACTS, FIRST, SECOND)
    await seen(Requester(cli_bus, "northgate", "organiser", patience=120.0))
    async with connect(broker.settings("timetables")) as bus:
        partner = Requester(bus, "northgate", patience=120.0)
        found = await partner.ask(Service.SCHEDULER, AskDifference(programme=WEEK), Difference)
        file = await exported(partner, AskExport(programme=WEEK, format=ExportFormat.ICALENDAR))
    assert [(each.session, each.kind) for each in found.changes] == [("drawing", "moved-in-both")]
    assert file.content.count(b"BEGIN:VEVENT") == 2
    assert not any(name in file.content for name in (b"Amara", b"Ben", b"p-1", b"p-2"))


async def test_a_release_that_is_published_tells_when_what_for_and_how_much_it_changes(
    organiser: Organiser, requester: Requester, given: Given
) -> None:
    seq = await given.facts(*FACTS)
    limits = Limits(seconds=None, deterministic=0.05, workers=1)
    await organiser.request_plan(WEEK, at_least_seq=seq, limits=limits, mode=PlanMode.FRESH)
    shown = await organiser.drafted(WEEK)
    assert shown.plan is not None
    command = PublishRelease(programme=WEEK, request=shown.plan.request, note="Our first week")
    await requester.command(Service.SCHEDULER, command)

    [stored] = await given.releases()
    assert (stored.note, stored.changes.added if stored.changes else None) == ("Our first week", 2)
    log = await requester.ask(Service.SCHEDULER, AskChangelog(programme=WEEK), Changelog)
    assert [(each.number, each.note, each.published_at) for each in log.releases] == [
        (1, "Our first week", stored.published_at)
    ]
    assert stored.published_at is not None
