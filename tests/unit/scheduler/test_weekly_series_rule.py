"""Weekly series: what binds their parts, what passes a week over, and what lets a part go its own way."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from itertools import product

import numpy as np
import pytest
from scheduling_samples import DETERMINISTIC
from weekly_terms import (
    LONDON,
    OFF,
    TUESDAY,
    at,
    closed,
    hour_from,
    part,
    parts,
    pinned,
    single,
    term,
    tuesday,
    wednesday,
)

from services.scheduler.board import Board
from services.scheduler.cadence import grid_cadence
from services.scheduler.compiling import compile_problem
from services.scheduler.entities import Person, Room
from services.scheduler.finished import FinishedPlan
from services.scheduler.problem import Problem
from services.scheduler.rules.base import Scope
from services.scheduler.rules.weekly_series import WeeklySeries
from services.scheduler.scoring import score
from services.scheduler.solving import Solution, solve
from shared.contract.facts.scheduler import Placement


def broken(of: Problem, *placements: Placement) -> dict[str, tuple[str, ...]]:
    return dict(score(of, placements, keep_published=False).violations)


def starts(solution: Solution) -> dict[str, datetime]:
    return {one.session: one.start for one in solution.placements}


def free_at(*times: datetime) -> Person:
    """Somebody who can come at these hours only."""
    spans = sorted(map(hour_from, times), key=lambda span: span.start)
    edges = [datetime(2026, 12, 1, tzinfo=UTC), *(one for span in spans for one in (span.start, span.end))]
    edges.append(datetime(2027, 12, 1, tzinfo=UTC))
    gaps = zip(edges[::2], edges[1::2], strict=True)
    return Person.model_validate({"id": "p-001", "no": [{"start": a, "end": b} for a, b in gaps if a < b]})


def test_parts_on_other_days_at_other_times_in_other_rooms_or_weeks_break_the_series() -> None:
    made = term(parts(2), weeks=4, rooms=("library", "hall"))
    one, two = made.sessions
    first = at(one, tuesday(0))
    assert broken(made, first, at(two, tuesday(1))) == {}
    for wrong in (
        at(two, wednesday(1)),
        at(two, tuesday(1, 10)),
        at(two, tuesday(1), "hall"),
        at(two, tuesday(2)),
    ):
        assert broken(made, first, wrong).keys() == {"weekly-series"}
    assert broken(made, at(one, tuesday(1)), at(two, tuesday(0))).keys() == {"weekly-series"}


def test_who_lies_apart_is_named_and_not_those_in_line() -> None:
    made = term(parts(4), weeks=5)
    placed = [at(one, tuesday(week)) for week, one in enumerate(made.sessions)]
    placed[2] = at(made.sessions[2], wednesday(2))
    assert broken(made, *placed) == {"weekly-series": ("drawing-part-3",)}


def test_a_solve_puts_all_parts_in_line_and_leaves_no_week_out() -> None:
    solution = solve(term([*parts(4), single("a"), single("b")], weeks=4), DETERMINISTIC)
    assert solution.unplaced == ()
    times = [one.start for one in solution.placements if one.session.startswith("drawing")]
    assert [(later - times[0]).days for later in times] == [0, 7, 14, 21]


def test_switched_off_parts_go_where_they_like() -> None:
    alone = free_at(tuesday(0), wednesday(0), wednesday(0, 10))
    bound = solve(term(parts(3), weeks=3, people=(alone,)), DETERMINISTIC)
    freed = solve(term(parts(3), weeks=3, people=(alone,), rules=(OFF,)), DETERMINISTIC)
    assert (bound.totals.placed, freed.totals.placed) == (1, 3)


def test_weeks_in_which_the_programme_is_closed_are_passed_over() -> None:
    made = term(parts(3), weeks=4, closures=(closed(1),))
    solution = solve(made, DETERMINISTIC)
    assert solution.totals.placed == 3
    days = [(one.start.astimezone(LONDON).date() - TUESDAY).days for one in solution.placements]
    assert [day - days[0] for day in days] == [0, 14, 21]
    one, two, _ = made.sessions
    assert broken(made, at(one, tuesday(0)), at(two, tuesday(3))).keys() == {"weekly-series"}


def test_a_closure_of_another_day_or_of_half_a_day_passes_nothing_over() -> None:
    monday = term(parts(2), weeks=3, closures=(closed(1, days=1),))
    one, two = monday.sessions
    assert broken(monday, at(one, tuesday(0)), at(two, tuesday(1))) == {}
    assert broken(monday, at(one, tuesday(0)), at(two, tuesday(2))).keys() == {"weekly-series"}


def test_local_time_stays_when_clocks_change() -> None:
    first = date(2027, 3, 16)
    solution = solve(term(parts(4), weeks=4, first=first), DETERMINISTIC)
    assert solution.totals.placed == 4
    local = [one.start.astimezone(LONDON) for one in solution.placements]
    assert len({(each.weekday(), each.time()) for each in local}) == 1
    assert len({each.utcoffset() for each in local}) == 2


def test_a_part_that_is_pinned_to_a_start_goes_its_own_way() -> None:
    one, two, three = parts(3)
    made = term([one, pinned(two, wednesday(1, 11)), three], weeks=3)
    solution = solve(made, DETERMINISTIC)
    times = starts(solution)
    assert times[two.id] == wednesday(1, 11)
    assert (times[three.id] - times[one.id]).days == 14


def test_a_part_that_is_pinned_to_a_room_keeps_the_time_of_its_series() -> None:
    one, two, three = parts(3)
    made = term([one, pinned(two, room="hall"), three], weeks=3, rooms=("library", "hall"))
    solution = solve(made, DETERMINISTIC)
    times = starts(solution)
    assert [(times[name] - times[one.id]).days for name in (one.id, two.id, three.id)] == [0, 7, 14]
    assert {one.session: one.room for one in solution.placements}[two.id] == "hall"


def test_a_date_on_which_the_room_is_closed_is_left_out_and_the_others_stay() -> None:
    library = Room(id="library", capacity=20, unavailable=(hour_from(tuesday(1)),))
    only = free_at(*(tuesday(week) for week in range(4)))
    solution = solve(term(parts(4), weeks=4, rooms=(library,), people=(only,)), DETERMINISTIC)
    assert starts(solution) == {
        "drawing-part-1": tuesday(0),
        "drawing-part-3": tuesday(2),
        "drawing-part-4": tuesday(3),
    }
    (left_out,) = solution.unplaced
    assert left_out.reason.startswith(
        "Its series is on Tuesdays at 09:00 in room library; on 12 January 2027, its turn,"
    )
    assert "every room is available" in left_out.reason
    assert left_out.rules == ("weekly-series", "room-unavailable")


def test_a_part_whose_turn_comes_after_the_programme_says_so() -> None:
    solution = solve(term(parts(3), weeks=2), DETERMINISTIC)
    assert starts(solution).keys() == {"drawing-part-1", "drawing-part-2"}
    assert "its turn there is not within the programme's days" in solution.unplaced[0].reason


def test_a_part_that_another_session_keeps_out_names_it() -> None:
    people = (free_at(*(tuesday(week) for week in range(3))), Person(id="q"))
    made = term([*parts(3), pinned(single("q"), tuesday(1), "library")], weeks=3, people=people)
    solution = solve(made, DETERMINISTIC)
    (left_out,) = solution.unplaced
    assert left_out.session in {"drawing-part-2", "q"}
    assert "stands in its way" in left_out.reason


@pytest.mark.parametrize("seed", range(4))
def test_judge_and_tables_agree_on_what_is_in_step_through_closures(seed: int) -> None:
    dice = random.Random(seed)
    closures = (closed(dice.randrange(6), days=dice.choice((2, 3, 7))), closed(dice.randrange(6)))
    unique = tuple({(one.first, one.last): one for one in closures}.values())
    made = term(parts(3), weeks=6, closures=unique, rooms=("library", "hall"))
    board = Board(made, keep_published=False)
    days = (*(tuesday(week) for week in range(6)), *(wednesday(week) for week in range(6)), tuesday(2, 10))
    cadences = {one.id: grid_cadence(board, one) for one in made.sessions}
    for _ in range(60):
        placed = [at(one, dice.choice(days), dice.choice(("library", "hall"))) for one in made.sessions]
        seconds = [int(one.start.timestamp()) for one in placed]
        on_grid = [int(np.searchsorted(board.grid.starts, second)) for second in seconds]
        beats = {int(cadences[one.session][number]) for one, number in zip(placed, on_grid, strict=True)}
        expected = len(beats) - 1 + len({one.room for one in placed}) - 1
        found = list(WeeklySeries().judge(FinishedPlan(made, placed, keep_published=False)))
        assert sum(one.amount for one in found) == expected


def test_of_all_plans_of_a_tiny_term_the_best_is_found() -> None:
    morning = Person.model_validate({"id": "p-001", "if_need_be": [hour_from(tuesday(0)), hour_from(wednesday(1))]})
    busy = Person.model_validate({"id": "a", "no": [hour_from(wednesday(week)) for week in range(2)]})
    rooms = (Room(id="library", capacity=20, unavailable=(hour_from(wednesday(0, 11)),)),)
    made = term([*parts(2), single("a")], weeks=2, people=(morning, busy), rooms=rooms)
    compiled = compile_problem(made, keep_published=False)
    free = {
        name: [(int(one), int(two)) for one, two in zip(own.start, own.room, strict=True)]
        for name, own in compiled.choices.items()
    }
    best = max(
        scored.objective(compiled.unplaced)
        for spots in product(*([None, *free[one.id]] for one in made.sessions))
        if not (
            scored := score(
                made,
                [
                    at(one, datetime.fromtimestamp(spot[0], UTC))
                    for one, spot in zip(made.sessions, spots, strict=True)
                    if spot is not None
                ],
                keep_published=False,
            )
        ).violations
    )
    found = solve(made, DETERMINISTIC)
    assert (found.totals.objective, found.totals.bound) == (best, best)
    assert found.totals.placed == 3


def test_two_rules_on_one_series_bound_it_once() -> None:
    again = WeeklySeries(id="again", scope=Scope(sessions=("drawing-part-1", "drawing-part-2")))
    reluctant = Person.model_validate({"id": "p-001", "if_need_be": [hour_from(tuesday(week)) for week in range(3)]})
    made = term(parts(3), weeks=3, people=(reluctant,), rules=(WeeklySeries(), again))
    assert [len(one) for one in compile_problem(made, keep_published=False).series] == [3]
    solution = solve(made, DETERMINISTIC)
    assert solution.totals.placed == 3
    assert solution.totals.bound == solution.totals.objective == 0


def test_a_turn_is_taken_once() -> None:
    again = part(1).model_copy(update={"id": "another"})
    with pytest.raises(ValueError, match=r"sessions\.drawing-part-1\.weekly\.number: 1 is the turn of 'another'"):
        term([part(1), again], weeks=2)
