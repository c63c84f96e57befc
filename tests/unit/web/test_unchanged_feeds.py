"""Whether a reader has a calendar already (RFC 9110, 13.1)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.web.feeds import Feed, is_unchanged, webcal

FEED = Feed("abc", datetime(2026, 12, 1, 9, 0, 0, 700_000, tzinfo=UTC), b"")


@pytest.mark.parametrize("header", ['"abc"', 'W/"abc"', '"x", "abc"', "*"])
def test_a_known_etag_is_unchanged(header: str) -> None:
    assert is_unchanged(header, None, FEED)


@pytest.mark.parametrize(
    ("header", "unchanged"),
    [
        ("Tue, 01 Dec 2026 09:00:00 GMT", True),
        ("Tue, 01 Dec 2026 10:00:00 GMT", True),
        ("Tue, 01 Dec 2026 08:59:59 GMT", False),
        ("Tue, 01 Dec 2026 09:00:00", True),
        ("yesterday", False),
        ("", False),
        (None, False),
    ],
)
def test_a_date_counts_in_whole_seconds(header: str | None, unchanged: bool) -> None:
    assert is_unchanged(None, header, FEED) is unchanged


def test_an_etag_that_does_not_fit_outweighs_a_date() -> None:
    assert not is_unchanged('"other"', "Tue, 01 Dec 2026 10:00:00 GMT", FEED)


def test_calendar_programs_open_webcal_addresses() -> None:
    assert webcal("https://desk.example/me/x/calendar.ics") == "webcal://desk.example/me/x/calendar.ics"
