"""How a mail that was taken in is marked on its server."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from services.notifier.replies.mailbox import may_mark
from services.notifier.replies.settings import MailboxSettings


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([rb"OK [PERMANENTFLAGS (\Answered \Seen \*)] Flags permitted."], True),
        ([rb"FLAGS (\Seen)", rb"OK [PERMANENTFLAGS (\Seen TeachMeetTaken)] Limited"], True),
        ([rb"OK [PERMANENTFLAGS (\Answered \Seen)] Limited"], False),
        ([rb"FLAGS (\Seen \*)"], False),
        ([], False),
    ],
)
def test_a_mark_of_our_own_is_used_only_where_the_server_keeps_it(lines: list[bytes], expected: bool) -> None:
    assert may_mark(lines) is expected


def test_starttls_is_refused_and_the_field_is_named() -> None:
    with pytest.raises(ValidationError, match="security"):
        MailboxSettings(host="mx.example", port=143, security="starttls", username="u", password="p")
