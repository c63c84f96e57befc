"""How the command line tells what releasing a draft would send, and what it says of notices that nobody named."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from shared.contract.commands.sending import Outbox
from teachmeet.cli import app
from teachmeet.commands.mailing import tell_draft

MAIL = (
    "Subject: Invitation: =?utf-8?q?Caf=C3=A9?=\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/alternative; boundary="b"\r\n\r\n'
    "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello Amara,\r\n\r\n[see you]\r\n"
    "--b\r\nContent-Type: text/html\r\n\r\n<p>Hello</p>\r\n--b--\r\n"
)


def outbox(**other: object) -> Outbox:
    messages = [
        {"person": "amara", "session": "drawing", "kind": "update"},
        {"person": "amara", "session": "reading", "kind": "update"},
        {"person": "ben", "session": "drawing", "kind": "invitation", "held": "the address takes no mail"},
    ]
    body = {
        "programme": "spring",
        "draft": "01jd3",
        "paused": False,
        "counts": {"update": 2, "invitation": 1},
        "people": 2,
        "messages": messages,
        "samples": [{"kind": "update", "person": "amara", "session": "drawing", "mail": MAIL}],
    }
    return Outbox.model_validate(body | other)


def told(found: Outbox, capsys: pytest.CaptureFixture[str], limit: int = 50) -> list[str]:
    """The words of each line, without what frames a table."""
    tell_draft(found, limit)
    lines = capsys.readouterr().out.translate(dict.fromkeys(map(ord, "│┃┏┓┗┛━┡┩╇┳┻┴└┘─┬╿"), " ")).splitlines()
    return [" ".join(line.split()) for line in lines if line.split()]


def test_it_counts_by_person_and_kind_and_shows_how_one_mail_reads(capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(outbox(), capsys)
    assert lines[0] == "releasing it would send 1 invitation, 2 update to 2 people"
    assert "amara 2" in lines
    assert "ben 1 the address takes no mail" in lines
    assert "Subject: Invitation: Café" in lines
    assert "Hello Amara," in lines
    assert "[see you]" in lines


def test_it_says_when_the_draft_is_outdated_and_how_many_people_it_did_not_list(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = told(outbox(outdated=True, people=7), capsys, limit=1)
    assert lines[0] == "the draft was solved from facts that have changed since"
    assert "and 6 more people" in lines
    assert not any("ben" in each for each in lines)


def test_it_says_when_nothing_would_be_sent(capsys: pytest.CaptureFixture[str]) -> None:
    nothing = outbox(counts={}, people=0, messages=[], samples=[])
    assert told(nothing, capsys) == ["releasing it would send nothing"]


def test_notices_want_to_be_told_which() -> None:
    assert CliRunner().invoke(app, ["notices", "p-001"]).exit_code == 2
