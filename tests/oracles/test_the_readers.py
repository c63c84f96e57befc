"""The readers notice what is wrong: a judge that lets everything pass is none."""

from __future__ import annotations

import pytest

from tests.oracles.judging import objections
from tests.oracles.meaning import meant_by, seen
from tests.oracles.messages import SAMPLES
from tests.oracles.reading import Reader
from tests.oracles.test_every_message import calendar_object

_INVITATION = SAMPLES["invitation"]


def _broken(line: bytes, becomes: bytes) -> bytes:
    right = calendar_object(_INVITATION)
    assert right.count(line) == 1, line
    return right.replace(line, becomes)


@pytest.mark.parametrize(
    ("line", "becomes"),
    [
        (b"SEQUENCE:0\r\n", b"SEQUENCE:1\r\n"),
        (b"STATUS:CONFIRMED\r\n", b"STATUS:TENTATIVE\r\n"),
        (b"DTSTART;TZID=Europe/London:20270112T153000", b"DTSTART:20270112T163000Z"),
        (b"DTEND;TZID=Europe/London:20270112T163000", b"DTEND;TZID=Europe/London:20270112T163001"),
        (b"UID:retrieval@", b"UID:other@"),
        (b"mailto:amara@hillside.example", b"mailto:bo@hillside.example"),
        (b"SUMMARY:Retrieval", b"SUMMARY:Another"),
        (b"LOCATION:Library", b"LOCATION:Hall"),
        (b"END:VEVENT\r\n", b"END:VEVENT\r\nBEGIN:VEVENT\r\nUID:2\r\nDTSTART:20270112T163000Z\r\nEND:VEVENT\r\n"),
    ],
)
def test_every_difference_from_what_was_meant_is_seen(reader: Reader, line: bytes, becomes: bytes) -> None:
    [reading] = reader.calendars([_broken(line, becomes)])
    assert reading.errors or [seen(each) for each in reading.events] != meant_by(_INVITATION)


@pytest.mark.parametrize(
    ("line", "becomes"),
    [
        (b"UID:retrieval@northgate.example\r\n", b""),
        (b"SEQUENCE:0\r\n", b"SEQUENCE:0\r\nSEQUENCE:1\r\n"),
        (b"DTSTAMP:20261201T090000Z\r\n", b""),
        (b"LOCATION:Library\\, Hillside School\r\n", b"LOCATION:\r\n"),
        (b"STATUS:CONFIRMED\r\n", b"STATUS:CANCELLED\r\n"),
        (b"END:VCALENDAR\r\n", b"\x00"),
    ],
)
def test_libical_objects_to_what_breaks_its_restrictions(libical: Reader, line: bytes, becomes: bytes) -> None:
    [reading] = libical.calendars([_broken(line, becomes)])
    assert reading.errors


def test_a_zone_that_the_file_does_not_define_is_no_instant(strict_reader: Reader) -> None:
    right = calendar_object(_INVITATION)
    begin, end = right.index(b"BEGIN:VTIMEZONE"), right.index(b"BEGIN:VEVENT")
    [reading] = strict_reader.calendars([right[:begin] + right[end:]])
    assert [each.start for each in reading.events] == ["a time in a zone that the file does not define"]


def test_what_is_wrong_with_a_mail_is_told(reader: Reader) -> None:
    mail = _INVITATION.mail()
    assert objections([mail], [reader]) == []
    for line, becomes in ((b"amara@hillside.example>", b"bo@hillside.example>"), (b"method=REQUEST", b"method=CANCEL")):
        assert len(objections([mail.replace(line, becomes)], [reader])) == 1
