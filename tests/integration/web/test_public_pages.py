"""What strangers see: the released programme, and nothing else."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest
from running_desk import JOIN, Desk

from shared.bus.connection import Bus
from shared.contract.facts.registrations import Community, Contact
from shared.contract.facts.scheduler import Release
from teachmeet.local.broker import Broker
from teachmeet.local.processes import Child
from tests.processes import eventually
from tests.written_facts import publish


@pytest.mark.usefixtures("northgate", "registrations")
async def test_the_programme_is_shown_with_the_names_of_those_who_allow_it(desk: Desk, provision_bus: Bus) -> None:
    # Names come a little later where registrations is busy.
    shown = await desk.until("/northgate", lambda answer: "Amara Osei and 1 more" in answer.text)
    assert shown.status_code == 200
    for words in ("Spring term 2027", "Tuesday 12 January 2027", "Retrieval practice", "Library", "Workshop", "15:30"):
        assert words in shown.text
    assert "Ben Ito" not in shown.text
    assert "@" not in shown.text
    assert JOIN not in shown.text

    moved = Release.example["placements"][0] | {"start": "2027-03-30T14:30:00Z"}
    await publish(provision_bus, Release.model_validate(Release.example | {"number": 2, "placements": [moved]}))
    shown = await desk.until("/northgate?zone=Asia/Dubai", lambda answer: "Release 2" in answer.text)
    assert "12 January" not in shown.text
    assert "Tuesday 30 March 2027" in shown.text
    assert "18:30" in shown.text


@pytest.mark.usefixtures("northgate")
async def test_without_registrations_many_readers_soon_see_the_programme_without_names(desk: Desk) -> None:
    started = asyncio.get_running_loop().time()
    answers = await asyncio.gather(*(desk.get("/northgate") for _ in range(20)))
    # A second for names, for all readers together; one after another it would be twenty.
    assert asyncio.get_running_loop().time() - started < 5
    assert {answer.status_code for answer in answers} == {200}
    for shown in answers:
        assert "Retrieval practice" in shown.text
        assert "names cannot be shown" in shown.text
        assert "Amara" not in shown.text


@pytest.mark.usefixtures("northgate")
async def test_nothing_is_listed_and_nothing_is_guessed(desk: Desk) -> None:
    assert "orthgate" not in (await desk.get("/")).text
    for address in (
        "/elsewhere",
        "/docs",
        "/openapi.json",
        "/robots.txt",
        "/static/",
        "/static/../app.py",
        "/*",
        "/x/y",
    ):
        answer = await desk.get(address)
        assert (answer.status_code, "nothing at this address" in answer.text) == (404, True), address
    assert (await desk.post("/northgate")).status_code == 405
    assert (await desk.reader.head("/northgate")).status_code == 200


@pytest.mark.usefixtures("northgate")
async def test_a_zone_that_is_none_is_refused_beside_its_field(desk: Desk) -> None:
    answer = await desk.get("/northgate?zone=%3Cscript%3E")
    assert answer.status_code == 400
    assert "zone is not a time zone" in answer.text
    assert "<script>" not in answer.text


@pytest.mark.usefixtures("northgate")
async def test_every_answer_keeps_addresses_and_contents_to_itself(desk: Desk) -> None:
    for address in ("/", "/northgate", "/elsewhere", "/me/x", "/static/style.css", "/readyz"):
        headers = (await desk.get(address)).headers
        assert headers["referrer-policy"] == "no-referrer", address
        assert headers["x-content-type-options"] == "nosniff", address
        assert "default-src 'none'" in headers["content-security-policy"], address
        assert "server" not in headers
    page = (await desk.get("/northgate")).text
    assert "http" not in page.replace("http-equiv", "")


async def test_a_community_that_is_established_later_appears(desk: Desk, provision_bus: Bus) -> None:
    assert (await desk.get("/northgate")).status_code == 404
    await publish(provision_bus, Community.model_validate(Community.example), Contact.model_validate(Contact.example))
    shown = await desk.until("/northgate", lambda answer: answer.status_code == 200)
    assert "Nothing has been released yet" in shown.text


@pytest.mark.usefixtures("northgate")
async def test_it_says_when_it_cannot_follow_and_goes_on_when_it_can(
    broker_process: tuple[Broker, Child], desk: Desk
) -> None:
    broker, process = broker_process
    await process.stop()
    answer = await desk.until("/readyz", lambda answer: answer.status_code == 503)
    assert answer.json()["problems"]
    assert (await desk.get("/healthz")).status_code == 200
    assert "Retrieval practice" in (await desk.get("/northgate")).text

    await process.start()
    await broker.reachable()
    await desk.ready()


async def test_it_stops_at_once_and_by_itself_even_with_a_reader_connected(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    await desk.get("/healthz")
    pid = desk.child.pid
    assert pid is not None
    os.kill(pid, signal.SIGTERM)

    async def ended() -> bool:
        return desk.child.starts > 1

    await eventually(ended, within=120.0)
    assert "web ended with code 0" in caplog.text
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    # It would have waited for the reader for as long as it may.
    assert "graceful shutdown exceeded" not in desk.log()
    assert "Traceback" not in desk.log()
