"""The cleaning of texts."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from services.notifier.content.printable import line, prose, shortened

ANYTHING = st.text(st.characters(codec=None, categories=None), max_size=200)
NOT_PRINTABLE = {"Cc", "Cs", "Zl", "Zp"}


@given(ANYTHING)
def test_a_line_holds_nothing_that_ends_or_hides_a_line(text: str) -> None:
    assert not {unicodedata.category(character) for character in line(text)} & NOT_PRINTABLE


@given(ANYTHING)
def test_prose_holds_no_control_character_but_line_feeds(text: str) -> None:
    kept = prose(text).replace("\n", "")
    assert not {unicodedata.category(character) for character in kept} & NOT_PRINTABLE


@given(ANYTHING)
def test_both_can_be_encoded_and_cleaning_twice_changes_nothing(text: str) -> None:
    for clean in (line, prose):
        assert clean(clean(text)) == clean(text)
        clean(text).encode()


def test_lines_of_prose_stay_lines() -> None:
    assert prose("one\r\ntwo\rthree\u2028four\x00five") == "one\ntwo\nthree\nfour five"


def test_what_is_cut_off_is_shown() -> None:
    assert shortened("abcdef", 6) == "abcdef"
    assert shortened("abcdefg", 6) == "abcde…"
