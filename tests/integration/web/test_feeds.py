"""Calendars to subscribe to, over real HTTP, read back by parsers that nobody here wrote."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from random import Random

import httpx
import pytest
import vobject
from icalendar import Calendar
from running_desk import JOIN, NORTHGATE, Desk

from shared.bus.connection import Bus
from shared.contract.facts.registrations import Contact, Proposal, Seating
from shared.contract.facts.scheduler import Release
from shared.contract.subjects import Service
from shared.links import LinkKey, LinkScope
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.ports import free_port
from teachmeet.local.processes import Child
from tests.clock import CLOCK
from tests.oracles.judging import objections_to_files
from tests.oracles.readers import present
from tests.oracles.reading import Reader
from tests.processes import answers, eventually, serving
from tests.written_facts import publish

Link = Callable[..., str]
Events = dict[str, tuple[datetime, datetime, str]]
"""Start, end and status, by UID."""

START = datetime(2027, 1, 12, 15, 30, tzinfo=UTC)
UID = "retrieval-practice@northgate.example"


@pytest.fixture
async def notifier(broker: Broker, folder: DataFolder) -> AsyncIterator[Child]:
    """A notifier whose mail server is away: calendars do not need it."""
    environment = {"TEACHMEET_LINK_KEY_FILE": str(folder.link_key), "TEACHMEET_SMTP_PORT": str(free_port())}
    async with serving("notifier", broker, folder, **environment) as child:
        await answers(broker, Service.NOTIFIER)
        yield child


def by_icalendar(body: bytes) -> Events:
    calendar = Calendar.from_ical(body)
    assert calendar["METHOD"] == "PUBLISH"
    return {
        str(event["UID"]): (
            event["DTSTART"].dt.astimezone(UTC),
            event["DTEND"].dt.astimezone(UTC),
            str(event["STATUS"]),
        )
        for event in calendar.walk("VEVENT")
    }


def by_vobject(body: bytes) -> Events:
    calendar = vobject.readOne(body.decode())
    return {
        event.uid.value: (
            event.dtstart.value.astimezone(UTC),
            event.dtend.value.astimezone(UTC),
            event.status.value,
        )
        for event in calendar.contents.get("vevent", [])
    }


@pytest.fixture(autouse=True)
def foreign_readers(request: pytest.FixtureRequest) -> None:
    """Have ``read`` ask the readers that this machine can have, libical's restriction check among them."""
    _READERS[:] = present(request.config)


_READERS: list[Reader] = []


def read(answer: httpx.Response) -> Events:
    """What all readers find."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    found = by_icalendar(answer.content)
    assert by_vobject(answer.content) == found
    assert objections_to_files([answer.content], _READERS) == []
    return found


def confirmed(start: datetime = START) -> tuple[datetime, datetime, str]:
    return start, start + timedelta(hours=1), "CONFIRMED"


def proposal(name: str, *tags: str) -> Proposal:
    named = {"proposal": name, "title": name, "tags": tags, "abstract": "Ask amara.osei@hillside.example about it"}
    return Proposal.model_validate(Proposal.example | named)


def released(number: int, *sessions: tuple[str, int]) -> Release:
    """Sessions, each so many hours after the first one's usual start."""
    placements = [
        Release.example["placements"][0]
        | {"session": name, "proposal": name, "start": (START + timedelta(hours=hours)).isoformat()}
        for name, hours in sessions
    ]
    published_at = f"2026-11-{number:02}T09:00:00Z"
    body = {"number": number, "placements": placements, "published_at": published_at}
    return Release.model_validate(Release.example | body)


@pytest.fixture
async def in_november(provision_bus: Bus) -> None:
    """The same community, with a release of the first of November."""
    others = (each for each in NORTHGATE if not isinstance(each, Release))
    await publish(provision_bus, *others, released(1, ("retrieval-practice", 0)))


@pytest.mark.usefixtures("northgate", "notifier")
async def test_the_communitys_calendar_is_read_alike_by_everybody(desk: Desk) -> None:
    answer = await desk.until("/northgate/calendar.ics", lambda each: UID.encode() in each.content)
    assert read(answer) == {UID: confirmed()}
    text = answer.text.replace("\r\n ", "")
    for address in ("mailto:", "ATTENDEE", "amara.osei@", "sessions@"):
        assert address not in text
    assert JOIN not in text
    assert "With Amara Osei" in text
    calendar = Calendar.from_ical(answer.content)
    assert calendar["NAME"] == calendar["X-WR-CALNAME"] == "Northgate Learning Alliance"
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=12)
    assert "X-PUBLISHED-TTL:PT12H" in text
    assert "COLOR:teal" in text
    assert "SOURCE;VALUE=URI:http://127.0.0.1:8080/northgate/calendar.ics" in text
    assert "URL;VALUE=URI:http://127.0.0.1:8080/northgate\r\n" in text


