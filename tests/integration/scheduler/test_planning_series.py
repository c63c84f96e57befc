"""A weekly proposal over the bus: planned week by week; one date is called off and leaves the next draft."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from planned_week import SOON, WEEK, Given, programme, proposal

from shared.contract.facts.registrations import Community, Room
from shared.contract.facts.scheduler import Draft, PlanMode
from teachmeet.organiser import Organiser
from tests.processes import eventually

pytestmark = pytest.mark.asyncio(loop_scope="module")

TERM = programme(last_day=date(2027, 2, 12))
SERIES = proposal("drawing", "p-1", parts=4, weekly=True)
ROOM = Room(room="library", name="Library", site="Hillside School", capacity=10)


async def drafted(organiser: Organiser, seq: int) -> tuple[str, Draft]:
    """The request, and the draft that it became."""
    await organiser.request_plan(WEEK, at_least_seq=seq, limits=SOON, mode=PlanMode.FEW_MOVES)
    shown = await organiser.drafted(WEEK)
    assert shown.plan is not None
    assert shown.plan.draft is not None
    return shown.plan.request, shown.plan.draft


async def test_a_series_is_planned_and_a_date_that_is_called_off_leaves_it(organiser: Organiser, given: Given) -> None:
    seq = await given.facts(Community.model_validate(Community.example), TERM, ROOM, SERIES)
    request, before = await drafted(organiser, seq)
    local = [each.start.astimezone(ZoneInfo("Europe/London")) for each in before.placements]
    assert [(each - local[0]).days for each in local] == [0, 7, 14, 21]
    assert len({each.room for each in before.placements}) == 1
    await organiser.publish(WEEK, request)

    off = SERIES.model_copy(update={"called_off": ("drawing-part-2",)})
    seq = await given.facts(off)

    async def outdated() -> bool:
        return (await organiser.show_plan(WEEK)).outdated

    await eventually(outdated)
    request, after = await drafted(organiser, seq)
    assert after.placements == tuple(each for each in before.placements if each.session != "drawing-part-2")
    released = await organiser.publish(WEEK, request)
    assert released.placements == after.placements
