"""A programme made from any template places proposals of every format that it offers."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from scheduling_samples import DETERMINISTIC

from services.registrations.programme_templates import shipped_templates
from services.scheduler.building import build_problem
from services.scheduler.packs_reading.library import shipped_packs
from services.scheduler.solving import solve
from services.scheduler.view import PlanningView
from shared.contract.commands.calls import CreateProgramme
from shared.contract.facts.registrations import Programme, Proposal, Room
from shared.time.zones import zone

FIRST_DAYS = {"monday": date(2027, 3, 8), "thursday": date(2027, 3, 11)}


@pytest.mark.parametrize("first_day", FIRST_DAYS.values(), ids=FIRST_DAYS)
@pytest.mark.parametrize("name", shipped_templates())
def test_two_proposals_of_each_format_find_a_place_and_block_no_release(name: str, first_day: date) -> None:
    template = shipped_templates()[name]
    wanted = CreateProgramme(template=name, programme="made", title="Made", first_day=first_day)
    programme = Programme(**template.programme(wanted, "Europe/London").model_dump())
    proposals = [
        Proposal.model_validate(
            {
                "proposal": f"{each.format}-{number}",
                "programme": "made",
                "title": each.format,
                "format": each.format,
                "minutes": each.minutes,
                "presenters": [f"p-{each.format}-{number}"],
                "status": "accepted",
            }
        )
        for each in template.formats
        for number in range(2)
    ]
    rooms = {one: Room(room=one, name=one, site="Hillside", capacity=30) for one in ("hall", "library")}
    view = PlanningView(
        programmes={"made": programme}, proposals={each.proposal: each for each in proposals}, rooms=rooms
    )
    assert programme.call is not None
    problem = build_problem(view, "made", shipped_packs(), asked_at=programme.call.closes)
    solution = solve(problem, DETERMINISTIC)
    assert solution.unplaced == ()
    assert solution.blocking == ()
    days = {each.start.astimezone(zone("Europe/London")).date() for each in solution.placements}
    assert programme.first_day <= min(days) <= max(days) <= programme.last_day
    assert all(_is_on_the_grid(each.start, programme.grid_minutes) for each in solution.placements)


def _is_on_the_grid(start: datetime, minutes: int) -> bool:
    midnight = start.replace(hour=0, minute=0)
    return (start - midnight) % timedelta(minutes=minutes) == timedelta(0)
