"""What strangers, machines and mail servers send to the reply address, by real SMTP."""

from __future__ import annotations

import email
import email.policy

import pytest
from aiosmtplib import SMTPRecipientsRefused
from attendee import hand_over, reply, reply_to
from drawing_lesson import ANSWERED_AT, Drawing
from party_crasher import STRANGER, crashed

from shared.contract.commands.replies import AskReplies, DecideQuarantine, Replies
from shared.contract.commands.sending import AskSuppressions, Suppressions
from shared.contract.results import Rejection
from shared.contract.subjects import Service
from teachmeet.local.folder import DataFolder

pytestmark = pytest.mark.asyncio(loop_scope="module")


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


async def test_addresses_of_others_are_refused(drawing: Drawing) -> None:
    await drawing.released()
    await drawing.mail_to("ben")
    with pytest.raises(SMTPRecipientsRefused) as refused:
        await hand_over(drawing.services.port, b"Subject: x\r\n\r\nx\r\n", "anybody@elsewhere.example")
    assert refused.value.recipients[0].code == 550


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
    told = await drawing.organiser().ask(Service.NOTIFIER, AskSuppressions(), Suppressions)
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
