"""What is answered about releases: whole files in pages, differences, the changelog; and clear words otherwise."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest
from released_facts import KNOWN, NORTHGATE, SPRING, known, placed, proposal, release

from services.scheduler.exports.answers import answer, show_changelog, show_difference, show_export
from services.scheduler.exports.paging import CHANGES, CHARACTERS
from services.scheduler.plans import publish_release
from shared.bus.facts import Facts
from shared.contract.commands.scheduler import AskChangelog, AskDifference, AskExport, ExportFormat, PublishRelease
from shared.contract.facts.scheduler import ChangeCounts, Draft, Plan, PlanStatus, Release
from shared.contract.results import Rejection, RejectionCode

NATS_LARGEST = 1024 * 1024
FIRST = release(1, placed("retrieval-practice", 12, 15, 30), placed("enquiry-part-1", 13, 9))
SECOND = release(
    *(2, placed("retrieval-practice", 13, 16, room="hall"), placed("enquiry-part-1", 13, 9)),
    published_at=datetime(2027, 1, 3, tzinfo=UTC),
    note="The library is closed",
)
FACTS = known(*KNOWN, FIRST, SECOND)


def crowded(sessions: int) -> Facts:
    """Two releases in which everything moves, with the longest titles and abstracts."""
    talks = [proposal(f"s-{n:04}", title="𝄞" * 200, abstract='"\n' * 2000) for n in range(sessions)]
    there = [placed(each.proposal, 12, 9) for each in talks]
    moved = [placed(each.proposal, 13, 9, room="hall") for each in talks]
    return known(*KNOWN, *talks, release(1, *there), release(2, *moved))


@pytest.mark.parametrize("format", ExportFormat)
def test_every_format_is_answered_with_its_media_type(format: ExportFormat) -> None:
    found = show_export(FACTS, NORTHGATE, AskExport(programme=SPRING, format=format))
    assert (found.number, found.page, found.pages) == (2, 1, 1)
    assert found.digest == hashlib.sha256(found.text.encode()).hexdigest()
    assert found.media_type.split(";")[0] in {
        *("application/vnd.c3voc.schedule+xml", "application/vnd.c3voc.schedule+json", "text/calendar", "text/csv"),
        "application/json",
    }


def test_an_older_release_can_be_asked_for() -> None:
    found = show_export(FACTS, NORTHGATE, AskExport(programme=SPRING, format=ExportFormat.CSV, number=1))
    assert found.number == 1
    assert "2027-01-12,15:30" in found.text


@pytest.mark.parametrize("format", ExportFormat)
def test_no_answer_is_larger_than_a_message_may_be_and_the_pages_are_the_file(format: ExportFormat) -> None:
    facts = crowded(150)
    question = AskExport(programme=SPRING, format=format)
    first = show_export(facts, NORTHGATE, question)
    assert first.pages > 1
    pages = [
        show_export(facts, NORTHGATE, question.model_copy(update={"page": number}))
        for number in range(1, first.pages + 1)
    ]
    assert all(len(each.text) <= CHARACTERS for each in pages)
    assert all(len(each.model_dump_json().encode()) < NATS_LARGEST for each in pages)
    assert hashlib.sha256("".join(each.text for each in pages).encode()).hexdigest() == first.digest


def test_a_difference_comes_in_pages_that_a_message_can_hold() -> None:
    facts = crowded(CHANGES + 1)
    first = show_difference(facts, NORTHGATE, AskDifference(programme=SPRING))
    last = show_difference(facts, NORTHGATE, AskDifference(programme=SPRING, page=2))
    assert (len(first.changes), len(last.changes), first.pages) == (CHANGES, 1, 2)
    assert first.counts == last.counts == ChangeCounts(moved_in_both=CHANGES + 1)
    assert len(first.model_dump_json().encode()) < NATS_LARGEST


def test_a_difference_is_from_the_last_but_one_release_to_the_last() -> None:
    found = show_difference(FACTS, NORTHGATE, AskDifference(programme=SPRING))
    assert (found.since, found.until, found.counts) == (1, 2, ChangeCounts(moved_in_both=1, unchanged=1))
    assert [each.sentence for each in found.changes] == [
        "Retrieval practice moves from Tue 12 Jan 15:30, Library to Wed 13 Jan 16:00, Hall."
    ]


def test_a_difference_can_begin_before_the_first_release() -> None:
    found = show_difference(FACTS, NORTHGATE, AskDifference(programme=SPRING, since=0, until=1))
    assert [each.sentence for each in found.changes] == [
        "Retrieval practice is new: Tue 12 Jan 15:30, Library.",
        "Enquiry (part 1 of 2) is new: Wed 13 Jan 09:00, Library.",
    ]


def test_the_changelog_has_the_newest_release_first_with_what_the_organiser_says() -> None:
    newest, oldest = show_changelog(FACTS, NORTHGATE, AskChangelog(programme=SPRING)).releases
    assert (newest.number, newest.note, newest.published_at) == (2, SECOND.note, SECOND.published_at)
    assert newest.counts == ChangeCounts(moved_in_both=1, unchanged=1)
    assert (oldest.number, oldest.note, oldest.counts) == (1, None, ChangeCounts(added=2))


@pytest.mark.parametrize(
    ("question", "code", "field"),
    [
        (AskExport(programme="autumn", format=ExportFormat.XML), RejectionCode.UNKNOWN, "programme"),
        (AskDifference(programme="autumn"), RejectionCode.UNKNOWN, "programme"),
        (AskChangelog(programme="autumn"), RejectionCode.UNKNOWN, "programme"),
        (AskExport(programme=SPRING, format=ExportFormat.XML, number=3), RejectionCode.UNKNOWN, "number"),
        (AskDifference(programme=SPRING, until=3), RejectionCode.UNKNOWN, "until"),
        (AskDifference(programme=SPRING, since=7), RejectionCode.UNKNOWN, "since"),
        (AskExport(programme=SPRING, format=ExportFormat.XML, page=2), RejectionCode.INVALID, "page"),
        (AskDifference(programme=SPRING, page=2), RejectionCode.INVALID, "page"),
        (AskChangelog(programme=SPRING, page=2), RejectionCode.INVALID, "page"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_field(
    question: AskExport | AskDifference | AskChangelog, code: RejectionCode, field: str
) -> None:
    with pytest.raises(Rejection) as refused:
        answer(FACTS, NORTHGATE, question)
    assert refused.value.code is code
    assert [error.field for error in refused.value.errors] == [field]


def test_a_release_carries_its_note_its_time_and_how_much_it_changes() -> None:
    draft = Draft.model_validate(Plan.example["draft"] | {"placements": SECOND.placements})
    plan = Plan(programme=SPRING, status=PlanStatus.DRAFTED, request="r-9", at_least_seq=0, draft=draft)
    command = PublishRelease(programme=SPRING, request="r-9", note="The library is closed")
    at = datetime(2027, 1, 3, tzinfo=UTC)
    [write] = publish_release(known(*KNOWN, FIRST, plan), NORTHGATE, command, outdated=False, at=at)
    assert isinstance(write.state, Release)
    assert (write.state.note, write.state.published_at) == ("The library is closed", at)
    assert write.state.changes == ChangeCounts(moved_in_both=1, unchanged=1)


def test_releases_from_before_these_fields_are_still_read() -> None:
    old = {name: value for name, value in Release.example.items() if name not in {"note", "published_at", "changes"}}
    assert Release.model_validate(old).changes is None
