"""Whoever floods the reply address fills neither the stream nor the memory."""

from __future__ import annotations

from datetime import UTC, datetime

from services.notifier.replies.quarantine import MOST_OPEN, MOST_WITH_MAIL, Case, kept
from shared.contract.facts.replies import Quarantined, QuarantineReason, QuarantineState

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
CASE = Case(QuarantineReason.STRANGER, "somebody who was not invited", ("<one@x.example>", "one@x.example"))


def test_the_first_mails_are_kept_whole() -> None:
    found = kept(CASE, b"From: one@x.example", NOW, [_other(with_mail=True)] * (MOST_WITH_MAIL - 1))
    assert found is not None
    assert found.mail is not None


def test_of_very_many_only_what_they_are_about_is_kept() -> None:
    found = kept(CASE, b"From: one@x.example", NOW, [_other(with_mail=True)] * MOST_WITH_MAIL)
    assert found is not None
    assert (found.state, found.mail) == (QuarantineState.KEPT, None)


def test_beyond_that_nothing_is_kept() -> None:
    assert kept(CASE, b"", NOW, [_other(with_mail=False)] * MOST_OPEN) is None


def test_cases_that_were_decided_do_not_count() -> None:
    decided = _other(with_mail=False).model_copy(update={"state": QuarantineState.DISMISSED})
    found = kept(CASE, b"From: one@x.example", NOW, [decided] * MOST_OPEN)
    assert found is not None
    assert found.mail is not None


def _other(*, with_mail: bool) -> Quarantined:
    found = kept(Case(QuarantineReason.UNREADABLE, "no calendar object", ("other",)), b"raw", NOW)
    assert found is not None
    return found if with_mail else found.model_copy(update={"mail": None})
