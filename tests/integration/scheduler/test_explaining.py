"""Why, what if, what else: asked of a running scheduler, and by the command line."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from planned_week import FRIDAY, SMALL, SOON, WEEK, Given, busy, programme, proposal

from shared.bus.client import Requester
from shared.bus.connection import Bus, connect
from shared.contract.commands.explaining import (
    Alternatives,
    AskAlternatives,
    AskExplanation,
    AskWhatIf,
    CancelSession,
    Explanation,
    LoseRoom,
    MoveSession,
    PlanBasis,
    Verdict,
    WhatIf,
)
from shared.contract.commands.scheduler import PlanShown
from shared.contract.facts.registrations import Availability, Room, StatedWindows
from shared.contract.facts.scheduler import Disturbance, PlanMode
from shared.contract.results import Rejection, RejectionCode
from shared.contract.subjects import Service
from shared.contract.values import Answer, DatedWindow
from teachmeet.local.broker import Broker
from teachmeet.local.processes import Child
from teachmeet.organiser import Organiser

pytestmark = pytest.mark.asyncio(loop_scope="module")

BEFORE_FRIDAY = DatedWindow(
    answer=Answer.NO, start=datetime(2027, 1, 11, tzinfo=UTC), end=datetime(2027, 1, 15, tzinfo=UTC)
)
FRIDAYS_ONLY = Availability(person="p-9", sources=(StatedWindows(source="self", windows=(BEFORE_FRIDAY,)),))


@pytest.fixture
def requester(cli_bus: Bus, given: Given, scheduler: Child) -> Requester:
    """One try may take long, as whoever asks again has the same worked out once more."""
    return Requester(cli_bus, given.community, "organiser", patience=120.0, try_timeout=60.0)


@pytest_asyncio.fixture(loop_scope="module")
async def drafted(given: Given, organiser: Organiser) -> PlanShown:
    """A draft in which *poetry* has no place: its presenter can come on the Friday only."""
    seq = await given.facts(*SMALL, proposal("poetry", "p-9", title="Poetry by heart"), FRIDAYS_ONLY)
    return await solved(organiser, seq)


async def solved(organiser: Organiser, seq: int, **more: object) -> PlanShown:
    mode = PlanMode.FEW_MOVES if more else PlanMode.FRESH
    disturbance = Disturbance.model_validate(more)
    await organiser.request_plan(WEEK, at_least_seq=seq, limits=SOON, mode=mode, disturbance=disturbance)
    return await organiser.drafted(WEEK)


async def test_why_a_session_has_no_place_is_told_with_rule_source_and_repairs(
    drafted: PlanShown, requester: Requester
) -> None:
    told = await requester.ask(Service.SCHEDULER, AskExplanation(programme=WEEK, session="poetry"), Explanation)
    assert (told.verdict, told.basis) == (Verdict.IMPOSSIBLE, PlanBasis.DRAFT)
    assert "Poetry by heart has no place" in told.sentence
    assert "rule no-friday of pack no-lunch-no-friday" in told.sentence
    assert {one.rule for one in told.conflicts[0].members} == {"presenter-unavailable", "no-friday"}
    assert told.repairs
    assert any("p-9" in one.people for one in told.repairs)


async def test_why_a_session_is_where_it_is_compares_with_three_other_places(
    drafted: PlanShown, requester: Requester
) -> None:
    told = await requester.ask(Service.SCHEDULER, AskExplanation(programme=WEEK, session="drawing"), Explanation)
    assert (told.verdict, len(told.comparisons)) == (Verdict.HERE, 3)
    assert "in Library" in told.sentence


async def test_why_a_session_is_not_at_a_start_names_who_said_no(drafted: PlanShown, requester: Requester) -> None:
    monday = datetime(2027, 1, 11, 10, tzinfo=UTC)
    question = AskExplanation(programme=WEEK, session="drawing", start=monday)
    told = await requester.ask(Service.SCHEDULER, question, Explanation)
    assert told.sentence == (
        "drawing cannot be on Monday 11 January 2027 at 10:00: p-1, who presents it, said no to that time."
    )


async def test_a_change_is_weighed_and_nothing_is_written(
    drafted: PlanShown, requester: Requester, given: Given, organiser: Organiser
) -> None:
    before = await given.plans()
    lost = await requester.ask(Service.SCHEDULER, AskWhatIf(programme=WEEK, change=LoseRoom(room="library")), WhatIf)
    assert set(lost.without_place) == {"drawing", "reading"}
    gone = await requester.ask(
        Service.SCHEDULER, AskWhatIf(programme=WEEK, change=CancelSession(session="reading")), WhatIf
    )
    assert (gone.costs > 0, set(gone.people)) == (True, {"p-2", "p-3"})
    change = MoveSession(session="drawing", start=datetime(2027, 1, 11, 10, tzinfo=UTC))
    moved = await requester.ask(Service.SCHEDULER, AskWhatIf(programme=WEEK, change=change), WhatIf)
    assert [one.rule for one in moved.broken] == ["presenter-unavailable"]
    assert await given.plans() == before


async def test_other_plans_differ_from_the_draft(drafted: PlanShown, requester: Requester) -> None:
    question = AskAlternatives(programme=WEEK, count=2, differ=2, seconds=10)
    told = await requester.ask(Service.SCHEDULER, question, Alternatives)
    assert len(told.plans) == 2
    assert all(len(one.changes) >= 2 for one in told.plans)


async def test_what_cannot_be_answered_is_refused_in_words(drafted: PlanShown, requester: Requester) -> None:
    for question, field in (
        (AskExplanation(programme=WEEK, session="nothing"), "session"),
        (AskExplanation(programme=WEEK, session="drawing", room="attic"), "room"),
        (AskExplanation(programme="nowhere", session="drawing"), "programme"),
        (AskExplanation(programme=WEEK, session="drawing", basis=PlanBasis.RELEASE), "programme"),
    ):
        with pytest.raises(Rejection) as refused:
            await requester.ask(Service.SCHEDULER, question, Explanation)
        assert refused.value.code is RejectionCode.UNKNOWN
        assert refused.value.errors[0].field == field


async def test_only_organisers_may_ask(drafted: PlanShown, broker: Broker, given: Given) -> None:
    async with connect(broker.settings("timetables")) as bus:
        question = AskExplanation(programme=WEEK, session="poetry")
        with pytest.raises(Rejection) as refused:
            await Requester(bus, "northgate").ask(Service.SCHEDULER, question, Explanation)
    assert refused.value.code is RejectionCode.NOT_ALLOWED


async def test_after_a_release_a_lost_room_moves_only_its_sessions(given: Given, organiser: Organiser) -> None:
    hall = Room(room="hall", name="Hall", site="Hillside School", capacity=10)
    seq = await given.facts(*SMALL, hall)
    first = await solved(organiser, seq)
    assert first.plan is not None
    assert first.plan.draft is not None
    await organiser.publish(WEEK, first.plan.request)
    used = {one.session: one.room for one in first.plan.draft.placements}
    lost = used["drawing"]
    room = next(one for one in (*SMALL, hall) if isinstance(one, Room) and one.room == lost)
    seq = await given.facts(room.model_copy(update={"withdrawn": True}))
    second = await solved(organiser, seq, freeze_hours=1)
    assert second.plan is not None
    assert second.plan.draft is not None
    totals = second.plan.draft.totals
    assert totals.moves == sum(where == lost for where in used.values())
    assert totals.touched >= 2
    assert totals.fewest_moves


class Cli:
    """The command line as a process, as the organiser of a community."""

    def __init__(self, broker: Broker, community: str) -> None:
        settings = broker.settings("cli")
        self._community = community
        self._environment = os.environ | {
            "TEACHMEET_NATS": settings.nats,
            "TEACHMEET_USER": "cli",
            "TEACHMEET_SEED_FILE": str(settings.seed_file),
        }

    async def __call__(self, *arguments: str) -> tuple[int, str]:
        """Exit code and everything that it printed."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "teachmeet", *arguments, "--community", self._community),
            env=self._environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        told, _ = await asyncio.wait_for(process.communicate(), timeout=120)
        return process.returncode or 0, told.decode()


