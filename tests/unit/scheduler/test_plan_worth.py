"""What a plan is worth: the search, the scorer and brute force agree."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product

import pytest
from random_problems import random_problem
from scheduling_samples import DETERMINISTIC, MONDAY, TUESDAY, at, placement, problem, room, session, span

from services.scheduler.compiling import compile_problem
from services.scheduler.entities import Person, Wish
from services.scheduler.placing import placements_of
from services.scheduler.problem import Problem
from services.scheduler.scoring import score
from services.scheduler.search import Search
from services.scheduler.solving import solve
from shared.contract.facts.scheduler import Placement, PlanMode


@pytest.mark.parametrize("seed", range(16))
def test_the_searchs_figure_is_the_scorers(seed: int) -> None:
    made = random_problem(seed, sessions=6, people=20, rooms=2, weeks=1, grid=30, published=0.4)
    for keep_published in (False, True):
        compiled = compile_problem(made, keep_published=keep_published)
        found = Search(compiled, DETERMINISTIC).run()
        scored = score(made, placements_of(compiled, found.plan), keep_published=keep_published)
        assert scored.violations == {}
        assert found.floor <= found.cost == -scored.objective(compiled.unplaced)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("keep_published", [False, True])
def test_no_plan_at_all_is_worth_more_than_the_one_found(seed: int, keep_published: bool) -> None:
    made = _tiny(seed)
    mode = PlanMode.FEW_MOVES if keep_published else PlanMode.FRESH
    found = solve(made, DETERMINISTIC, mode=mode)
    unplaced = compile_problem(made, keep_published=keep_published).unplaced
    best = max(
        scored.objective(unplaced)
        for plan in _all_plans(made)
        if not (scored := score(made, plan, keep_published=keep_published)).violations
    )
    assert found.totals.objective == best == found.totals.bound


def _tiny(seed: int) -> Problem:
    """Three sessions that can only be on one morning, in two rooms, with people who want most of them."""
    crowded = random_problem(
        seed, sessions=3, people=8, rooms=2, weeks=1, grid=60, lengths=(60, 120), wishes=3, published=0.5
    )
    free = [span(MONDAY, 9, 12)]
    rooms = [one.model_copy(update={"unavailable": _all_but(free)}) for one in crowded.rooms]
    return Problem.model_validate(
        crowded.model_dump() | {"rooms": [one.model_dump() for one in rooms], "first_day": MONDAY, "last_day": TUESDAY}
    )


def _all_but(free: list) -> tuple:
    return (span(MONDAY, 0, 9), span(MONDAY, 12, 24), span(TUESDAY, 0, 10), span(TUESDAY, 11, 24))


def _all_plans(made: Problem) -> Iterator[list[Placement]]:
    candidates = compile_problem(made, keep_published=False).candidates

    def spots(name: str) -> list[Placement | None]:
        one = candidates.options(name).session
        free = candidates.options(name).free()
        return [None] + [
            placement(one, datetime.fromtimestamp(int(candidates.board.grid.starts[place]), UTC), made.rooms[where].id)
            for where, place in zip(*free.nonzero(), strict=True)
        ]

    for plan in product(*(spots(one.id) for one in made.sessions)):
        yield [one for one in plan if one is not None]


def test_attendance_counts_level_answer_and_minutes() -> None:
    people = (
        Person(id="sure", yes=(span(MONDAY, 9, 10),)),
        Person(id="silent"),
        Person(id="reluctant", if_need_be=(span(MONDAY, 9, 10),)),
        Person(id="away", no=(span(MONDAY, 9, 10),)),
    )
    for level, shares in (("coming", 1 + 0.9 + 0.5), ("interested", 0.5 + 0.45 + 0.25)):
        made = problem(
            [session("a")],
            people=people,
            wishes=tuple(Wish(person=one.id, proposal="a", level=level) for one in people),
        )
        scored = score(made, [placement(session("a"), at(MONDAY, 9))], keep_published=False)
        assert scored.attendance == int(shares * 60)


def test_seats_beside_the_presenters_cap_the_attendance() -> None:
    people = tuple(Person(id=f"p{number}", yes=(span(MONDAY, 9, 10),)) for number in range(5))
    wishes = tuple(Wish(person=one.id, proposal="a", level="coming") for one in people)
    made = problem([session("a")], people=people, wishes=wishes, rooms=(room(capacity=4),))
    assert score(made, [placement(session("a"), at(MONDAY, 9))], keep_published=False).attendance == 3 * 60


def test_a_presenters_own_wish_adds_nothing() -> None:
    made = problem([session("a", "p")], wishes=(Wish(person="p", proposal="a", level="coming"),))
    assert solve(made, DETERMINISTIC).totals.attendance == 0


def test_two_sessions_in_parallel_cost_those_who_want_both_the_lesser_one() -> None:
    sessions = [session("a"), session("b", minutes=30)]
    wishes = (
        Wish(person="p", proposal="a", level="coming"),
        Wish(person="p", proposal="b", level="coming"),
        Wish(person="a-presenter", proposal="b", level="interested"),
    )
    made = problem(sessions, people=(Person(id="p"),), wishes=wishes, rooms=(room("x"), room("y")))
    parallel = [placement(sessions[0], at(MONDAY, 9), "x"), placement(sessions[1], at(MONDAY, 9, 30), "y")]
    assert score(made, parallel, keep_published=False).interest_clashes == 30 + 15
    assert solve(made, DETERMINISTIC).totals.interest_clashes == 0


def test_a_session_goes_where_most_of_those_who_want_it_can_come() -> None:
    people = tuple(Person(id=f"p{number}", no=(span(MONDAY, 0, 24), span(TUESDAY, 0, 10))) for number in range(3))
    wishes = tuple(Wish(person=one.id, proposal="a", level="coming") for one in people)
    made = problem([session("a")], people=people, wishes=wishes, last_day=TUESDAY)
    (placed,) = solve(made, DETERMINISTIC).placements
    assert placed.start >= at(TUESDAY, 10)


def test_placing_one_more_session_is_worth_any_attendance() -> None:
    people = tuple(Person(id=f"p{number}") for number in range(30))
    wishes = tuple(Wish(person=one.id, proposal="popular", level="coming") for one in people)
    only_nine = room(unavailable=(span(MONDAY, 0, 9), span(MONDAY, 11, 24)))
    sessions = [session("popular", minutes=120), session("x"), session("y")]
    made = problem(sessions, people=people, wishes=wishes, rooms=(only_nine,), last_day=MONDAY)
    assert {one.session for one in solve(made, DETERMINISTIC).placements} == {"x", "y"}
