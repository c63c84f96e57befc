"""Replies that arrive in an IMAP mailbox, on a real IMAP server (Debian: dovecot-imapd)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from aioimaplib import Abort, Error
from attendee import reply
from drawing_lesson import ANSWERED_AT, Drawing, Services
from imap_server import PASSWORD, USER, WHERE, ImapServer, imap_server

from services.notifier.replies.mailbox import MARK
from shared.contract.facts.replies import PartStat
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.ports import free_port
from tests.processes import eventually, serving

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(WHERE is None, reason="needs an IMAP server: apt-get install dovecot-imapd"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def imap() -> AsyncIterator[ImapServer]:
    async with imap_server() as server:
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def services(
    broker: Broker, folder: DataFolder, environment: dict[str, str], mail_sink_port: int, imap: ImapServer
) -> AsyncIterator[Services]:
    people = {"TEACHMEET_PEOPLE_KEY_FILE": str(folder.people_key)}
    own = {
        "TEACHMEET_SMTP_PORT": str(mail_sink_port),
        "TEACHMEET_SETTLE_SECONDS": "0",
        "TEACHMEET_REPLY_IMAP_HOST": "127.0.0.1",
        "TEACHMEET_REPLY_IMAP_PORT": str(imap.port),
        "TEACHMEET_REPLY_IMAP_SECURITY": "none",
        "TEACHMEET_REPLY_IMAP_USERNAME": USER,
        "TEACHMEET_REPLY_IMAP_PASSWORD": PASSWORD,
    }
    async with (
        serving("registrations", broker, folder, **people) as registrations,
        serving("notifier", broker, folder, **(environment | own)) as notifier,
    ):
        yield Services(registrations, notifier, free_port())


async def all_marked(imap: ImapServer) -> bool:
    flags = await imap.flags()
    return bool(flags) and all(MARK in each for each in flags)


async def test_a_reply_that_arrives_in_the_mailbox_frees_the_seat_and_is_marked(
    drawing: Drawing, imap: ImapServer
) -> None:
    await drawing.released()
    await imap.receive(reply(await drawing.mail_to("ben"), "DECLINED", ANSWERED_AT))
    await drawing.seated("amara", "cleo")
    await eventually(lambda: all_marked(imap), within=120)
    # Who looks into the mailbox still sees it as new.
    assert not any("\\Seen" in flags for flags in await imap.flags())


async def test_what_arrives_while_the_notifier_is_away_is_taken_in_when_it_is_back_and_once(
    drawing: Drawing, imap: ImapServer, services: Services
) -> None:
    await drawing.released()
    invited = await drawing.mail_to("ben")
    services.notifier.kill()
    declined = reply(invited, "DECLINED", ANSWERED_AT)
    await imap.receive(declined)
    await imap.receive(declined)
    await imap.receive(reply(invited, "ACCEPTED", ANSWERED_AT - timedelta(minutes=5)))
    await eventually(lambda: all_marked(imap), within=120)
    await drawing.seated("amara", "cleo")
    assert [what for what, _ in await drawing.replies()] == ["answered", "obsolete"]
    assert (await drawing.replies())[-1][1].partstat is PartStat.DECLINED


async def test_an_imap_server_that_is_killed_is_found_again(drawing: Drawing, imap: ImapServer) -> None:
    await drawing.released()
    invited = await drawing.mail_to("ben")
    imap.child.kill()

    async def received() -> bool:
        try:
            await imap.receive(reply(invited, "DECLINED", ANSWERED_AT))
        except (OSError, TimeoutError, AssertionError, Abort, Error):
            return False
        return True

    await eventually(received, within=120)
    await drawing.seated("amara", "cleo")


async def test_lesson_27_what_is_no_answer_is_looked_at_once_and_letters_stay_with_humans(
    drawing: Drawing, imap: ImapServer
) -> None:
    await drawing.released()
    await drawing.mail_to("ben")
    mailbox = f"sessions@{drawing.sessions.community}.example"
    letter = f"From: ben@hillside.example\r\nTo: {mailbox}\r\nSubject: Hello\r\n\r\nMay I bring a cake?\r\n"
    await imap.receive(letter.encode())
    broken = f"From: x@y.example\r\nTo: {mailbox}\r\nContent-Type: text/calendar\r\n\r\nBEGIN:NOTHING\r\n"
    await imap.receive(broken.encode())
    await imap.receive(b"\xff\xfe\x00 no mail at all")
    await eventually(lambda: all_marked(imap), within=120)
    assert await drawing.replies() == []
    kept = await drawing.quarantined()
    assert [each.reason for each in kept] == ["unreadable"]
