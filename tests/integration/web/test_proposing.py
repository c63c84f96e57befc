"""From a form to a confirmed presenter, by mail and links alone: real HTTP, SMTP, broker and services."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from mailed_links import Mailbox, filled_in, post
from running_desk import Desk

from shared.bus.client import Requester
from shared.bus.connection import Bus
from shared.contract.catalogue import CONFIRMATION, PROPOSAL
from shared.contract.commands.registrations import AcceptProposal, AnnounceProgramme
from shared.contract.facts.calls import Confirmation, Word
from shared.contract.facts.registrations import Proposal
from shared.contract.subjects import Service
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.ports import LOOPBACK, free_port
from teachmeet.local.processes import Child, ProcessSpec
from tests.clock import CLOCK
from tests.processes import serving
from tests.written_facts import history

PROPOSE = "/northgate/propose/spring-2027"
BEGUN = {"name": "Cleo Adler", "title": "Maps without words", "format": "workshop", "abstract": "Draw & <see>."}


@pytest.fixture
async def mail(broker: Broker, folder: DataFolder) -> AsyncIterator[Mailbox]:
    """The mailbox of a stranger, and a notifier that reaches it."""
    port = free_port()
    command = (sys.executable, "-m", "teachmeet.mail_sink", "--port", str(port), "--folder", str(folder.mail))
    sink = Child(ProcessSpec("mail-sink", command, folder.logs / "mail-sink.log"))
    await sink.start()
    environment = {"TEACHMEET_LINK_KEY_FILE": str(folder.link_key), "TEACHMEET_SMTP_PORT": str(port)}
    web = f"http://{LOOPBACK}:8080"
    try:
        async with serving("notifier", broker, folder, **environment, TEACHMEET_WEB_URL=web):
            yield Mailbox(folder.mail, "cleo@elsewhere.example")
    finally:
        await sink.stop()


async def announced(organiser: Requester, *, closes_in: timedelta = timedelta(days=30)) -> None:
    now = CLOCK.now()
    call = {"opens": (now - timedelta(days=40)).isoformat(), "closes": (now + closes_in).isoformat()}
    formats = [{"format": "workshop", "minutes": 60}, {"format": "nano", "minutes": 2, "title": "Nano talk"}]
    command = AnnounceProgramme.model_validate(AnnounceProgramme.example | {"call": call, "formats": formats})
    await organiser.command(Service.REGISTRATIONS, command)


async def proposals(bus: Bus) -> list[Proposal]:
    return [state for _, state in await history(bus, PROPOSAL, Proposal)]


async def test_a_stranger_proposes_completes_and_confirms_a_session_without_an_account(
    desk: Desk, organiser: Requester, mail: Mailbox, provision_bus: Bus
) -> None:
    await announced(organiser)
    shown = await desk.until(PROPOSE, lambda each: "Nano talk (2 minutes)" in each.text)
    assert 'for="address"' in shown.text
    sent = await post(desk, PROPOSE, **BEGUN, address=mail.address)
    assert "We have sent you a mail" in sent
    link = await mail.link("Your proposal: Maps without words", "/proposal")
    page = (await desk.get(link)).text
    assert "This is a draft" in page
    assert "Draw &amp; &lt;see&gt;." in page

    fields = filled_in(page)
    assert (fields["title"], fields["format"], fields["abstract"]) == (
        "Maps without words",
        "workshop",
        "Draw & <see>.",
    )
    more = {
        "title": "Maps with few words",
        "format": "nano",
        "tags": "Geography, maps",
        "audience": "primary",
        "kit": "A pencil\r\nTracing paper\r\n",
        "recording": "no",
        "needs": "projector",
        "seats": "12",
        "preferred": "Tue 15:30-17 until 2027-04-30",
        "impossible": "Fri",
        "weekly": "yes",
    }
    refused = await desk.post(link, data=fields | more | {"act": "save"})
    assert refused.status_code == 400
    assert '<a href="#weekly">' in refused.text
    more["parts"] = "3"
    assert "It is saved" in await post(desk, link, **(fields | more), act="save")
    page = await post(desk, link, **(filled_in((await desk.get(link)).text)), act="submit")
    assert "It has come in" in page
    kept = (await proposals(provision_bus))[-1]
    assert (kept.title, kept.format, kept.minutes, kept.seats) == ("Maps with few words", "nano", 2, 12)
    assert (kept.tags, kept.audience, kept.needs) == (("geography", "maps"), ("primary",), ("projector",))
    assert (kept.kit, kept.recording) == (("A pencil", "Tracing paper"), False)
    assert [each.answer for each in (*kept.preferred, *kept.impossible)] == ["yes", "no"]
    before = kept.preferred, kept.impossible
    again = filled_in((await desk.get(link)).text)
    await post(desk, link, **again, act="save")
    kept = (await proposals(provision_bus))[-1]
    assert (kept.preferred, kept.impossible) == before
    await mail.link("We have your proposal: Maps with few words")

    await organiser.command(Service.REGISTRATIONS, AcceptProposal(proposal=kept.proposal))
    confirm = await mail.link("ACTION REQUIRED: please confirm Maps with few words", "/confirm/yes")
    looked = await desk.until(confirm, lambda each: each.status_code == 200)
    assert "Yes, I will present it" in looked.text
    asked = [state for _, state in await history(provision_bus, CONFIRMATION, Confirmation)]
    assert [each.word for each in asked] == [Word.ASKED]
    assert "you will present it" in await post(desk, confirm, word="yes")
    said = [state for _, state in await history(provision_bus, CONFIRMATION, Confirmation)]
    assert said[-1].word is Word.CONFIRMED

    page = (await desk.get(link)).text
    assert 'name="preferred"' not in page
    await post(desk, link, **filled_in(page) | {"abstract": "New words"}, act="save")
    kept = (await proposals(provision_bus))[-1]
    assert (kept.abstract, kept.status, kept.preferred) == ("New words", "accepted", before[0])
    assert (kept.parts, kept.weekly) == (3, True)

    second = f"{kept.proposal}-part-2"
    assert "weekly, 3 dates" in page
    assert "called off" in await post(desk, link, act="dates", call_off=second)
    assert (await proposals(provision_bus))[-1].called_off == (second,)
    assert "called off" not in (await post(desk, link, act="dates", hold=second)).replace("What is called off", "")
    assert (await proposals(provision_bus))[-1].called_off == ()
    await desk.child.stop()
    assert "/me/" not in desk.log()


async def test_nobody_learns_whether_an_address_is_known(desk: Desk, organiser: Requester, provision_bus: Bus) -> None:
    await announced(organiser)
    await desk.until(PROPOSE, lambda each: "Nano talk" in each.text)
    answers = [
        await desk.post(PROPOSE, data=BEGUN | {"address": address})
        for address in ("p-001@hillside.example", "new@elsewhere.example", "new@elsewhere.example")
    ]
    assert len({(each.status_code, each.headers["location"], each.text) for each in answers}) == 1


async def test_what_is_wrong_is_told_field_by_field_and_nothing_written_is_lost(
    desk: Desk, organiser: Requester, provision_bus: Bus
) -> None:
    await announced(organiser)
    await desk.until(PROPOSE, lambda each: "Nano talk" in each.text)
    answer = await desk.post(PROPOSE, data=BEGUN | {"address": "nobody", "title": ""})
    assert answer.status_code == 400
    assert '<a href="#address">' in answer.text
    assert '<a href="#title">' in answer.text
    assert answer.text.count('aria-invalid="true"') == 2
    fields = filled_in(answer.text)
    assert (fields["name"], fields["abstract"]) == (BEGUN["name"], BEGUN["abstract"])
    assert await proposals(provision_bus) == []
    assert (await desk.post(PROPOSE, content=b"x" * 70_000)).status_code == 413


async def test_a_closed_call_opens_for_nobody_without_a_code(desk: Desk, organiser: Requester) -> None:
    await announced(organiser, closes_in=timedelta(days=-1))
    shown = await desk.until(PROPOSE, lambda each: "The call closed on" in each.text)
    assert 'name="access_code"' in shown.text
    answer = await desk.post(PROPOSE, data=BEGUN | {"address": "a@b.example", "access_code": "guess-guess"})
    assert answer.status_code == 400
    assert (await desk.get("/northgate/propose/nothing")).status_code == 404
    assert (await desk.get("/nowhere/propose/spring-2027")).status_code == 404
