"""Samples of weekly series: in the open, and where timeslots leave some weeks out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rule_checks import Sample
from rule_problems import Dice, instant, small_problem

from services.scheduler.entities import Timeslot
from services.scheduler.problem import Problem
from services.scheduler.rules.weekly_series import WeeklySeries

WEEKS = 4
DAYS = 7 * (WEEKS - 1) + 2


def _part(dice: Dice) -> Callable[[int], dict[str, Any]]:
    """Parts of one series or of two; starts near their turns are among those drawn, by what was published."""

    def part(number: int) -> dict[str, Any]:
        start = instant(7 * dice.randrange(WEEKS) + dice.choice((0, 0, 1)), 10)
        pins = (None, None, None, None, {"room": "r-1"}, {"start": start})
        return {
            "weekly": {"series": dice.choice(("drawing", "drawing", "drawing", "maths")), "number": number + 1},
            "published": {"start": instant(7 * number, 10), "room": "r-0"},
            "pinned": dice.choice(pins),
        }

    return part


def _week_by_week(dice: Dice) -> Problem:
    return small_problem(dice, sessions=WEEKS, rooms=2, days=DAYS, session=_part(dice))


def _in_some_weeks(dice: Dice) -> Problem:
    made = small_problem(dice, sessions=WEEKS, rooms=2, days=DAYS, timeslots=True, session=_part(dice))
    slots = [
        Timeslot(
            id=f"t-{day}-{hour}",
            start=instant(day, hour),
            end=instant(day, hour + 1),
            formats=dice.choice(((), (), ("workshop",))),
        ).model_dump()
        for day in (*range(0, DAYS, 7), *range(1, DAYS, 7))
        for hour in (10, 11)
        if dice.random() < 0.7
    ]
    return Problem.model_validate(made.model_dump() | {"timeslots": slots})


SAMPLES = {
    "weekly-series": Sample(WeeklySeries(), _week_by_week),
    "weekly-series in some weeks": Sample(WeeklySeries(weight=7), _in_some_weeks),
}
