"""From a request to a draft to a release, with the scheduler as its own process."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest
from planned_week import FRIDAY, SMALL, SOON, WEEK, Given, busy, programme, proposal, wish

from shared.bus.client import Requester
from shared.bus.connection import Bus
from shared.contract.commands.scheduler import AskRelease, ReleaseShown
from shared.contract.facts.scheduler import Draft, Plan, PlanMode, Progress
from shared.contract.results import Rejection, RejectionCode
from shared.contract.subjects import Service
from teachmeet.local.processes import Child
from teachmeet.organiser import Organiser
from tests.processes import eventually

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def draft_of(organiser: Organiser, seq: int, id: str | None = None) -> Draft:
    await organiser.request_plan(WEEK, at_least_seq=seq, limits=SOON, mode=PlanMode.FRESH, id=id)
    shown = await organiser.drafted(WEEK)
    assert shown.plan is not None
    assert shown.plan.draft is not None
    return shown.plan.draft


async def request_of(organiser: Organiser) -> str:
    shown = await organiser.show_plan(WEEK)
    assert shown.plan is not None
    return shown.plan.request


async def becomes_outdated(organiser: Organiser) -> None:
    """Return once the scheduler has read facts that make the present draft an old one."""

    async def outdated() -> bool:
        return (await organiser.show_plan(WEEK)).outdated

    await eventually(outdated)


async def test_a_request_becomes_a_draft_and_its_progress_is_heard_live(organiser: Organiser, given: Given) -> None:
    seq = await given.facts(*SMALL)
    heard: list[Progress] = []
    async with organiser.progress(WEEK, heard.append):
        draft = await draft_of(organiser, seq)

        async def all_heard() -> bool:
            return bool(heard) and heard[-1].placed == 2

        await eventually(all_heard)
    assert {each.session for each in draft.placements} == {"drawing", "reading"}
    assert draft.placements[0].start != draft.placements[1].start
    assert all(each.start.day != 11 for each in draft.placements if each.session == "drawing")
    assert draft.totals.attendance == draft.totals.attendance_bound > 0
    assert (draft.unplaced, draft.input_seq) == ((), seq)
    assert {(each.programme, each.request) for each in heard} == {(WEEK, await request_of(organiser))}
    assert (heard[-1].placed, heard[-1].sessions) == (2, 2)


async def test_the_same_facts_give_the_same_draft_also_to_a_scheduler_that_was_killed(
    organiser: Organiser, given: Given, scheduler: Child
) -> None:
    seq = await given.facts(*SMALL)
    first = await draft_of(organiser, seq)
    scheduler.kill()
    assert await draft_of(organiser, seq) == first


async def test_facts_that_come_just_before_the_request_are_part_of_it(organiser: Organiser, given: Given) -> None:
    await given.facts(*SMALL)
    for number in range(5):
        seq = await given.facts(proposal(f"late-{number}", "p-4"))
        draft = await draft_of(organiser, seq)
        assert f"late-{number}" in {each.session for each in draft.placements}


async def test_a_draft_is_outdated_by_what_changes_and_never_by_its_own_release(
    organiser: Organiser, given: Given
) -> None:
    seq = await given.facts(*SMALL)
    await draft_of(organiser, seq)
    assert not (await organiser.show_plan(WEEK)).outdated
    await organiser.publish(WEEK, await request_of(organiser))
    shown = await organiser.show_plan(WEEK)
    assert (shown.outdated, shown.releases) == (False, 1)

    await given.facts(busy("p-2", (12, 0, 23)))
    await becomes_outdated(organiser)


async def test_an_outdated_draft_is_released_only_when_somebody_accepts_that(
    organiser: Organiser, given: Given
) -> None:
    await draft_of(organiser, await given.facts(*SMALL))
    request = await request_of(organiser)
    await draft_of(organiser, await given.facts(proposal("singing", "p-4")))
    with pytest.raises(Rejection, match="request is not the present draft"):
        await organiser.publish(WEEK, request)

    request = await request_of(organiser)
    await given.facts(wish("p-4", "drawing"))
    await becomes_outdated(organiser)
    with pytest.raises(Rejection, match="facts that have changed"):
        await organiser.publish(WEEK, request)
    assert (await organiser.publish(WEEK, request, accept_outdated=True)).number == 1


@pytest.mark.skipif(os.name == "nt", reason="a process is stopped by a signal")
async def test_a_change_that_the_scheduler_has_yet_to_read_holds_a_release_up(
    organiser: Organiser, given: Given, scheduler: Child, cli_bus: Bus
) -> None:
    await draft_of(organiser, await given.facts(*SMALL))
    request = await request_of(organiser)
    assert scheduler.pid is not None
    os.kill(scheduler.pid, signal.SIGSTOP)
    try:
        # Many wishes for what is in no plan, and at last one that makes the draft an old one.
        await given.facts(*(wish(f"p-{number}", "elsewhere") for number in range(10, 2000)))
        await given.facts(wish("p-4", "drawing"))
        released = asyncio.create_task(organiser.publish(WEEK, request))
        await asyncio.sleep(0)
        await cli_bus.client.flush()
        await cli_bus.client.flush()
    finally:
        os.kill(scheduler.pid, signal.SIGCONT)
    with pytest.raises(Rejection, match="facts that have changed"):
        await released
    assert await given.releases() == []


async def test_releases_are_numbered_and_a_draft_is_released_once(
    organiser: Organiser, requester: Requester, given: Given
) -> None:
    await draft_of(organiser, await given.facts(*SMALL))
    request = await request_of(organiser)
    first = await organiser.publish(WEEK, request)
    again = await organiser.publish(WEEK, request)
    assert first == again
    await draft_of(organiser, await given.facts(proposal("singing", "p-4")))
    second = await organiser.publish(WEEK, await request_of(organiser))
    assert (first.number, second.number) == (1, 2)
    assert len(await given.releases()) == 2
    shown = await requester.ask(Service.SCHEDULER, AskRelease(programme=WEEK, number=1), ReleaseShown)
    assert shown.release == first


async def test_a_draft_released_by_many_at_a_time_is_one_release(organiser: Organiser, given: Given) -> None:
    await draft_of(organiser, await given.facts(*SMALL))
    request = await request_of(organiser)
    released = await asyncio.gather(*(organiser.publish(WEEK, request) for _ in range(8)))
    assert {each.number for each in released} == {1}
    assert len(await given.releases()) == 1


async def test_an_impossible_programme_is_a_draft_with_reasons_never_a_bare_failure(
    organiser: Organiser, given: Given
) -> None:
    never = busy("p-1", *((day, 0, 23) for day in range(11, 16)))
    huge = proposal("crowd", "p-2", seats=500)
    friday = programme(first_day=FRIDAY, last_day=FRIDAY)
    draft = await draft_of(organiser, await given.facts(*SMALL, never, huge))
    reasons = {each.session: each.reason for each in draft.unplaced}
    assert set(reasons) == {"drawing", "crowd"}
    assert [each.session for each in draft.placements] == ["reading"]
    assert all(reason.endswith(".") and "infeasible" not in reason.lower() for reason in reasons.values())

    draft = await draft_of(organiser, await given.facts(friday))
    assert draft.placements == ()
    assert len(draft.unplaced) == draft.totals.unplaced == 3
    assert all(each.reason.endswith(".") for each in draft.unplaced)


async def test_a_programme_without_proposals_or_rooms_is_an_empty_draft(organiser: Organiser, given: Given) -> None:
    draft = await draft_of(organiser, await given.facts(programme()))
    assert (draft.placements, draft.unplaced) == ((), ())
    draft = await draft_of(organiser, await given.facts(proposal("drawing", "p-1")))
    assert [each.session for each in draft.unplaced] == ["drawing"]


async def test_a_programme_that_cannot_be_planned_at_all_says_why(organiser: Organiser, given: Given) -> None:
    seq = await given.facts(programme(policy_pack="nobodys"))
    await organiser.request_plan(WEEK, at_least_seq=seq, limits=SOON, mode=PlanMode.FRESH)

    async def failed() -> Plan | None:
        shown = await organiser.show_plan(WEEK)
        return shown.plan if shown.plan is not None and shown.plan.problem else None

    plan = await eventually(failed)
    assert plan.status == "failed"
    assert "policy_pack 'nobodys' is not one of avoid-shoulders, " in (plan.problem or "")


async def test_a_programme_that_nobody_knows_is_rejected_by_field(organiser: Organiser, given: Given) -> None:
    with pytest.raises(Rejection) as refused:
        await organiser.request_plan("nowhere", at_least_seq=0, limits=SOON, mode=PlanMode.FRESH)
    assert refused.value.code is RejectionCode.UNKNOWN
    assert [error.field for error in refused.value.errors] == ["programme"]
    assert await given.plans() == []
