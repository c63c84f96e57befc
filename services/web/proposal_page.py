"""A proposal as those who present it see it: what can be changed in it, what it looks like, what to do with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from services.web.forms import Form, Problems
from services.web.proposal_dates import ProposalDate, series_words
from services.web.proposing import Choice, call_changes, call_state, offered_formats
from services.web.wished_times import heard_times, told_times
from shared.contract.commands.calls import SimilarProposal
from shared.contract.facts.registrations import Programme, Proposal, ProposalStatus
from shared.contract.results import FieldError, Rejection, RejectionCode
from shared.contract.values import Answer

LABELS = {
    "title": "Title",
    "abstract": "What it is about",
    "format": "Format",
    "minutes": "Minutes",
    "tags": "Tags",
    "audience": "For whom it is",
    "kit": "What people should bring",
    "recording": "May it be recorded?",
    "needs": "What the room must have",
    "seats": "Seats at least",
    "parts": "Parts",
    "gap_least": "Fewest days from part to part",
    "gap_most": "Most days from part to part",
    "weekly": "Week by week: its parts are on one weekday, at one time and in one room",
    "prerequisites": "Sessions that must come before it",
    "preferred": "Times that would suit it best",
    "impossible": "Times at which it cannot be",
    "presenters": "Presenters",
    "name": "Name",
    "address": "E-mail address",
    "access_code": "Access code",
}
FIELDS_OF_COMMAND = {name: name for name in LABELS} | {"part_gap_days": "gap_least"}
RECORDING = (Choice("", "Not decided"), Choice("yes", "Yes"), Choice("no", "No"))
_RECORDING = {"yes": True, "no": False}
_STANDING = {
    ProposalStatus.DRAFTED: "This is a draft. Nobody sees it until you send it in.",
    ProposalStatus.SUBMITTED: "It has come in. You will hear from us when it is decided.",
    ProposalStatus.MAYBE: "It has come in, and is being considered.",
    ProposalStatus.ACCEPTED: "It is accepted.",
    ProposalStatus.WITHDRAWN: "It is withdrawn.",
}


@dataclass(frozen=True)
class Presenter:
    """One of those who present it. A name is told where its owner allows it."""

    person: str
    words: str
    is_reader: bool


@dataclass(frozen=True)
class ProposalPage:
    """What a presenter sees. ``whole`` tells that everything may be changed, not only its words."""

    community_name: str
    programme: str
    title: str
    standing: str
    whole: bool
    open: bool
    is_draft: bool
    call_state: str
    call_changes: str | None
    formats: tuple[Choice, ...]
    presenters: tuple[Presenter, ...]
    before: tuple[Choice, ...]
    values: Mapping[str, str]
    chosen: frozenset[str]
    """proposals that must come before it"""
    series: str | None = None
    """how many sessions it has, where there are several"""
    dates: tuple[ProposalDate, ...] = ()
    """those sessions, once it is accepted"""
    similar: tuple[str, ...] = ()
    problems: Problems = field(default_factory=Problems)
    labels: Mapping[str, str] = field(default_factory=lambda: LABELS)
    recording: tuple[Choice, ...] = RECORDING
    saved: bool = False


def proposal_page(
    community_name: str,
    programme: Programme | None,
    proposal: Proposal,
    reader: str,
    *,
    names: Mapping[str, str],
    others: Mapping[str, str],
    now: datetime,
    **more: Any,
) -> ProposalPage:
    """``others`` are the titles of the accepted proposals of its programme, by id."""
    title = programme.title if programme is not None else proposal.programme
    zone_name = programme.zone if programme is not None else "UTC"
    choices = (Choice(each, words) for each, words in sorted(others.items(), key=lambda other: other[1]))
    shown: dict[str, Any] = {
        "values": told(proposal, zone_name, now.date()),
        "chosen": frozenset(proposal.prerequisites),
    }
    return ProposalPage(
        community_name=community_name,
        programme=title,
        title=proposal.title,
        standing=_STANDING[proposal.status],
        whole=proposal.status in {ProposalStatus.DRAFTED, ProposalStatus.SUBMITTED, ProposalStatus.MAYBE},
        open=proposal.status is not ProposalStatus.WITHDRAWN,
        is_draft=proposal.status is ProposalStatus.DRAFTED,
        call_state=call_state(programme, now) if programme is not None else "closed",
        call_changes=call_changes(programme, now) if programme is not None else None,
        formats=offered_formats(programme) if programme is not None else (),
        presenters=_presenters(proposal, reader, names),
        before=tuple(each for each in choices if each.value != proposal.proposal),
        series=series_words(proposal),
        **(shown | more),
    )


def _presenters(proposal: Proposal, reader: str, names: Mapping[str, str]) -> tuple[Presenter, ...]:
    unnamed = "Somebody whose name is not public"
    return tuple(
        Presenter(each, "You" if each == reader else names.get(each, unnamed), each == reader)
        for each in proposal.presenters
    )


def told(proposal: Proposal, zone_name: str, today: date) -> Mapping[str, str]:
    """Its fields as a form shows them."""
    recording = {True: "yes", False: "no", None: ""}[proposal.recording]
    return {
        "title": proposal.title,
        "abstract": proposal.abstract,
        "format": proposal.format,
        "minutes": str(proposal.minutes),
        "tags": ", ".join(proposal.tags),
        "audience": ", ".join(proposal.audience),
        "kit": "\n".join(proposal.kit),
        "recording": recording,
        "needs": ", ".join(proposal.needs),
        "seats": str(proposal.seats),
        "parts": str(proposal.parts),
        "gap_least": str(proposal.part_gap_days[0]),
        "gap_most": str(proposal.part_gap_days[1]),
        "weekly": "yes" if proposal.weekly else "",
        "preferred": told_times(proposal.preferred, zone_name, today),
        "impossible": told_times(proposal.impossible, zone_name, today),
    }


def changed(proposal: Proposal, programme: Programme | None, form: Form, today: date) -> dict[str, Any]:
    """All fields of the proposal as a command states them, with what the form says instead.

    Raises Rejection for times that are not understood.
    """
    kept = proposal.model_dump(
        include={"proposal", "programme", "presenters", "format", "minutes", "parts", "part_gap_days", "weekly"}
        | {"needs", "seats", "tags", "audience", "prerequisites", "preferred", "impossible"}
    )
    words = {
        "title": form.line("title"),
        "abstract": form.prose("abstract"),
        "kit": form.lines("kit"),
        "recording": _RECORDING.get(form.line("recording")),
    }
    if proposal.status is ProposalStatus.ACCEPTED:
        return kept | words
    return kept | words | _whole(proposal, programme, form, today)


def _whole(proposal: Proposal, programme: Programme | None, form: Form, today: date) -> dict[str, Any]:
    zone_name = programme.zone if programme is not None else "UTC"
    gap = form.whole_number("gap_least"), form.whole_number("gap_most")
    offers_formats = programme is not None and bool(programme.formats)
    times: dict[str, Any] = {}
    problems: list[FieldError] = []
    for name, answer in (("preferred", Answer.YES), ("impossible", Answer.NO)):
        times[name], wrong = heard_times(form.prose(name), name, answer, zone_name, today)
        problems += wrong
    if problems:
        raise Rejection(RejectionCode.INVALID, *problems)
    left = set(form.all("remove"))
    return {
        "format": form.line("format").lower().replace(" ", "-"),
        "minutes": None if offers_formats else form.whole_number("minutes"),
        "tags": form.words("tags"),
        "audience": form.words("audience"),
        "needs": form.words("needs"),
        "seats": form.whole_number("seats"),
        "parts": form.whole_number("parts"),
        "part_gap_days": gap if None not in gap else proposal.part_gap_days,
        "weekly": form.line("weekly") == "yes",
        "prerequisites": form.all("prerequisites"),
        "presenters": tuple(each for each in proposal.presenters if each not in left),
        **times,
    }


def similar_words(similar: tuple[SimilarProposal, ...]) -> tuple[str, ...]:
    """What it looks like, in words; a title that its reader may not know is left out."""
    return tuple(f'"{each.title}" ({each.status})' if each.title else "another proposal" for each in similar)
