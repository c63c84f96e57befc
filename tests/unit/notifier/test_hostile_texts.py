"""B14: no text stops a mail, adds a line to it, or changes who is invited, also without assertions."""

from __future__ import annotations

import os
import subprocess
import sys
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import cast

import pytest
from composed_hostile import FIELDS, HOSTILE, INJECTED, composed
from icalendar import Calendar

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
NASTY = [
    "a\rb",
    "a\nb",
    "a\r\nb",
    "a\x00b",
    "a\x0bb",
    "a\x0cb",
    "a\x85b",
    "a\u2028b",
    '"quoted"',
    "a,b;c:d",
    "a^nb",
    "a\ud800b",
    "🎓👩🏽‍🏫",
    "ß" * 10_000,
    f"x\r\n{INJECTED}",
    HOSTILE,
]


def _parsed(text: str) -> EmailMessage:
    return cast(EmailMessage, message_from_string(text, policy=default))


def _property_names(raw: bytes) -> list[bytes]:
    lines = raw.replace(b"\r\n ", b"").split(b"\r\n")
    return [line.partition(b":")[0].partition(b";")[0] for line in lines]


@pytest.mark.parametrize("nasty", NASTY, ids=[ascii(each)[:20] for each in NASTY])
@pytest.mark.parametrize("field", FIELDS)
def test_b14_headers_parts_and_properties_stay_what_they_are(field: str, nasty: str) -> None:
    harmless, parsed = _parsed(composed("x", field)), _parsed(composed(nasty, field))
    assert parsed.keys() == harmless.keys()
    assert not parsed.defects
    assert [part.get_content_type() for part in parsed.walk()] == [part.get_content_type() for part in harmless.walk()]
    raw, expected = (_raw(each) for each in (parsed, harmless))
    assert _property_names(raw) == _property_names(expected)
    [event] = Calendar.from_ical(raw).walk("VEVENT")
    assert event["ATTENDEE"] == "mailto:amara@hillside.example"
    assert event["ORGANIZER"] == "mailto:sessions+x@a.example"


def _raw(parsed: EmailMessage) -> bytes:
    part = next(each for each in parsed.walk() if each.get_content_type() == "text/calendar")
    return cast(bytes, part.get_payload(decode=True))


def test_b14_holds_without_assertions_too() -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(HERE))), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-O", str(HERE / "composed_hostile.py")],
        env=environment,
        capture_output=True,
        timeout=120,
        check=True,
    )
    optimised, _, mail = done.stdout.decode().partition("\n")
    assert optimised == "1"
    assert mail == composed(HOSTILE, *FIELDS)
