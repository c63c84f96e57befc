from __future__ import annotations

import threading
import time

import pytest
from random_problems import random_problem
from scheduling_samples import (
    DETERMINISTIC,
    FRIDAY,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    at,
    busy_but,
    problem,
    room,
    session,
    span,
)

from services.scheduler.entities import Person, Published, Wish
from services.scheduler.problem import Problem
from services.scheduler.search import SearchProgress
from services.scheduler.solving import solve
from shared.contract.facts.scheduler import Limits, PlanMode


@pytest.fixture(scope="module")
def crowded() -> Problem:
    """More wishes than a day can hold: not solved at once."""
    return random_problem(1, sessions=16, people=80, rooms=2, weeks=1, lengths=(60, 90), wishes=8)


def test_deterministic_limits_give_the_same_plan_twice(crowded: Problem) -> None:
    limits = Limits(deterministic=0.2)
    assert solve(crowded, limits) == solve(crowded, limits)


def test_a_solve_ends_within_its_seconds(crowded: Problem) -> None:
    begun = time.process_time()
    solution = solve(crowded, Limits(seconds=0.5, workers=1))
    assert time.process_time() - begun < 3
    assert solution.totals.placed > 0


def test_a_cancelled_solve_ends_at_once_with_the_best_plan_so_far(crowded: Problem) -> None:
    cancel = threading.Event()

    def at_first_plan(progress: SearchProgress) -> None:
        cancel.set()

    begun = time.process_time()
    solution = solve(crowded, Limits(seconds=60), on_progress=at_first_plan, cancel=cancel)
    assert solution.cancelled
    assert time.process_time() - begun < 20
    assert solution.totals.placed > 0


def test_a_solve_cancelled_before_it_begins_still_gives_a_plan(crowded: Problem) -> None:
    cancel = threading.Event()
    cancel.set()
    solution = solve(crowded, Limits(seconds=60), cancel=cancel)
    assert solution.cancelled
    assert solution.totals.placed + solution.totals.unplaced == len(crowded.sessions)


def test_progress_never_gets_worse_and_ends_with_the_totals(crowded: Problem) -> None:
    told: list[SearchProgress] = []
    solution = solve(crowded, DETERMINISTIC, on_progress=told.append)
    objectives = [progress.objective for progress in told]
    assert objectives == sorted(objectives)
    assert all(progress.objective <= progress.bound for progress in told)
    last = told[-1]
    assert (last.objective, last.bound, last.placed) == (
        solution.totals.objective,
        solution.totals.bound,
        solution.totals.placed,
    )


def test_a_problem_without_sessions_has_an_empty_plan() -> None:
    solution = solve(problem([]), DETERMINISTIC)
    assert (solution.placements, solution.unplaced, solution.totals.objective) == ((), (), 0)


def test_what_cannot_be_placed_is_left_out_with_a_reason_and_the_rest_is_placed() -> None:
    solution = solve(problem([session("a"), session("b", needs=("kiln",))]), DETERMINISTIC)
    assert [one.session for one in solution.placements] == ["a"]
    assert [one.session for one in solution.unplaced] == ["b"]
    assert solution.unplaced[0].reason


def test_sessions_of_equal_worth_do_not_crowd_on_one_day() -> None:
    placed = solve(problem([session(name) for name in "abcde"]), DETERMINISTIC).placements
    assert len({one.start.date() for one in placed}) == 5


def test_the_draft_carries_digest_and_input_sequence() -> None:
    made = problem([session("a")])
    draft = solve(made, DETERMINISTIC).draft(input_seq=7)
    assert (draft.problem_digest, draft.input_seq) == (made.digest(), 7)


def published_week() -> Problem:
    """Everything could be better elsewhere; only one session has to move, as its presenter is no longer free."""
    sessions = [
        session("stays", published=Published(room="library", start=at(MONDAY, 9))),
        session("stays-too", published=Published(room="hall", start=at(TUESDAY, 9))),
        session("moves", "gone", published=Published(room="library", start=at(WEDNESDAY, 9))),
    ]
    fans = tuple(
        Person(id=f"fan{number}", no=(span(MONDAY, 9, 12), span(TUESDAY, 9, 12)), yes=(span(FRIDAY, 9, 12),))
        for number in range(6)
    )
    wishes = tuple(
        Wish(person=fan.id, proposal=name, level="coming") for fan in fans for name in ("stays", "stays-too")
    )
    gone = busy_but("gone", span(WEDNESDAY, 11, 12))
    return problem(sessions, rooms=(room(), room("hall")), people=(*fans, gone), wishes=wishes)


def test_with_few_moves_all_stays_that_is_not_forced_to_move() -> None:
    solution = solve(published_week(), DETERMINISTIC, mode=PlanMode.FEW_MOVES)
    where = {one.session: (one.room, one.start) for one in solution.placements}
    assert where["stays"] == ("library", at(MONDAY, 9))
    assert where["stays-too"] == ("hall", at(TUESDAY, 9))
    assert where["moves"][1] == at(WEDNESDAY, 11)
    assert solution.totals.moves == 1


def test_a_fresh_solve_moves_what_is_better_elsewhere() -> None:
    solution = solve(published_week(), DETERMINISTIC)
    where = {one.session: one.start.date() for one in solution.placements}
    assert where["stays"] == where["stays-too"] == FRIDAY
    assert solution.totals.moves == 3


def test_with_few_moves_a_lost_room_changes_the_room_rather_than_the_time() -> None:
    lost = problem(
        [session("a", published=Published(room="gone", start=at(MONDAY, 9)))], rooms=(room("library"), room("hall"))
    )
    (placed,) = solve(lost, DETERMINISTIC, mode=PlanMode.FEW_MOVES).placements
    assert placed.start == at(MONDAY, 9)


def test_with_few_moves_the_session_moves_that_fewer_people_are_waiting_for() -> None:
    people = tuple(Person(id=f"fan{number}") for number in range(5))
    sessions = [
        session("popular", published=Published(room="library", start=at(MONDAY, 9))),
        session("quiet", published=Published(room="hall", start=at(MONDAY, 9))),
    ]
    wishes = tuple(Wish(person=one.id, proposal="popular", level="interested") for one in people)
    without_hall = problem(sessions, people=people, wishes=wishes)
    where = {one.session: one.start for one in solve(without_hall, DETERMINISTIC, mode=PlanMode.FEW_MOVES).placements}
    assert where["popular"] == at(MONDAY, 9)
    assert where["quiet"] != at(MONDAY, 9)


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_any_number_of_workers_solves(workers: int) -> None:
    made = random_problem(2, sessions=8, people=30, rooms=1, weeks=1, lengths=(90, 120))
    solution = solve(made, Limits(seconds=2, workers=workers))
    assert solution.totals.placed + solution.totals.unplaced == 8
