"""Solves that go on for a while: cancelled, replaced, killed, stopped."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path

import pytest
import pytest_asyncio
from planned_week import LATE, SOON, WEEK, Given, crowded

from shared.bus.client import Requester
from shared.contract.commands.scheduler import CancelPlan
from shared.contract.facts.scheduler import Limits, PlanMode, PlanStatus, Progress
from shared.contract.results import Rejection
from shared.contract.subjects import Service
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.processes import Child
from teachmeet.organiser import Organiser, PlanFailedError
from tests.processes import eventually, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")
Solving = Callable[[Limits], AbstractAsyncContextManager[list[Progress]]]


@pytest_asyncio.fixture(loop_scope="module")
async def seq(given: Given) -> int:
    """The sequence up to which the week is known."""
    return await given.facts(*crowded())


@pytest.fixture
def solving(organiser: Organiser, requester: Requester, seq: int) -> Solving:
    """A solve that has found its first plan, and what is heard of it; it is cancelled in the end."""

    @asynccontextmanager
    async def running(limits: Limits) -> AsyncIterator[list[Progress]]:
        heard: list[Progress] = []
        async with organiser.progress(WEEK, heard.append):
            await organiser.request_plan(WEEK, at_least_seq=seq, limits=limits, mode=PlanMode.FRESH)
            try:
                async with asyncio.timeout(120):
                    while not heard:
                        await asyncio.sleep(0.01)
                yield heard
            finally:
                with suppress(Rejection):
                    await requester.command(Service.SCHEDULER, CancelPlan(programme=WEEK))

    return running


def processor_ticks(child: Child) -> int:
    """What the process has used of the processors so far, in hundredths of a second."""
    fields = Path(f"/proc/{child.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


async def ticks_in_a_moment(child: Child) -> int:
    """What the process uses in 0.3 s: a span that is measured, not waited for."""
    before = processor_ticks(child)
    await asyncio.sleep(0.3)
    return processor_ticks(child) - before


async def is_idle(child: Child) -> bool:
    return await ticks_in_a_moment(child) < 10


async def works(child: Child) -> None:
    """Return once the process has used a tenth of a second, however small its share of the processors is."""
    before = processor_ticks(child)

    async def has_worked() -> bool:
        return processor_ticks(child) - before >= 10

    await eventually(has_worked)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_a_cancelled_solve_ends_and_leaves_the_processor_alone(
    organiser: Organiser, requester: Requester, scheduler: Child, given: Given, solving: Solving
) -> None:
    async with solving(LATE):
        await works(scheduler)
        await requester.command(Service.SCHEDULER, CancelPlan(programme=WEEK))
        with pytest.raises(PlanFailedError, match="cancelled on request"):
            await organiser.drafted(WEEK)
        assert await eventually(lambda: is_idle(scheduler))
    with pytest.raises(Rejection, match="is not being solved"):
        await requester.command(Service.SCHEDULER, CancelPlan(programme=WEEK))
    assert await given.plans() == ["requested", "cancelled"]


async def test_a_newer_request_replaces_a_running_solve(
    organiser: Organiser, given: Given, solving: Solving, seq: int
) -> None:
    async with solving(LATE) as heard:
        await organiser.request_plan(WEEK, at_least_seq=seq, limits=SOON, mode=PlanMode.FRESH)
        shown = await organiser.drafted(WEEK)
        assert shown.plan is not None
        assert shown.plan.request != heard[0].request
        assert shown.plan.limits.deterministic == SOON.deterministic
    assert await given.plans() == ["requested", "requested", "drafted"]


async def test_a_scheduler_killed_while_it_solves_solves_again_and_drafts_once(
    organiser: Organiser, scheduler: Child, given: Given, solving: Solving
) -> None:
    async with solving(SOON) as heard:
        starts = scheduler.starts
        scheduler.kill()
        shown = await organiser.drafted(WEEK)
        assert shown.plan is not None
        assert shown.plan.status is PlanStatus.DRAFTED
        assert {each.request for each in heard} == {shown.plan.request}
        assert scheduler.starts == starts + 1
    assert await given.plans() == ["requested", "drafted"]


async def test_two_schedulers_draft_once_and_one_stops_at_once_even_while_it_solves(
    given: Given, solving: Solving, broker: Broker, folder: DataFolder
) -> None:
    async def followers() -> set[str]:
        return {each.name for each in await given.bus.js.consumers_info("SCHEDULER")}

    # Those of a scheduler that was killed may still be among them.
    before = await followers()

    async def second_follows() -> bool:
        return bool(await followers() - before)

    async def drafted() -> bool:
        return "drafted" in await given.plans()

    async with serving("scheduler", broker, folder) as second:
        await eventually(second_follows)
        async with solving(SOON):
            # One of the two may not have read the request yet, so what is stored is looked at.
            await eventually(drafted)
        async with solving(LATE):
            started = asyncio.get_running_loop().time()
            await second.stop()
            assert asyncio.get_running_loop().time() - started < 3
            assert second._process is not None
            assert second._process.returncode == 0
    assert await given.plans() == ["requested", "drafted", "requested", "cancelled"]