@pytest.mark.usefixtures("in_november", "notifier")
async def test_an_unchanged_calendar_is_not_sent_again_and_a_changed_one_is(desk: Desk, provision_bus: Bus) -> None:
    first = await desk.until("/northgate/calendar.ics", lambda each: UID.encode() in each.content)
    etag, modified = first.headers["etag"], first.headers["last-modified"]
    assert modified == "Sun, 01 Nov 2026 09:00:00 GMT"
    again = await desk.get("/northgate/calendar.ics")
    assert (again.content, again.headers["etag"]) == (first.content, etag)
    for condition in (
        {"If-None-Match": etag},
        {"If-None-Match": f'"other", W/{etag}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": modified},
        {"If-Modified-Since": "Mon, 02 Nov 2026 09:00:00 GMT"},
    ):
        answer = await desk.get("/northgate/calendar.ics", **condition)
        assert (answer.status_code, answer.content) == (304, b""), condition
        assert answer.headers["etag"] == etag
    for condition in (
        {"If-None-Match": '"other"'},
        {"If-None-Match": '"other"', "If-Modified-Since": modified},
        {"If-Modified-Since": "Sun, 01 Nov 2026 08:59:59 GMT"},
        {"If-Modified-Since": "yesterday"},
    ):
        assert (await desk.get("/northgate/calendar.ics", **condition)).status_code == 200, condition
    head = await desk.reader.head("/northgate/calendar.ics")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", etag)
    assert int(head.headers["content-length"]) == len(first.content)

    await publish(provision_bus, released(2, ("retrieval-practice", 1)))
    moved = await desk.until("/northgate/calendar.ics", lambda each: each.headers.get("etag") != etag)
    assert read(moved) == {UID: confirmed(START + timedelta(hours=1))}
    [event] = Calendar.from_ical(moved.content).walk("VEVENT")
    assert (event["SEQUENCE"], event["DTSTAMP"].dt) == (1, datetime(2026, 11, 2, 9, tzinfo=UTC))
    stale = await desk.get("/northgate/calendar.ics", **{"If-Modified-Since": modified})
    assert stale.status_code == 200


async def test_what_was_taken_out_stays_as_cancelled_and_a_tag_has_its_own_calendar(
    desk: Desk, notifier: Child, provision_bus: Bus
) -> None:
    both = (("drawing", 0), ("reading", 2))
    await publish(provision_bus, *NORTHGATE[:1], proposal("drawing", "arts"), proposal("reading", "literacy"))
    # Tags come from proposals: both are read once their titles are told.
    await publish(provision_bus, released(1, *both))
    await desk.until("/northgate/calendar.ics", lambda each: all(f"SUMMARY:{name}" in each.text for name, _ in both))
    await publish(provision_bus, released(2, both[0]))
    answer = await desk.until("/northgate/calendar.ics", lambda each: b"CANCELLED" in each.content)
    reading = START + timedelta(hours=2)
    off = (reading, reading + timedelta(hours=1), "CANCELLED")
    drawing, gone = "drawing@northgate.example", "reading@northgate.example"
    assert read(answer) == {drawing: confirmed(), gone: off}
    assert "hillside.example" not in answer.text
    assert read(await desk.get("/northgate/tags/arts/calendar.ics")) == {drawing: confirmed()}
    assert read(await desk.get("/northgate/tags/literacy/calendar.ics")) == {gone: off}
    assert set(read(await desk.get("/northgate/tags/workshop/calendar.ics"))) == {drawing, gone}
    assert read(await desk.get("/northgate/tags/nothing/calendar.ics")) == {}
    for nowhere in ("/elsewhere/calendar.ics", "/northgate/tags/Not%20a%20tag/calendar.ics"):
        assert (await desk.get(nowhere)).status_code == 404


@pytest.mark.usefixtures("northgate", "registrations", "notifier")
async def test_a_persons_calendar_is_secret_has_the_way_in_and_ends_with_their_links(
    desk: Desk, provision_bus: Bus, link: Link, folder: DataFolder
) -> None:
    own = await desk.until(link("p-002"), lambda each: each.status_code == 200)
    assert f"{link('p-002')[:20]}" in own.text
    subscribing = await desk.until(f"{link('p-002')}/calendar", lambda each: each.status_code == 200)
    address = subscribing.text.split("<code>")[1].split("</code>")[0]
    assert f"webcal://{address.removeprefix('http://')}" in subscribing.text
    path = "/" + address.split("/", 3)[3]
    claims = LinkKey.read(folder.link_key).verify(path.split("/")[2], now=CLOCK.now())
    assert (claims.scope, claims.person) == (LinkScope.FEED, "p-002")
    answer = await desk.until(path, lambda each: UID.encode() in each.content)
    assert read(answer) == {UID: confirmed()}
    text = answer.text.replace("\r\n ", "")
    assert JOIN in text
    assert path not in text
    for leaked in ("mailto:", "ATTENDEE", "sessions@", "ben.ito@", "SOURCE"):
        assert leaked not in text
    assert "private" in answer.headers["cache-control"]

    async def unchanged() -> bool:
        # The invitation goes out meanwhile; from then on the entry has its DTSTAMP.
        known = (await desk.get(path)).headers["etag"]
        return (await desk.get(path, **{"If-None-Match": known})).status_code == 304

    await eventually(unchanged)

    assert (await desk.get(f"{link('p-002')}/calendar.ics")).status_code == 403
    assert (await desk.get(path.removesuffix("/calendar.ics"))).status_code == 403
    ben = Contact(person="p-002", name="Ben Ito", address="b@l.example", zone="Asia/Dubai", link_generation=2)
    await publish(provision_bus, ben)
    await desk.until(path, lambda each: each.status_code == 403)
    await desk.child.stop()
    assert "/me/" not in desk.log()


async def test_a_large_calendar_comes_whole_and_outlasts_the_notifier(
    desk: Desk, notifier: Child, provision_bus: Bus
) -> None:
    """Larger than one message of the broker, also when it is compressed."""
    named = [f"session-{number}" for number in range(500)]
    chance = Random(7)
    long = [
        Proposal.model_validate(
            Proposal.example | {"proposal": name, "title": name, "abstract": chance.randbytes(1900).hex()}
        )
        for name in named
    ]
    await publish(provision_bus, *NORTHGATE[:1])
    for first in range(0, len(long), 50):
        await publish(provision_bus, *long[first : first + 50])
    await publish(provision_bus, released(1, *((name, 0) for name in named)))
    wanted = {f"{name}@northgate.example" for name in named}

    def complete(answer: httpx.Response) -> bool:
        if answer.status_code != 200 or answer.content.count(b"BEGIN:VEVENT") != len(named):
            return False
        text = answer.text.replace("\r\n ", "")
        return all(each.abstract in text for each in long)

    answer = await desk.until("/northgate/calendar.ics", complete)
    assert len(answer.content) > 1_500_000
    assert len(zlib.compress(answer.content)) > 900_000
    assert set(by_icalendar(answer.content)) == wanted
    # Anybody can make up more tags than the front desk keeps calendars.
    for number in range(201):
        assert (await desk.get(f"/northgate/tags/made-up-{number}/calendar.ics")).status_code == 200
    await notifier.stop()
    assert (await desk.get("/northgate/calendar.ics")).content == answer.content
    lost = await desk.reader.get("/northgate/tags/workshop/calendar.ics")
    assert (lost.status_code, int(lost.headers["retry-after"]) > 0) == (503, True)


async def test_a_seat_is_in_ones_own_calendar_only(
    desk: Desk, notifier: Child, provision_bus: Bus, folder: DataFolder, link: Link
) -> None:
    others = (each for each in NORTHGATE if not isinstance(each, Seating))
    await publish(provision_bus, *others, Seating.model_validate(Seating.example | {"people": ["p-002"]}))

    async def calendar_of(person: str) -> str:
        subscribing = await desk.until(f"{link(person)}/calendar", lambda each: each.status_code == 200)
        return "/" + subscribing.text.split("<code>")[1].split("</code>")[0].split("/", 3)[3]

    await desk.until(await calendar_of("p-002"), lambda each: UID.encode() in each.content)
    assert read(await desk.get(await calendar_of("p-001"))) == {}
