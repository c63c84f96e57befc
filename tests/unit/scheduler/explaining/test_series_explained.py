"""Why a date of a weekly series is not elsewhere, and what it would break there."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import numpy as np
import pytest
from situations import NAMES, members, of_problem
from weekly_terms import at, hour_from, parts, term, tuesday, wednesday

from services.scheduler.entities import Room
from services.scheduler.explaining.breaches import breaches
from services.scheduler.explaining.objections import Spots, against_all
from services.scheduler.explaining.what_if import what_if
from services.scheduler.explaining.why_here import why_here
from services.scheduler.explaining.why_not import why_not
from shared.contract.commands.explaining import MoveSession, Verdict

WEEKS = 3


def test_another_day_is_refused_by_the_series_with_the_dates_that_bind_it() -> None:
    made = term(parts(WEEKS), weeks=WEEKS)
    situation = of_problem(made, *(at(one, tuesday(week)) for week, one in enumerate(made.sessions)))
    found = why_not(situation, "drawing-part-2", NAMES, start=wednesday(1), room="library")
    assert found.verdict is Verdict.CROWDED
    assert members(found)[0] == {("weekly-series", "drawing-part-1,drawing-part-3")}
    assert "on one weekday, at one time and in one room, week after week" in found.sentence
    assert "drawing-part-1 and drawing-part-3" in found.sentence


def test_a_date_without_a_place_is_told_its_room_and_its_series() -> None:
    closed = Room(id="library", capacity=20, unavailable=(hour_from(tuesday(1)),))
    made = term(parts(WEEKS), weeks=WEEKS, rooms=(closed,))
    one, _, three = made.sessions
    situation = of_problem(made, at(one, tuesday(0)), at(three, tuesday(2)))
    found = why_not(situation, "drawing-part-2", NAMES)
    assert found.verdict is Verdict.CROWDED
    assert {rule for conflict in members(found) for rule, _ in conflict} >= {"weekly-series", "room-unavailable"}


def test_a_date_in_line_is_where_it_is_because_nothing_else_is_left_to_it() -> None:
    made = term(parts(WEEKS), weeks=WEEKS)
    situation = of_problem(made, *(at(one, tuesday(week)) for week, one in enumerate(made.sessions)))
    assert (
        "the only place that the rules and the other sessions leave it"
        in why_here(situation, "drawing-part-2", NAMES).sentence
    )


def test_what_if_a_date_moves_alone_says_that_it_breaks_the_series() -> None:
    made = term(parts(WEEKS), weeks=WEEKS)
    situation = of_problem(made, *(at(one, tuesday(week)) for week, one in enumerate(made.sessions)))
    found = what_if(situation, MoveSession(session="drawing-part-2", start=wednesday(1)), NAMES)
    assert [(one.rule, one.sessions) for one in found.broken] == [("weekly-series", ("drawing-part-2",))]
    assert "it would break: The parts of a weekly series" in found.sentence


@pytest.mark.parametrize("seed", range(3))
def test_the_series_stands_against_a_date_exactly_where_its_judge_would_find_it_apart(seed: int) -> None:
    dice = random.Random(seed)
    made = term(parts(WEEKS), weeks=WEEKS, rooms=("library", "hall"))
    one, two, three = made.sessions
    placed = [at(one, tuesday(0)), at(three, tuesday(2), dice.choice(("library", "hall")))]
    situation = of_problem(made, *placed)
    own = situation.compiled.choices[two.id]
    against = against_all(situation, two, Spots(own.grid, own.room))
    for column in range(len(own)):
        start, room = datetime.fromtimestamp(int(own.start[column]), UTC), made.rooms[int(own.room[column])].id
        broken = {rule for rule, _ in breaches(made, [*placed, at(two, start, room)])} - {"room-conflict"}
        told = {objection.rule for objection in against.at_spot(column)} - {"room-conflict", "presenter-conflict"}
        was = {rule for rule, _ in breaches(made, placed)}
        assert told - was == broken - {"presenter-conflict"} - was, (start, room)
    assert np.any(against.matrix)
