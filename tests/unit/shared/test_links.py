"""Signed links: only what we signed, only until it expires, and in one spelling only."""

from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.links import LinkClaims, LinkError, LinkKey, LinkScope

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
KEY = LinkKey(b"k" * 32)
TOKENS = st.text(string.ascii_lowercase + string.digits + "-", min_size=1, max_size=20)
CLAIMS = st.builds(
    LinkClaims,
    community=TOKENS,
    person=TOKENS,
    scope=st.sampled_from(LinkScope),
    expires=st.integers(1, 5_000_000).map(lambda minutes: NOW + timedelta(minutes=minutes)),
    generation=st.integers(1, 1000),
)
SAMPLE = LinkClaims(
    community="northgate", person="p-001", scope=LinkScope.ME, expires=NOW + timedelta(days=1), generation=1
)


@given(CLAIMS)
def test_what_was_signed_is_read_back(claims: LinkClaims) -> None:
    token = KEY.sign(claims)
    assert KEY.verify(token, now=NOW) == claims
    assert set(token) <= set(string.ascii_letters + string.digits + "-_.")


@given(CLAIMS, st.data())
def test_a_token_with_any_other_character_is_refused(claims: LinkClaims, data: st.DataObject) -> None:
    token = KEY.sign(claims)
    place = data.draw(st.integers(0, len(token) - 1))
    character = data.draw(st.sampled_from(string.ascii_letters + string.digits + "-_.=+/ \n!é"))
    assume(character != token[place])
    with pytest.raises(LinkError):
        KEY.verify(token[:place] + character + token[place + 1 :], now=NOW)


@given(CLAIMS, st.data())
def test_a_token_with_a_character_more_or_less_is_refused(claims: LinkClaims, data: st.DataObject) -> None:
    token = KEY.sign(claims)
    place = data.draw(st.integers(0, len(token) - 1))
    more = data.draw(st.sampled_from(["", "=", "!", " ", "\n", "A", "."]))
    changed = token[:place] + more + token[place + (not more) :]
    with pytest.raises(LinkError):
        KEY.verify(changed, now=NOW)


@given(st.text(max_size=80))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(LinkError):
        KEY.verify(text, now=NOW)


@given(CLAIMS)
def test_a_token_of_another_key_is_refused(claims: LinkClaims) -> None:
    with pytest.raises(LinkError):
        LinkKey(b"o" * 32).verify(KEY.sign(claims), now=NOW)


def test_a_token_serves_until_it_expires_and_no_longer() -> None:
    token = KEY.sign(SAMPLE)
    assert KEY.verify(token, now=SAMPLE.expires - timedelta(microseconds=1)) == SAMPLE
    with pytest.raises(LinkError, match="expired"):
        KEY.verify(token, now=SAMPLE.expires)


def test_a_refusal_says_nothing_of_the_token() -> None:
    with pytest.raises(LinkError) as refused:
        KEY.verify("c2VjcmV0.c2VjcmV0", now=NOW)
    assert str(refused.value) == "this link is not valid"


def test_the_key_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "link.key"
    file.write_text((b"k" * 32).hex() + "\n")
    assert LinkKey.read(file).verify(KEY.sign(SAMPLE), now=NOW) == SAMPLE
