"""Every message as foreign readers see it: its calendar object, and the mail around it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from email.message import EmailMessage
from typing import cast

import pytest
from pydantic import ValidationError

from shared.contract.facts.registrations import Community, Contact, Seating
from shared.contract.message import Fact
from tests.oracles.judging import NOT_IN_THE_RFC, calendar_part, parsed
from tests.oracles.meaning import meant_by, seen, visible
from tests.oracles.messages import HOSTILE, SAMPLES, Sample
from tests.oracles.reading import Reader, Reading, ReadMail


def calendar_object(sample: Sample) -> bytes:
    part = calendar_part(_parsed(sample))
    assert part is not None
    return cast(bytes, part.get_payload(decode=True))


def _parsed(sample: Sample) -> EmailMessage:
    return parsed(sample.mail())


@pytest.fixture(scope="module")
def readings(reader: Reader) -> Mapping[str, Reading]:
    objects = [calendar_object(sample) for sample in SAMPLES.values()]
    return dict(zip(SAMPLES, reader.calendars(objects), strict=True))


@pytest.fixture(scope="module")
def mails(postal_mime: Reader) -> Mapping[str, ReadMail]:
    return dict(zip(SAMPLES, postal_mime.mails([sample.mail() for sample in SAMPLES.values()]), strict=True))


@pytest.mark.parametrize("name", SAMPLES)
def test_readers_see_in_the_calendar_object_what_was_meant(name: str, readings: Mapping[str, Reading]) -> None:
    sample, reading = SAMPLES[name], readings[name]
    assert [each for each in reading.errors if each not in NOT_IN_THE_RFC] == []
    assert reading.method == sample.message.method
    assert [seen(each) for each in reading.events] == meant_by(sample)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_organizer_is_where_answers_go_and_never_the_recipient(name: str, readings: Mapping[str, Reading]) -> None:
    for event in readings[name].events:
        assert event.organizer == f"mailto:{SAMPLES[name].reply_to}"
        assert event.organizer not in event.attendees


@pytest.mark.parametrize("name", SAMPLES)
def test_a_second_reader_sees_the_same_mail(name: str, mails: Mapping[str, ReadMail]) -> None:
    sample, mail, first = SAMPLES[name], mails[name], _parsed(SAMPLES[name])
    assert first.defects == []
    assert list(mail.header_names) == [each.lower() for each in first.keys()]  # noqa: SIM118 - a message, no dict
    assert mail.subject.split() == first["Subject"].split()
    assert mail.message_id == first["Message-ID"]
    assert [address for _, address in mail.recipients] == [sample.recipient.address]
    assert mail.sender[1] == first["From"].addresses[0].addr_spec
    for content_type, text in (("text/plain", mail.text), ("text/html", mail.html)):
        part = next(each for each in first.walk() if each.get_content_type() == content_type)
        assert text.split() == part.get_content().split()
    assert "<script" not in mail.html


@pytest.mark.parametrize("name", SAMPLES)
def test_names_arrive_whole(name: str, mails: Mapping[str, ReadMail]) -> None:
    sample, mail = SAMPLES[name], mails[name]
    assert visible(mail.recipients[0][0]) == visible(sample.recipient.name)
    assert visible(mail.sender[0]) == visible(sample.community.organiser)


@pytest.mark.parametrize("name", SAMPLES)
def test_both_copies_of_the_object_are_the_one_that_was_written(name: str, mails: Mapping[str, ReadMail]) -> None:
    sample, mail = SAMPLES[name], mails[name]
    written = calendar_object(sample).decode().replace("\r\n", "\n")
    inline, attached = mail.attachments
    assert (inline.type, inline.method, inline.disposition, inline.filename) == (
        "text/calendar",
        sample.message.method,
        None,
        None,
    )
    assert (attached.type, attached.disposition, attached.filename) == ("application/ics", "attachment", "invite.ics")
    assert inline.content == attached.content == written


@pytest.mark.parametrize("name", SAMPLES)
def test_the_object_is_encoded_once(name: str) -> None:
    encoded = [
        each.get_payload()
        for each in _parsed(SAMPLES[name]).walk()
        if each.get_content_type() in {"text/calendar", "application/ics"}
    ]
    assert [base64.b64decode(each)[:17] for each in encoded] == [b"BEGIN:VCALENDAR\r\n"] * 2


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize(
    ("fact", "field"),
    [(Seating, "session"), (Contact, "person"), (Contact, "address"), (Community, "domain"), (Community, "mailbox")],
)
def test_nothing_hostile_gets_into_a_uid_or_an_address(fact: type[Fact], field: str, text: str) -> None:
    for value in (text, f"{text}@hillside.example", f"amara@{text}"):
        with pytest.raises(ValidationError, match=field):
            fact.model_validate(fact.example | {field: value})