@pytest_asyncio.fixture(loop_scope="module")
async def cli(broker: Broker, given: Given, drafted: PlanShown) -> AsyncIterator[Cli]:
    yield Cli(broker, given.community)


async def test_the_command_line_explains_in_sentences(cli: Cli) -> None:
    code, told = await cli("explain", WEEK, "--session", "poetry")
    assert code == 0, told
    assert told.startswith("Poetry by heart has no place: p-9, who presents it, can come on Fridays")
    assert "What would help:" in told
    code, told = await cli("explain", WEEK, "-s", "drawing", "--at", "2027-01-11T10:00", "--json")
    assert json.loads(told)["conflicts"][0]["members"] == [
        {"rule": "presenter-unavailable", "people": ["p-1"], "rooms": [], "sessions": []}
    ]


async def test_the_command_line_weighs_changes_and_finds_other_plans(cli: Cli) -> None:
    code, told = await cli("whatif", WEEK, "--cancel", "reading")
    assert (code, "people affected" in told) == (0, True), told
    code, told = await cli(
        "whatif", WEEK, "--move", "drawing", "--to", "2027-01-12T10:00", "--room", "library", "--json"
    )
    assert (code, json.loads(told)["moves"][0]["start"]) == (0, "2027-01-12T10:00:00Z"), told
    code, told = await cli("whatif", WEEK, "--lose-room", "library", "--until", "2027-01-12T00:00")
    assert code == 0, told
    code, told = await cli("whatif", WEEK, "--add", "new", "--presenter", "p-1", "--minutes", "60")
    assert (code, told.startswith("new would be on")) == (0, True), told
    code, told = await cli("alternatives", WEEK, "--count", "1", "--differ", "1", "--seconds", "5")
    assert (code, "1 other plan" in told) == (0, True), told


async def test_what_the_command_line_cannot_ask_is_said_in_words(cli: Cli) -> None:
    for arguments, expected, words in (
        (("explain", WEEK, "--session", "nothing"), 1, "session"),
        (("explain", WEEK, "--session", "drawing", "--at", "Tuesday"), 2, "2027-01-12T10:00"),
        (("whatif", WEEK), 2, "give one of them"),
        (("whatif", WEEK, "--cancel", "a", "--move", "b"), 2, "give one of them"),
    ):
        code, told = await cli(*arguments)
        assert (code, words in told, "Traceback" in told) == (expected, True, False), told


async def test_an_organiser_who_changes_the_facts_gets_an_answer_from_the_new_ones(
    drafted: PlanShown, given: Given, organiser: Organiser, requester: Requester
) -> None:
    question = AskExplanation(programme=WEEK, session="poetry")
    assert (await requester.ask(Service.SCHEDULER, question, Explanation)).verdict is Verdict.IMPOSSIBLE
    seq = await given.facts(busy("p-9", (11, 0, 23)), programme(last_day=FRIDAY))
    await solved(organiser, seq)
    assert (await requester.ask(Service.SCHEDULER, question, Explanation)).verdict is Verdict.HERE
