"""Seats of a release that is not published: asked page by page, and nothing is written."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from known_facts import NOW, Known

from services.registrations.hypothetical import SeatingsPreview
from shared.contract.commands.hypothetical import AskHypotheticalSeatings, HypotheticalSeatings
from shared.contract.facts.registrations import Interest, Proposal, Room, Seating
from shared.contract.facts.scheduler import Placement, Release
from shared.contract.results import Rejection
from shared.contract.subjects import Service

START = datetime.fromisoformat("2027-01-12T15:30:00Z")
LARGE, MANY = 24, 900


class Registrations:
    """What a preview has around it: a view, and a clock that stands."""

    def __init__(self, known: Known) -> None:
        self.facts = known.facts
        self._preview = SeatingsPreview(cast(Any, self))

    @property
    def bus(self) -> Registrations:
        return self

    @property
    def clock(self) -> Registrations:
        return self

    def now(self) -> datetime:
        return NOW

    def page(self, release: Release, page: int = 1) -> HypotheticalSeatings:
        return asyncio.run(self._preview.answer("northgate", AskHypotheticalSeatings(release=release, page=page)))


def registrations(sessions: int, people: int) -> Registrations:
    """So many sessions at different times, to all of which so many people would come."""
    names = [f"s-{number:02}" for number in range(sessions)]
    ids = [f"01jd3v7q2m8f4k6n9r1t5w{number:04}" for number in range(people)]
    return Registrations(
        Known(
            Room.model_validate(Room.example | {"room": "hall", "capacity": 5000}),
            *(
                Proposal.model_validate(Proposal.example | {"proposal": name, "presenters": ["p-001"]})
                for name in names
            ),
            *(Interest(person=person, session=name, level="coming") for name in names for person in ids),
        )
    )


def release(sessions: int) -> Release:
    placements = tuple(
        Placement(
            session=f"s-{number:02}",
            proposal=f"s-{number:02}",
            room="hall",
            start=START + timedelta(hours=2 * number),
            minutes=60,
        )
        for number in range(sessions)
    )
    return Release.model_validate(Release.example | {"number": 3, "placements": placements})


def test_it_tells_who_would_sit_where_and_leaves_the_view_as_it_is() -> None:
    there = registrations(2, 3)
    seq = there.facts.last_seq(Service.REGISTRATIONS)
    found = there.page(release(2))
    assert [(each.session, each.release, len(each.people)) for each in found.seatings] == [
        ("s-00", 3, 4),
        ("s-01", 3, 4),
    ]
    assert (found.page, found.pages, found.input_seq) == (1, 1, seq)
    assert there.facts.last_seq(Service.REGISTRATIONS) == seq


def test_what_one_message_does_not_take_comes_in_pages_that_go_together() -> None:
    there, asked = registrations(LARGE, MANY), release(LARGE)
    first = there.page(asked)
    assert first.pages > 1
    pages = [first, *(there.page(asked, number) for number in range(2, first.pages + 1))]
    assert {len(each.seatings) > 0 for each in pages} == {True}
    seatings: list[Seating] = [seating for page in pages for seating in page.seatings]
    assert [each.session for each in seatings] == [f"s-{number:02}" for number in range(LARGE)]
    assert all(len(each.people) == MANY + 1 for each in seatings)
    assert max(len(each.model_dump_json()) for each in pages) < 1024 * 1024


def test_there_is_no_page_behind_the_last() -> None:
    with pytest.raises(Rejection, match="page is behind the last page"):
        registrations(1, 1).page(release(1), 2)
