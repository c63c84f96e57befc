"""An organiser fixes sessions over the bus, and the next solve plans around them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from planned_week import SMALL, SOON, WEEK, Given

from shared.bus.client import Requester
from shared.contract.commands.pins import AskPins, Pins, PinSession, UnpinSession
from shared.contract.facts.scheduler import Draft, PlanMode
from shared.contract.results import Rejection
from shared.contract.subjects import Service
from teachmeet.organiser import Organiser

pytestmark = pytest.mark.asyncio(loop_scope="module")

LATE = datetime(2027, 1, 14, 16, 0, tzinfo=UTC)


async def draft_of(organiser: Organiser, seq: int) -> Draft:
    await organiser.request_plan(WEEK, at_least_seq=seq, limits=SOON, mode=PlanMode.FRESH)
    shown = await organiser.drafted(WEEK)
    assert shown.plan is not None
    assert shown.plan.draft is not None
    return shown.plan.draft


async def test_a_pinned_session_is_planned_there_and_outdates_the_draft(
    organiser: Organiser, requester: Requester, given: Given
) -> None:
    seq = await given.facts(*SMALL)
    before = {each.session: each.start for each in (await draft_of(organiser, seq)).placements}
    assert before["reading"] != LATE
    await requester.command(Service.SCHEDULER, PinSession(session="reading", start=LATE))
    assert (await organiser.show_plan(WEEK)).outdated
    assert {each.session: each.start for each in (await draft_of(organiser, seq)).placements}["reading"] == LATE

    listed = await requester.ask(Service.SCHEDULER, AskPins(programme=WEEK), Pins)
    assert [(each.session, each.start) for each in listed.pins] == [("reading", LATE)]
    await requester.command(Service.SCHEDULER, UnpinSession(session="reading"))
    assert {each.session: each.start for each in (await draft_of(organiser, seq)).placements} == before


async def test_a_start_that_the_programme_does_not_have_is_refused_by_field(
    organiser: Organiser, requester: Requester, given: Given
) -> None:
    await draft_of(organiser, await given.facts(*SMALL))
    with pytest.raises(Rejection) as rejection:
        await requester.command(Service.SCHEDULER, PinSession(session="reading", start=LATE.replace(minute=20)))
    assert [error.field for error in rejection.value.errors] == ["start"]
    assert "every 60 minutes" in rejection.value.errors[0].allowed
