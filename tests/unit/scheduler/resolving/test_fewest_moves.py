"""A re-solve moves as few people as brute force finds possible, and says when fewer is impossible."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import product

import pytest
from random_problems import random_problem
from scheduling_samples import MONDAY, TUESDAY, at, problem, room, session, span

from services.scheduler.compiling import compile_problem
from services.scheduler.entities import Person, Published, Room, Session, Wish
from services.scheduler.explaining.breaches import breaches
from services.scheduler.placing import placements_of
from services.scheduler.problem import Problem
from services.scheduler.resolving.disturbance import disturbance
from services.scheduler.resolving.resolve import resolve
from services.scheduler.solving import solve
from shared.contract.facts.scheduler import Limits, Placement

SOON = Limits(deterministic=0.02, workers=1)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("lost", ["room", "presenter"])
def test_no_plan_moves_fewer_people(seed: int, lost: str) -> None:
    made = _released(seed)
    changed = _without_a_room(made) if lost == "room" else _without_a_presenter(made)
    found = resolve(changed, SOON)
    best = min(
        (len(made.sessions) - len(plan), disturbance(changed, plan).people_moves)
        for plan in _all_plans(changed)
        if not breaches(changed, plan)
    )
    placements = found.solution.placements
    assert (len(made.sessions) - len(placements), found.disturbance.people_moves) == best
    assert breaches(changed, placements) == frozenset()
    assert found.fewest


def _released(seed: int) -> Problem:
    """Three sessions on one morning in two rooms, as they were released."""
    crowd = random_problem(seed, sessions=3, people=8, rooms=2, weeks=1, grid=60, lengths=(60, 120), wishes=3)
    closed = (span(MONDAY, 0, 9), span(MONDAY, 13, 24), span(TUESDAY, 0, 24))
    rooms = tuple(one.model_copy(update={"unavailable": closed}) for one in crowd.rooms)
    people = tuple(one.model_copy(update={"no": ()}) for one in crowd.people)
    made = crowd.model_copy(
        update={"rooms": rooms, "people": people, "first_day": MONDAY, "last_day": TUESDAY, "asked_at": at(MONDAY, 0)}
    )
    placed = {one.session: one for one in solve(made, SOON).placements}
    sessions = tuple(
        one.model_copy(update={"published": Published(room=placed[one.id].room, start=placed[one.id].start)})
        if one.id in placed
        else one
        for one in made.sessions
    )
    return made.model_copy(update={"sessions": sessions, "asked_at": at(MONDAY, 0) - timedelta(days=5)})


def _without_a_room(made: Problem) -> Problem:
    used = [one.published.room for one in made.sessions if one.published]
    lost = max(set(used), key=used.count)
    later = Room(id="later", capacity=40, unavailable=(span(MONDAY, 0, 12), span(MONDAY, 14, 24), span(TUESDAY, 0, 24)))
    return made.model_copy(update={"rooms": (*(one for one in made.rooms if one.id != lost), later)})


def _without_a_presenter(made: Problem) -> Problem:
    gone = next(one for one in made.sessions if one.published)
    start = gone.published.start if gone.published else at(MONDAY, 9)
    busy = (span(MONDAY, start.hour, start.hour + 1),)
    people = tuple(one.model_copy(update={"no": busy}) if one.id == gone.presenters[0] else one for one in made.people)
    return made.model_copy(update={"people": people})


def _all_plans(made: Problem) -> Iterator[tuple[Placement, ...]]:
    compiled = compile_problem(made, keep_published=False)
    spots = [[None, *range(len(compiled.choices[one.id]))] for one in made.sessions]
    for numbers in product(*spots):
        plan = {one.id: number for one, number in zip(made.sessions, numbers, strict=True) if number is not None}
        yield placements_of(compiled, plan)


def released(name: str, hour: int, *presenters: str, where: str = "library") -> Session:
    return session(name, *presenters, published=Published(room=where, start=at(MONDAY, hour)))


def test_only_whoever_cannot_stay_moves() -> None:
    made = problem(
        [released("a", 9, "p"), released("b", 10), released("c", 11)],
        people=(Person(id="p", no=(span(MONDAY, 9, 10),)),),
        asked_at=at(MONDAY, 0) - timedelta(days=9),
    )
    found = resolve(made, SOON)
    assert found.disturbance.people == ("p",)
    assert found.fewest
    assert {one.session: one.start for one in found.solution.placements if one.session != "a"} == {
        "b": at(MONDAY, 10),
        "c": at(MONDAY, 11),
    }


def test_a_chain_of_moves_is_found_and_proven_when_one_is_not_enough() -> None:
    open_three_hours = room(unavailable=(span(MONDAY, 0, 9), span(MONDAY, 12, 24)))
    made = problem(
        [released("a", 9, "p"), released("b", 10)],
        rooms=(open_three_hours,),
        people=(Person(id="p", no=(span(MONDAY, 9, 10), span(MONDAY, 11, 12))),),
        wishes=(Wish(person="b-presenter", proposal="a", level="coming"),),
        last_day=MONDAY,
        asked_at=at(MONDAY, 0) - timedelta(days=9),
    )
    found = resolve(made, SOON)
    assert found.disturbance.people_moves == 3
    assert found.fewest
    assert len(found.solution.placements) == 2


def test_the_sentence_says_how_many_calendars_and_how_many_soon() -> None:
    sessions = [released("a", 9, "p", "q"), released("b", 10, "r", where="gone")]
    late = session("c", "s", published=Published(room="gone", start=at(MONDAY, 9) + timedelta(days=4)))
    made = problem([*sessions, late], asked_at=at(MONDAY, 0) - timedelta(days=1))
    found = resolve(made, SOON)
    assert found.disturbance.sentence == "This change touches 2 calendars, 1 within 48 h."
    assert found.disturbance.people_moves == 4 + 1


def test_a_frozen_session_stays_where_another_can_move_instead() -> None:
    two_hours = room(unavailable=(span(MONDAY, 0, 9), span(MONDAY, 11, 24)))
    spare = room("spare", unavailable=(span(MONDAY, 0, 10), span(MONDAY, 11, 24)), formats=("workshop",))
    made = problem(
        [released("a", 9, "p"), released("b", 10, "q"), session("c", "r")],
        rooms=(two_hours, spare),
        last_day=MONDAY,
        asked_at=at(MONDAY, 0) - timedelta(hours=30),
    )
    found = resolve(made, SOON, freeze_hours=48)
    assert {one.session: one.start for one in found.solution.placements}.items() >= {
        "a": at(MONDAY, 9),
        "b": at(MONDAY, 10),
    }.items()


def test_a_budget_buys_a_better_plan_and_is_kept() -> None:
    people = tuple(Person(id=f"w{number}", no=(span(MONDAY, 9, 10),)) for number in range(4))
    wishes = tuple(Wish(person=one.id, proposal="a", level="coming") for one in people)
    made = problem([released("a", 9)], people=people, wishes=wishes, asked_at=at(MONDAY, 0) - timedelta(days=9))
    assert resolve(made, SOON).disturbance.people_moves == 0
    assert resolve(made, SOON, budget=4).disturbance.people_moves == 0
    better = resolve(made, SOON, budget=5)
    assert better.disturbance.people_moves == 5
    assert better.solution.totals.attendance > resolve(made, SOON).solution.totals.attendance


def test_what_is_released_and_still_possible_does_not_change_at_all() -> None:
    made = problem([released("a", 9), released("b", 10)], asked_at=at(MONDAY, 0) - timedelta(days=9))
    found = resolve(made, SOON)
    assert found.disturbance.sentence == "This change touches no calendars."
    assert found.solution.totals.moves == 0
