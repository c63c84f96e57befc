"""What is exported, as CSV or as JSON, and imported into an empty community, is the same again."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.registrations.exports.files import csv_sheet, json_document
from services.registrations.exports.pages import data_page
from services.registrations.imports.drafts import DraftCommand
from services.registrations.imports.reading import read_import
from shared.bus.facts import Facts
from shared.cells import as_it_was, harmless
from shared.contract.catalogue import (
    AFFILIATION,
    AVAILABILITY,
    CONTACT,
    INTEREST,
    PROGRAMME,
    PROPOSAL,
    ROOM,
    SEATING,
    FactKind,
    endpoint,
)
from shared.contract.commands.intake import AskData, DataKind, DataPage
from shared.contract.facts.registrations import (
    Affiliation,
    Availability,
    Contact,
    Interest,
    Programme,
    Proposal,
    ProposalStatus,
    Room,
    Seating,
    StatedWindows,
)
from shared.contract.groups import Sector
from shared.contract.results import Rejection
from shared.contract.subjects import Service
from shared.contract.values import Answer, DatedWindow, InterestLevel, Weekday, WeeklyWindow
from tests.unit.registrations.known_facts import Known, community

COMMUNITY = "northgate"
# What registrations notes for itself when a thing comes in.
MADE_HERE = {"submitted_at", "accepted_at", "join_secret"}
# What spreadsheets take for formulas, what separates cells, quotes, and names of the whole world.
WORDS = st.text(
    st.sampled_from("=+-@'\"|;,[]{}<>&%\\/ abcßéñ王Ж0123456789Z\uff1d\uff20"),
    min_size=1,
    max_size=30,
).filter(lambda text: text.strip() != "")
LINES = WORDS.map(str.strip)
PROSE = st.lists(LINES, min_size=1, max_size=3).map("\n".join)
TAGS = st.lists(st.from_regex(r"[a-z0-9][a-z0-9-]{0,8}", fullmatch=True), max_size=3, unique=True).map(tuple)
IDS = st.from_regex(r"[a-z0-9-]{1,12}", fullmatch=True)
NOON = datetime(2027, 1, 12, 12, tzinfo=UTC)
DATED = st.builds(
    lambda hours, answer: DatedWindow(
        answer=answer, start=NOON + timedelta(hours=hours), end=NOON + timedelta(hours=hours + 2)
    ),
    st.integers(0, 500),
    st.sampled_from(Answer),
)
WEEKLY = st.builds(
    WeeklyWindow,
    answer=st.sampled_from(Answer),
    weekdays=st.lists(st.sampled_from(Weekday), min_size=1, max_size=3, unique=True).map(tuple),
    start=st.sampled_from([time(9), time(15, 30), time(0)]),
    end=st.sampled_from([time(10, 45), time(17)]),
    zone=st.sampled_from(["Europe/London", "Asia/Dubai"]),
    first=st.just(date(2027, 1, 5)),
    last=st.just(date(2027, 4, 30)),
    except_dates=st.lists(st.dates(date(2027, 1, 5), date(2027, 4, 30)), max_size=2, unique=True).map(tuple),
)
WINDOWS = st.lists(DATED | WEEKLY, min_size=1, max_size=4).map(tuple)


@st.composite
def people(draw: st.DrawFn) -> list[tuple[FactKind, Any]]:
    zone = draw(st.sampled_from([None, "Europe/London", "Asia/Dubai"]))
    contact = Contact(
        person="p-001",
        name=draw(LINES),
        address="Amara.Osei+x@hillside.example",
        zone=zone or "Europe/London",
        name_public=draw(st.booleans()),
        language=draw(st.sampled_from([None, "de"])),
    )
    affiliation = Affiliation(
        person="p-001",
        school=draw(LINES),
        department=draw(st.none() | LINES),
        zone=zone,
        sector=draw(st.none() | st.sampled_from(Sector)),
        tags=draw(TAGS),
        groups=draw(TAGS),
    )
    stated = Availability(person="p-001", sources=(StatedWindows(source="self", windows=draw(WINDOWS)),))
    interest = Interest(person="p-001", session="bees", level=draw(st.sampled_from(InterestLevel)))
    return [(CONTACT, contact), (AFFILIATION, affiliation), (AVAILABILITY, stated), (INTEREST, interest)]


@st.composite
def sessions(draw: st.DrawFn) -> list[tuple[FactKind, Any]]:
    programme = Programme.model_validate(Programme.example | {"title": draw(LINES)})
    room = Room(
        room=draw(IDS),
        name=draw(LINES),
        site=draw(LINES),
        capacity=draw(st.integers(1, 500)),
        features=draw(TAGS),
        online=draw(st.booleans()),
        unavailable=tuple(each for each in draw(WINDOWS) if each.answer is Answer.NO),
        withdrawn=draw(st.booleans()),
    )
    parts, status = draw(st.integers(1, 3)), draw(st.sampled_from([ProposalStatus.SUBMITTED, ProposalStatus.ACCEPTED]))
    may_go = parts > 1 and status is ProposalStatus.ACCEPTED
    proposal = Proposal(
        proposal="bees",
        programme=programme.programme,
        title=draw(LINES),
        abstract=draw(PROSE),
        format="workshop",
        minutes=draw(st.integers(1, 300)),
        presenters=("p-001",),
        parts=parts,
        weekly=parts > 1 and draw(st.booleans()),
        part_gap_days=(2, 9),
        needs=draw(TAGS),
        tags=draw(TAGS),
        kit=tuple(draw(st.lists(LINES, max_size=3))),
        recording=draw(st.none() | st.booleans()),
        impossible=tuple(each for each in draw(WINDOWS) if each.answer is Answer.NO),
        status=status,
        called_off=("bees-part-2",) if may_go and draw(st.booleans()) else (),
    )
    return [(PROGRAMME, programme), (ROOM, room), (PROPOSAL, proposal)]


def stored(states: list[tuple[FactKind, Any]]) -> Facts:
    known = Known(community(), *(state for _, state in states))
    return known.facts


def page_of(facts: Facts, question: AskData) -> DataPage:
    return asyncio.run(data_page(facts, COMMUNITY, question))


def rows(facts: Facts, kind: DataKind) -> list[dict[str, Any]]:
    """All pages; every row crosses the bus as JSON."""
    page = page_of(facts, AskData(kind=kind))
    found = list(page.rows)
    while page.next is not None:
        page = page_of(facts, AskData(kind=kind, after=page.next))
        found += page.rows
    crossed: list[dict[str, Any]] = json.loads(json.dumps(found))
    return crossed


def written(folder: Path, facts: Facts, kinds: list[DataKind], form: str) -> list[DraftCommand]:
    drafts: list[DraftCommand] = []
    for kind in kinds:
        path = folder / f"{kind.value}.{form}"
        text = (
            csv_sheet(kind, rows(facts, kind)) if form == "csv" else json.dumps(json_document(kind, rows(facts, kind)))
        )
        path.write_text(text, encoding="utf-8", newline="")
        read = read_import(path)
        assert read.problems == ()
        drafts += read.commands
    return drafts


def carried_out(drafts: list[DraftCommand]) -> Facts:
    known = Known(community())
    for draft in drafts:
        found = endpoint(Service.REGISTRATIONS, draft.entity, draft.verb)
        assert found is not None
        known.done(found.command.model_validate_json(json.dumps(draft.payload)))
    return known.facts


@pytest.mark.parametrize("form", ["csv", "json"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(people(), sessions())
def test_everything_comes_back_as_it_was(
    form: str, persons: list[tuple[FactKind, Any]], offers: list[tuple[FactKind, Any]]
) -> None:
    states = persons + offers
    facts = stored(states)
    kinds = [
        DataKind.PROGRAMMES,
        DataKind.PEOPLE,
        DataKind.ROOMS,
        DataKind.PROPOSALS,
        DataKind.AVAILABILITY,
        DataKind.INTERESTS,
    ]
    with TemporaryDirectory() as folder:
        again = carried_out(written(Path(folder), facts, kinds, form))
    for kind, state in states:
        ids = [str(getattr(state, name)) for name in kind.ids]
        found = again.state(kind, type(state), COMMUNITY, *ids)
        assert found is not None
        assert found.model_dump(exclude=MADE_HERE) == state.model_dump(exclude=MADE_HERE)


@given(st.text(max_size=40))
def test_a_cell_is_harmless_and_comes_back_as_it_was(cell: str) -> None:
    assert as_it_was(harmless(cell)) == cell
    assert not harmless(cell).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_a_page_ends_where_a_message_would_be_too_large_and_the_next_goes_on() -> None:
    session = Seating(
        session="bees",
        proposal="bees",
        programme="spring-2027",
        release=1,
        people=tuple(f"p-{number:05}" for number in range(9000)),
        input_seq=1,
    )
    facts = stored([(SEATING, session)])
    first = page_of(facts, AskData(kind=DataKind.SEATS))
    assert first.next is not None
    assert len(first.model_dump_json()) < 1_000_000
    assert [each["person"] for each in rows(facts, DataKind.SEATS)] == list(session.people)


@pytest.mark.parametrize("after", ["", "x", "1", "x/y", "0/p/-1", "///"])
def test_a_cursor_that_no_page_gave_is_refused(after: str) -> None:
    with pytest.raises(Rejection) as refused:
        page_of(stored([]), AskData(kind=DataKind.PEOPLE, after=after))
    assert [error.field for error in refused.value.errors] == ["after"]
