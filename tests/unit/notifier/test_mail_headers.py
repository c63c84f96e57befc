"""Header fields, read back by the standard library."""

from __future__ import annotations

from email import message_from_string
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.content import headers
from services.notifier.content.printable import line

ANYTHING = st.text(st.characters(codec=None, categories=None), max_size=300)


@given(ANYTHING)
def test_any_text_becomes_short_ascii_lines_that_decode_to_it(text: str) -> None:
    value = headers.text(text)
    assert all(len(each) <= 78 for each in f"Subject: {value}".split("\r\n"))
    parsed = message_from_string(f"Subject: {value}\r\nTo: x@y.example\r\n\r\n", policy=default)
    assert value.isascii()
    assert parsed["To"] == "x@y.example"
    assert " ".join(str(parsed["Subject"]).split()) == " ".join(line(text).split())


@given(ANYTHING)
def test_any_name_leaves_the_address_alone(name: str) -> None:
    value = headers.mailbox(name, "amara@hillside.example")
    parsed = message_from_string(f"To: {value}\r\nSubject: s\r\n\r\n", policy=default)
    assert [each.addr_spec for each in parsed["To"].addresses] == ["amara@hillside.example"]
    assert parsed["Subject"] == "s"


@pytest.mark.parametrize("name", ["Amara Osei", 'Amara "Mo" Osei', "Osei, Amara; (head)", "Zoë Brien", "=?utf-8?q?x?="])
def test_a_name_reads_back_as_it_was(name: str) -> None:
    parsed = message_from_string(f"To: {headers.mailbox(name, 'a@b.example')}\r\n\r\n", policy=default)
    assert parsed["To"].addresses[0].display_name == name
