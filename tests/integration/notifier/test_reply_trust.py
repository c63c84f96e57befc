"""What strangers, machines and mail servers send to the reply address, by real SMTP and LMTP."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiosmtplib import SMTPRecipientsRefused
from attendee import hand_over, reply, reply_to
from drawing_lesson import ANSWERED_AT, Drawing, Services

from shared.bus.client import Requester
from shared.contract.commands.replies import AskReplies, DecideQuarantine, Replies
from shared.contract.commands.sending import AskSuppressions, Suppressions
from shared.contract.results import Rejection
from shared.contract.subjects import Service
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.ports import free_port
from tests.processes import eventually, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")
STRANGER = "zoe@elsewhere.example"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rejecting(
    broker: Broker, folder: DataFolder, environment: dict[str, str], mail_sink_port: int, services: Services
) -> AsyncIterator[int]:
    """The port of a second notifier: it takes mails by LMTP and turns party crashers away."""
    port = free_port()
    own = {
        "TEACHMEET_SMTP_PORT": str(mail_sink_port),
        "TEACHMEET_REPLY_LISTENER_PORT": str(port),
        "TEACHMEET_REPLY_LISTENER_PROTOCOL": "lmtp",
        "TEACHMEET_PARTY_CRASHERS": "reject",
    }
    async with serving("notifier", broker, folder, **(environment | own)):
        yield port


async def lmtp(port: int, mail: bytes, *recipients: str, sender: str = STRANGER) -> list[str]:
    """Hand a mail over by LMTP; the answers after the final dot, one for each recipient."""

    async def listens() -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        try:
            return await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return None

    reader, writer = await eventually(listens, within=40)

    async def answer() -> str:
        while (line := (await asyncio.wait_for(reader.readline(), 10)).decode()).startswith("-", 3):
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


def as_stranger(mail: bytes, own: str) -> bytes:
    """The same answer by somebody to whom the invitation was forwarded."""
    parsed = email.message_from_bytes(mail, policy=email.policy.default)
    parsed.replace_header("From", STRANGER)
    part = next(each for each in parsed.walk() if each.get_content_type() == "text/calendar")
    unfolded = part.get_content().replace("\r\n", "\n").replace("\n ", "")
    part.set_content(unfolded.replace(own, STRANGER), subtype="calendar", params={"method": "REPLY"})
    return parsed.as_bytes()


async def rejections(drawing: Drawing) -> list[bytes]:
    """The letters by which the community turned somebody down."""
    own = f"rejection@{drawing.sessions.community}.example".encode()
    return [raw for raw in (each.read_bytes() for each in sorted(drawing.sessions.mail.glob("*.eml"))) if own in raw]


async def crashed(drawing: Drawing) -> tuple[bytes, str]:
    """A stranger's answer to ben's invitation, and where it goes."""
    invited = await drawing.mail_to("ben")
    own = f"ben@{drawing.sessions.community}.example"
    return as_stranger(reply(invited, "ACCEPTED", ANSWERED_AT), own), reply_to(invited)


async def test_b7_a_party_crasher_waits_for_the_organiser_and_can_be_dismissed(drawing: Drawing) -> None:
    await drawing.released()
    mail, to = await crashed(drawing)
    await hand_over(drawing.services.port, mail, to)
    await hand_over(drawing.services.port, mail, to)
    told = await drawing.organiser().ask(Service.NOTIFIER, AskReplies(programme="spring-2027"), Replies)
    [case] = told.quarantined
    assert (case.reason, case.sender, case.session, case.partstat) == ("stranger", STRANGER, "drawing", "accepted")
    assert await drawing.replies() == []
    assert all(each.mail for each in await drawing.quarantined())

    with pytest.raises(Rejection, match="nobody who is registered"):
        await drawing.organiser().command(
            Service.NOTIFIER, DecideQuarantine(person=case.person, id=case.id, decision="admit")
        )
    dismiss = DecideQuarantine(person=case.person, id=case.id, decision="dismiss")
    await drawing.organiser().command(Service.NOTIFIER, dismiss)
    told = await drawing.organiser().ask(Service.NOTIFIER, AskReplies(programme="spring-2027"), Replies)
    assert told.quarantined == ()
    assert (await drawing.quarantined())[-1].mail is None


async def test_an_answer_at_the_open_mailbox_counts_once_the_organiser_admits_it(drawing: Drawing) -> None:
    await drawing.released()
    mail = reply(await drawing.mail_to("ben"), "DECLINED", ANSWERED_AT)
    mailbox = f"sessions@{drawing.sessions.community}.example"
    token = reply_to(await drawing.mail_to("ben"))
    folded = email.message_from_bytes(mail, policy=email.policy.default)
    part = next(each for each in folded.walk() if each.get_content_type() == "text/calendar")
    text = part.get_content().replace("\r\n", "\n").replace("\n ", "").replace(token, mailbox)
    part.set_content(text, subtype="calendar", params={"method": "REPLY"})
    folded.replace_header("To", mailbox)
    await hand_over(drawing.services.port, folded.as_bytes(), mailbox)
    [case] = await drawing.quarantined()
    assert (case.reason, case.person) == ("unproven", "ben")
    await drawing.seated("amara", "ben")
    admit = DecideQuarantine(person="ben", id=case.id, decision="admit")
    await drawing.organiser().command(Service.NOTIFIER, admit)
    await drawing.seated("amara", "cleo")


async def test_b7_reject_answers_a_party_crasher_once(drawing: Drawing, rejecting: int) -> None:
    await drawing.released()
    mail, to = await crashed(drawing)
    assert (await lmtp(rejecting, mail, to))[0].startswith("250")
    await lmtp(rejecting, mail.replace(b"Message-ID: <1", b"Message-ID: <2"), to)

    [letter] = await eventually(lambda: rejections(drawing))
    parsed = email.message_from_bytes(letter, policy=email.policy.default)
    assert parsed["To"].addresses[0].addr_spec == STRANGER
    assert parsed["Auto-Submitted"] == "auto-replied"
    [case] = await drawing.quarantined()
    assert (case.reason, case.state) == ("stranger", "dismissed")


async def test_by_lmtp_every_recipient_is_answered_for(drawing: Drawing, rejecting: int) -> None:
    await drawing.released()
    invited = await drawing.mail_to("ben")
    mailbox = f"sessions@{drawing.sessions.community}.example"
    answers = await lmtp(rejecting, reply(invited, "DECLINED", ANSWERED_AT), reply_to(invited), mailbox)
    assert [each[:3] for each in answers] == ["250", "250"]
    await drawing.seated("amara", "cleo")


async def test_addresses_of_others_are_refused(drawing: Drawing) -> None:
    await drawing.released()
    await drawing.mail_to("ben")
    with pytest.raises(SMTPRecipientsRefused) as refused:
        await hand_over(drawing.services.port, b"Subject: x\r\n\r\nx\r\n", "anybody@elsewhere.example")
    assert refused.value.recipients[0].code == 550


@pytest.mark.parametrize("sender", ["", "ben@hillside.example"])
async def test_b12_automatic_mail_changes_nothing_and_is_never_answered(
    drawing: Drawing, rejecting: int, sender: str
) -> None:
    await drawing.released()
    mail, to = await crashed(drawing)
    own = reply(await drawing.mail_to("ben"), "DECLINED", ANSWERED_AT)
    marked = b"Auto-Submitted: auto-replied\r\n" if sender else b""
    for each in (mail, own):
        [answer] = await lmtp(rejecting, marked + each, to, sender=sender)
        assert "ignored" in answer
    assert await drawing.replies() == []
    assert await drawing.quarantined() == []
    # What a machine wrote for somebody is taken in, but not answered either; the last mail is answered.
    await lmtp(rejecting, b"Auto-Submitted: auto-generated\r\n" + mail, to)
    assert [each.state for each in await drawing.quarantined()] == ["dismissed"]
    await lmtp(rejecting, mail.replace(STRANGER.encode(), b"yan@elsewhere.example"), to)
    [letter] = await eventually(lambda: rejections(drawing))
    assert b"To: <yan@elsewhere.example>" in letter


def returned(to: str, recipient: str, status: str) -> bytes:
    return (
        f"From: MAILER-DAEMON@mx.example\r\nTo: {to}\r\nMessage-ID: <{status}.{recipient}>\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 {status} no\r\n\r\n--b--\r\n"
    ).encode()


async def suppressed(drawing: Drawing) -> set[str]:
    asking = Requester(drawing.sessions.cli_bus, drawing.sessions.community, "organiser")
    told = await asking.ask(Service.NOTIFIER, AskSuppressions(), Suppressions)
    return {each.person for each in told.people}


async def test_a_delivery_report_suppresses_the_address_that_takes_no_mail(drawing: Drawing) -> None:
    await drawing.released()
    to = reply_to(await drawing.mail_to("ben"))
    own = f"ben@{drawing.sessions.community}.example"
    await hand_over(drawing.services.port, returned(to, own, "5.7.1"), to, sender="")
    assert await suppressed(drawing) == set()
    assert [each.reason for each in await drawing.quarantined()] == ["undelivered"]
    await hand_over(drawing.services.port, returned(to, own, "5.1.1"), to, sender="")
    assert await suppressed(drawing) == {"ben"}
    assert await drawing.replies() == []


async def test_secrets_in_addresses_are_never_logged(drawing: Drawing, folder: DataFolder) -> None:
    await drawing.released()
    await drawing.answers("ben", "ACCEPTED")
    token = reply_to(await drawing.mail_to("ben")).split("+")[1].split("@")[0]
    log = (folder.logs / "notifier.log").read_text()
    assert "taken in on" in log
    assert token not in log
