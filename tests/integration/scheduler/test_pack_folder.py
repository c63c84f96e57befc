"""A community's own packs: served where they are in order, and told of where they are not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from planned_week import SOON, WEEK, Given, programme, proposal

from shared.bus.client import Requester
from shared.contract.commands.health import CheckHealth, Health
from shared.contract.facts.registrations import Room
from shared.contract.facts.scheduler import Draft, PlanMode
from shared.contract.results import Rejection
from shared.contract.subjects import Service
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.processes import Child
from teachmeet.organiser import Organiser
from tests.processes import answers, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")

LIBRARY = Room(room="library", name="Library", site="Hillside School", capacity=10)
NOT_MONDAY = """\
pack: not-monday
version: 1
title: Mondays block a release
rules:
  - id: no-monday
    kind: prohibited-times
    level: block-release
    where: on a Monday
    weekdays: [mon]
    sentence: Mondays are for planning
    source: Head teacher
  - id: nothing-later
    kind: required-times
    weekdays: [mon]
    sentence: All is done on Mondays
    source: Caretaker
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scheduler(
    broker: Broker, folder: DataFolder, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Child]:
    """A scheduler with a folder of packs, one of them broken."""
    packs = Path(tmp_path_factory.mktemp("packs"))
    (packs / "not-monday.yaml").write_text(NOT_MONDAY)
    (packs / "broken.yaml").write_text("pack: broken\nversion: one\n")
    async with serving("scheduler", broker, folder, TEACHMEET_PACK_FOLDER=str(packs)) as child:
        await answers(broker, Service.SCHEDULER)
        yield child


async def drafted(organiser: Organiser, given: Given) -> tuple[str, Draft]:
    seq = await given.facts(programme(policy_layers=["not-monday"]), LIBRARY, proposal("drawing", "p-1"))
    await organiser.request_plan(WEEK, at_least_seq=seq, limits=SOON, mode=PlanMode.FRESH)
    plan = (await organiser.drafted(WEEK)).plan
    assert plan is not None
    assert plan.draft is not None
    return plan.request, plan.draft


async def test_a_broken_pack_is_told_with_file_and_line_and_the_scheduler_serves(requester: Requester) -> None:
    health = await requester.ask(Service.SCHEDULER, CheckHealth(), Health)
    assert health.ready
    assert any("policy pack left out: broken.yaml, line 2: version: " in each for each in health.problems)


async def test_a_draft_that_breaks_a_blocking_rule_is_released_only_by_who_says_so(
    organiser: Organiser, given: Given
) -> None:
    request, draft = await drafted(organiser, given)
    (broken,) = draft.blocking
    assert broken.sentence.endswith("(rule no-monday of pack not-monday, version 1; source: Head teacher)")
    assert draft.policy == "pack no-lunch-no-friday, version 2 with pack not-monday, version 1"
    with pytest.raises(Rejection, match="Mondays are for planning"):
        await organiser.publish(WEEK, request)
    assert (await organiser.publish(WEEK, request, accept_blocked=True)).number == 1
