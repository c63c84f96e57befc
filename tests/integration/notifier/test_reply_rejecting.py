"""Party crashers who are turned away, and what machines send, by real LMTP."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from attendee import reply, reply_to
from drawing_lesson import ANSWERED_AT, Drawing, Services
from party_crasher import STRANGER, crashed

from shared.contract.subjects import Service
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.ports import free_port
from tests.processes import answers, eventually, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def services(
    broker: Broker, folder: DataFolder, environment: dict[str, str], mail_sink_port: int
) -> AsyncIterator[Services]:
    """A notifier that takes mails by LMTP and turns party crashers away."""
    port = free_port()
    own = {
        "TEACHMEET_SMTP_PORT": str(mail_sink_port),
        "TEACHMEET_SETTLE_SECONDS": "0",
        "TEACHMEET_REPLY_LISTENER_PORT": str(port),
        "TEACHMEET_REPLY_LISTENER_PROTOCOL": "lmtp",
        "TEACHMEET_PARTY_CRASHERS": "reject",
    }
    people = {"TEACHMEET_PEOPLE_KEY_FILE": str(folder.people_key)}
    async with (
        serving("registrations", broker, folder, **people) as registrations,
        serving("notifier", broker, folder, **(environment | own)) as notifier,
    ):
        await answers(broker, Service.REGISTRATIONS)
        await answers(broker, Service.NOTIFIER)
        yield Services(registrations, notifier, port)


async def lmtp(port: int, mail: bytes, *recipients: str, sender: str = STRANGER) -> list[str]:
    """Hand a mail over by LMTP; the answers after the final dot, one for each recipient."""

    async def listens() -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        try:
            return await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return None

    reader, writer = await eventually(listens, within=120)

    async def answer() -> str:
        while (line := (await asyncio.wait_for(reader.readline(), 60)).decode()).startswith("-", 3):
            pass
        return line

    async def say(line: str) -> str:
        writer.write(f"{line}\r\n".encode())
        return await answer()

    await answer()
    assert (await say("LHLO mx.northgate.example")).startswith("250")
    assert (await say(f"MAIL FROM:<{sender}>")).startswith("250")
    for each in recipients:
        assert (await say(f"RCPT TO:<{each}>")).startswith("250")
    assert (await say("DATA")).startswith("354")
    writer.write(mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") + b"\r\n.\r\n")
    answers = [await answer() for _ in recipients]
    writer.close()
    return answers


async def rejections(drawing: Drawing) -> list[bytes]:
    """The letters by which the community turned somebody down."""
    own = f"rejection@{drawing.sessions.community}.example".encode()
    return [raw for raw in (each.read_bytes() for each in sorted(drawing.sessions.mail.glob("*.eml"))) if own in raw]


async def test_b7_reject_answers_a_party_crasher_once(drawing: Drawing) -> None:
    await drawing.released()
    mail, to = await crashed(drawing)
    assert (await lmtp(drawing.services.port, mail, to))[0].startswith("250")
    await lmtp(drawing.services.port, mail.replace(b"Message-ID: <1", b"Message-ID: <2"), to)

    [letter] = await eventually(lambda: rejections(drawing))
    parsed = email.message_from_bytes(letter, policy=email.policy.default)
    assert parsed["To"].addresses[0].addr_spec == STRANGER
    assert parsed["Auto-Submitted"] == "auto-replied"
    [case] = await drawing.quarantined()
    assert (case.reason, case.state) == ("stranger", "dismissed")


async def test_by_lmtp_every_recipient_is_answered_for(drawing: Drawing) -> None:
    await drawing.released()
    invited = await drawing.mail_to("ben")
    mailbox = f"sessions@{drawing.sessions.community}.example"
    answers = await lmtp(drawing.services.port, reply(invited, "DECLINED", ANSWERED_AT), reply_to(invited), mailbox)
    assert [each[:3] for each in answers] == ["250", "250"]
    await drawing.seated("amara", "cleo")


@pytest.mark.parametrize("sender", ["", "ben@hillside.example"])
async def test_b12_automatic_mail_changes_nothing_and_is_never_answered(drawing: Drawing, sender: str) -> None:
    await drawing.released()
    mail, to = await crashed(drawing)
    own = reply(await drawing.mail_to("ben"), "DECLINED", ANSWERED_AT)
    marked = b"Auto-Submitted: auto-replied\r\n" if sender else b""
    for each in (mail, own):
        [answer] = await lmtp(drawing.services.port, marked + each, to, sender=sender)
        assert "ignored" in answer
    assert await drawing.replies() == []
    assert await drawing.quarantined() == []
    # What a machine wrote for somebody is taken in, but not answered either; the last mail is answered.
    await lmtp(drawing.services.port, b"Auto-Submitted: auto-generated\r\n" + mail, to)
    assert [each.state for each in await drawing.quarantined()] == ["dismissed"]
    await lmtp(drawing.services.port, mail.replace(STRANGER.encode(), b"yan@elsewhere.example"), to)
    [letter] = await eventually(lambda: rejections(drawing))
    assert b"To: <yan@elsewhere.example>" in letter
