"""How the command line tells what people answered."""

from __future__ import annotations

from shared.contract.commands.replies import Replies
from teachmeet.commands.answering import waiting

TALLY = {"session": "drawing", "accepted": 1, "tentative": 0, "declined": 1, "delegated": 1, "unanswered": 2}
MAIL = {"person": "unknown", "id": "9f2c", "reason": "stranger", "why": "not invited", "at": "2026-12-02T10:00:00Z"}


def test_what_waits_for_the_organiser_is_told_in_sentences() -> None:
    told = Replies.model_validate(
        {
            "sessions": [TALLY | {"presenters_declined": ["amara"]}],
            "counters": [
                {
                    "person": "ben",
                    "session": "drawing",
                    "proposed": {"start": "2027-01-13T10:00:00Z", "comment": "later?", "at": "2026-12-02T10:00:00Z"},
                },
                {"person": "cleo", "session": "drawing", "proposed": {"at": "2026-12-02T10:00:00Z"}},
            ],
            "delegations": [{"person": "dee", "session": "drawing", "delegate": "eve@lakeside.example"}],
            "quarantined": [
                MAIL | {"state": "kept", "session": "drawing", "sender": "z@e.example", "partstat": "accepted"}
            ],
        }
    )
    assert list(waiting(told)) == [
        "drawing: presenters cannot come at this time (amara); it needs re-planning",
        'drawing: ben proposes Wed 13 Jan 2027 10:00 UTC: "later?"',
        "drawing: cleo proposes a time that could not be read",
        "drawing: dee would send eve@lakeside.example instead",
        "mail unknown 9f2c from z@e.example, about drawing, says accepted: not invited",
    ]


def test_nothing_waits_where_everybody_simply_answered() -> None:
    assert list(waiting(Replies.model_validate({"sessions": [TALLY]}))) == []
