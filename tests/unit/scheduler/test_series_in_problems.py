"""Weekly proposals and sessions that were called off, in the problem that is made of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from scheduling_samples import DETERMINISTIC, MONDAY, programme

from services.scheduler.building import build_problem
from services.scheduler.entities import Weekly
from services.scheduler.packs_reading.library import shipped_packs
from services.scheduler.problem import Problem
from services.scheduler.solving import solve
from services.scheduler.view import PlanningView
from shared.contract.facts.registrations import Proposal, Room
from shared.contract.values import DateSpan
from shared.time.zones import zone

PACKS = shipped_packs()
LONDON = zone("Europe/London")
LAST = MONDAY + timedelta(weeks=5, days=-3)


def proposal(name: str = "drawing", **more: Any) -> Proposal:
    said = {"proposal": name, "programme": "week", "title": name, "format": "workshop", "minutes": 60}
    return Proposal.model_validate(said | {"status": "accepted", "presenters": [f"{name}-presenter"]} | more)


def built(*proposals: Proposal, **of_programme: Any) -> Problem:
    week = programme(MONDAY, LAST).model_copy(update=of_programme)
    library = Room(room="library", name="Library", site="Hillside", capacity=10)
    view = PlanningView(
        programmes={"week": week}, proposals={one.proposal: one for one in proposals}, rooms={"library": library}
    )
    return build_problem(view, "week", PACKS)


def test_the_parts_of_a_weekly_proposal_have_their_turn_and_follow_nobody() -> None:
    parts = built(proposal(parts=3, weekly=True)).sessions
    assert [one.weekly for one in parts] == [Weekly(series="drawing", number=number) for number in (1, 2, 3)]
    assert {one.after for one in parts} == {None}


def test_a_single_session_is_no_series() -> None:
    (alone,) = built(proposal(weekly=True)).sessions
    assert alone.weekly is None


def test_a_called_off_part_is_not_placed_and_the_others_keep_their_turns() -> None:
    parts = built(proposal(parts=3, weekly=True, called_off=["drawing-part-2"])).sessions
    assert [(one.id, one.weekly and one.weekly.number) for one in parts] == [
        ("drawing-part-1", 1),
        ("drawing-part-3", 3),
    ]


def test_a_called_off_part_changes_the_problem() -> None:
    series = proposal(parts=3, weekly=True)
    off = series.model_copy(update={"called_off": ("drawing-part-2",)})
    assert built(series).digest() != built(off).digest()


def test_over_a_called_off_part_the_days_between_add_up() -> None:
    one, three, four = built(proposal(parts=4, part_gap_days=(2, 9), called_off=["drawing-part-2"])).sessions
    assert one.after is None
    assert three.after is not None
    assert (three.after.session, three.after.fewest_days, three.after.most_days) == ("drawing-part-1", 4, 18)
    assert four.after is not None
    assert (four.after.session, four.after.fewest_days, four.after.most_days) == ("drawing-part-3", 2, 9)


def test_nothing_waits_for_a_part_that_was_called_off() -> None:
    basics = proposal("basics", parts=2, called_off=["basics-part-1"])
    more = next(one for one in built(basics, proposal("more", prerequisites=["basics"])).sessions if one.id == "more")
    assert more.prerequisites == ("basics-part-2",)


def test_a_weekly_proposal_is_planned_week_by_week_around_a_closure_of_the_programme() -> None:
    monday = MONDAY + timedelta(weeks=2)
    half_term = DateSpan(first=monday, last=monday + timedelta(days=4), reason="half-term")
    made = built(proposal(parts=4, weekly=True), closures=(half_term,))
    found = solve(made, DETERMINISTIC)
    assert found.unplaced == ()
    local = [one.start.astimezone(LONDON) for one in found.placements]
    assert len({(each.weekday(), each.time()) for each in local}) == 1
    weeks = [(each.date() - MONDAY).days // 7 for each in local]
    assert weeks == [0, 1, 3, 4]
