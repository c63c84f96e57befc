"""Whole mails, read back by the standard library."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from notifier_samples import COMMUNITY, NOW, PAGE, contact, entry, message

from services.notifier.content.mail import write_mail
from services.notifier.delivery.life import Mail
from shared.contract.facts.notifier import CancelKind, Method
from shared.contract.facts.replies import PartStat

ANYTHING = st.text(st.characters(codec=None, categories=None), max_size=300)
HOSTILE = "x\r\nBcc: all@evil.example\r\n\r\n\x00\u2028\x85\x0b\ud800,;\"'\\^=?utf-8?b?eA==?="


def _mail(**other: Any) -> Mail:
    recipient = other.pop("recipient", contact())
    return write_mail(message(**other), COMMUNITY, recipient, NOW, PAGE)


def _parsed(mail: Mail) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(mail.text.encode("ascii"), policy=default))


def _tree(part: Any) -> Any:
    kind = part.get_content_type()
    return (kind, [_tree(each) for each in part.iter_parts()]) if part.is_multipart() else kind


def test_the_tree_is_the_one_all_calendars_accept() -> None:
    readings = ("multipart/alternative", ["text/plain", "text/html", "text/calendar"])
    assert _tree(_parsed(_mail())) == ("multipart/mixed", [readings, "application/ics"])


def test_the_calendar_part_is_inline_with_its_method_and_the_attachment_is_the_same_object() -> None:
    parts = list(_parsed(_mail(method=Method.CANCEL, cancels=CancelKind.SEAT, sequence=1, n=2)).walk())
    calendar = next(part for part in parts if part.get_content_type() == "text/calendar")
    attached = next(part for part in parts if part.get_content_type() == "application/ics")
    assert calendar.get_param("method") == "CANCEL"
    assert calendar.get_content_disposition() is None
    assert attached.get_filename() == "invite.ics"
    assert calendar.get_payload(decode=True) == attached.get_payload(decode=True)
    assert Calendar.from_ical(calendar.get_payload(decode=True))["METHOD"] == "CANCEL"


def test_the_headers_are_those_of_automatic_mail_to_one_person() -> None:
    parsed = _parsed(_mail())
    assert parsed["From"] == "Northgate sessions <sessions@northgate.example>"
    assert parsed["To"] == "Amara Osei <amara@hillside.example>"
    assert parsed["Date"] == "Tue, 01 Dec 2026 09:00:00 +0000"
    assert parsed["Message-ID"] == "<retrieval.p-001.0.request@northgate.example>"
    assert (parsed["Auto-Submitted"], parsed["Content-Language"]) == ("auto-generated", "en")
    assert parsed["References"] is None


def test_answers_go_to_an_address_that_is_read_and_is_the_organisers() -> None:
    reply_to = "sessions+token@northgate.example"
    parsed = _parsed(write_mail(message(), COMMUNITY, contact(), NOW, PAGE, reply_to=reply_to))
    assert parsed["Reply-To"].addresses[0].addr_spec == reply_to
    assert parsed["From"].addresses[0].addr_spec == COMMUNITY.mailbox
    for kind in ("text/calendar", "application/ics"):
        part = next(part for part in parsed.walk() if part.get_content_type() == kind)
        [event] = Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")
        assert event["ORGANIZER"] == f"mailto:{reply_to}"
        assert event["ORGANIZER"].params["CN"] == COMMUNITY.organiser


def test_without_such_an_address_answers_go_to_the_mailbox() -> None:
    assert "\r\nReply-To:" not in _mail().text


def test_one_press_answers_stand_in_both_forms() -> None:
    urls = {PartStat.ACCEPTED: "https://x.example/a", PartStat.DECLINED: "https://x.example/d"}
    parsed = _parsed(write_mail(message(), COMMUNITY, contact(), NOW, PAGE, answer_urls=urls))
    for kind in ("plain", "html"):
        body = parsed.get_body((kind,))
        assert body is not None
        assert all(url in body.get_content() for url in urls.values())


def test_later_messages_belong_to_the_thread_of_the_first() -> None:
    parsed = _parsed(_mail(n=2, sequence=1, method=Method.CANCEL, cancels=CancelKind.SESSION))
    first = "<retrieval.p-001.0.request@northgate.example>"
    assert parsed["Message-ID"] == "<retrieval.p-001.1.cancel@northgate.example>"
    assert parsed["In-Reply-To"] == parsed["References"] == first


def test_all_lines_are_short_ascii_and_end_with_crlf() -> None:
    text = _mail(entry=entry(title="ß" * 10_000, description="🎓" * 3000 + "\nend ")).text
    assert text.isascii()
    assert all(len(each) <= 78 for each in text.split("\r\n"))
    assert "\r" not in text.replace("\r\n", "")
    assert "\n" not in text.replace("\r\n", "")


def test_equal_arguments_give_equal_bytes() -> None:
    assert _mail() == _mail()


@pytest.mark.parametrize("hostile", [HOSTILE, HOSTILE * 100, "\x00", "\ud800", "", "x" * 10_000])
def test_hostile_texts_change_neither_headers_nor_tree(hostile: str) -> None:
    harmless = _parsed(_mail(entry=entry(join_url="https://meet.example")))
    told = entry(title=hostile, description=hostile, location=hostile, join_url="https://meet.example")
    parsed = _parsed(_mail(entry=told, recipient=contact(name=hostile)))
    assert parsed.keys() == harmless.keys()
    assert _tree(parsed) == _tree(harmless)
    assert [each.addr_spec for each in parsed["To"].addresses] == ["amara@hillside.example"]


@settings(max_examples=40)
@given(title=ANYTHING, name=ANYTHING)
def test_no_text_stops_a_mail_from_being_written(title: str, name: str) -> None:
    parsed = _parsed(_mail(entry=entry(title=title), recipient=contact(name=name)))
    assert parsed.keys() == _parsed(_mail()).keys()
    assert not parsed.defects
