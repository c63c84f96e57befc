"""Proposals as a table: one row, one proposal, with what has become of it where the table says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from services.registrations.imports.cells import (
    features,
    lines,
    minutes,
    nested,
    people,
    several,
    tag,
    tags,
    truth,
    whole_number,
    whole_numbers,
)
from services.registrations.imports.csv_rows import CsvRow
from services.registrations.imports.drafts import DraftCommand, Problem
from services.registrations.imports.sheets import Sheet
from services.registrations.imports.wording import same_words, slug
from shared.contract.envelope import digest

# What other systems call it, and the commands that lead there from nothing.
_DRAFTED, _SUBMITTED, _MAYBE = ("draft",), ("submit",), ("submit", "consider")
_ACCEPTED, _CONFIRMED, _WITHDRAWN = ("submit", "accept"), ("submit", "accept-confirmed"), ("submit", "withdraw")
_STATUSES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("draft", "drafted"), _DRAFTED),
    **dict.fromkeys(("submitted", "new", "nominated", "in-evaluation", "accept-queue", "pending"), _SUBMITTED),
    **dict.fromkeys(("maybe", "waitlisted", "waiting-list"), _MAYBE),
    **dict.fromkeys(("accepted", "approved"), _ACCEPTED),
    "confirmed": _CONFIRMED,
    **dict.fromkeys(("withdrawn", "canceled", "cancelled"), _WITHDRAWN),
}
# These leave no trace here: nobody offers them any more.
_LEFT_OUT = frozenset({"rejected", "declined", "decline-queue", "deleted"})


def made_up_id(payload: dict[str, Any]) -> str:
    """An id for a proposal that brings none: the same as long as programme, title and presenters are."""
    title = str(payload.get("title", ""))
    who = sorted(same_words(str(each)) for each in payload.get("presenters", ()))
    mark = digest(str(payload.get("programme", "")), same_words(title), *who)[:6]
    return "-".join(filter(None, (slug(title), mark)))


def with_status(
    draft: DraftCommand, status: str | None, called_off: Sequence[str] = ()
) -> Iterator[DraftCommand | Problem]:
    """The commands by which a proposal gets as far as it is; none when it was rejected elsewhere.

    ``called_off`` are sessions of an accepted proposal that are not held.
    """
    stated = slug(status or "submitted")
    if stated in _LEFT_OUT:
        return
    if stated not in _STATUSES:
        allowed = ", ".join(sorted({*_STATUSES, *_LEFT_OUT}))
        yield Problem(draft.file, draft.line, "status", "is not known", allowed)
        return
    first, *more = _STATUSES[stated]
    yield DraftCommand(draft.file, draft.line, "proposal", first, draft.payload)
    for verb in more:
        about = {"proposal": draft.payload["proposal"]} | ({"ask": False} if verb == "accept-confirmed" else {})
        yield DraftCommand(draft.file, draft.line, "proposal", verb.removesuffix("-confirmed"), about)
    if called_off and _STATUSES[stated] not in {_ACCEPTED, _CONFIRMED}:
        yield Problem(draft.file, draft.line, "called_off", "is for accepted proposals", "none, or status accepted")
        return
    for session in called_off:
        about = {"proposal": draft.payload["proposal"], "session": session}
        yield DraftCommand(draft.file, draft.line, "proposal", "call-off", about)


def _proposals(file: str, sheet: Sheet, rows: Sequence[CsvRow]) -> Iterator[DraftCommand | Problem]:
    for row in rows:
        payload = sheet.values(row)
        status, called_off = payload.pop("status", None), payload.pop("called_off", ())
        payload = {"proposal": made_up_id(payload)} | payload
        draft = DraftCommand(file, row.line, "proposal", "submit", payload)
        yield from with_status(draft, status, called_off)


PROPOSALS = Sheet(
    name="proposals",
    required=("programme", "title", "presenters"),
    optional=(
        "proposal",
        "format",
        "minutes",
        "abstract",
        "parts",
        "part_gap_days",
        "weekly",
        "needs",
        "seats",
        "tags",
        "audience",
        "prerequisites",
        "kit",
        "recording",
        "preferred",
        "impossible",
    ),
    aside=("status", "called_off"),
    convert={
        "format": tag,
        "minutes": minutes,
        "presenters": people,
        "parts": whole_number,
        "part_gap_days": whole_numbers,
        "weekly": truth,
        "called_off": several,
        "needs": features,
        "seats": whole_number,
        "tags": tags,
        "audience": tags,
        "prerequisites": several,
        "kit": lines,
        "recording": truth,
        "preferred": nested,
        "impossible": nested,
    },
    read=_proposals,
)
