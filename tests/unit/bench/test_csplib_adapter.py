"""Conferences of CSPLib as problems of ours, and back: both objectives say the same of every schedule."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from csplib_samples import instance, submission

from bench.csplib.adapter import problem, schedule
from bench.csplib.instance import Instance, Term, Track
from bench.csplib.names import position
from bench.csplib.objective import score
from bench.csplib.reading import read
from bench.csplib.solving import solved
from services.scheduler.problem import Problem
from services.scheduler.scoring import score as own_score
from shared.contract.facts.scheduler import Limits, Placement

DATA = Path(__file__).parents[3] / "bench" / "data" / "csplib"
PEOPLE = ("ann", "ben", "cat", "dan")
STEADY = Limits(seconds=None, deterministic=1.0)


def _random_instance(dice: random.Random, submissions: int = 7) -> Instance:
    def some() -> tuple[str, ...]:
        return tuple(dice.sample(PEOPLE, dice.randint(0, 2)))

    def matrix() -> tuple[tuple[int, ...], ...]:
        return tuple(tuple(dice.choice((0, 0, 1, 10)) for _ in range(3)) for _ in range(3))

    offered = tuple(
        submission(
            f"s{number}",
            dice.randrange(2),
            slots=dice.choice((1, 1, 2)),
            order=dice.choice((0, 0, 1, 2)),
            zone=dice.choice((0, 60, -480)),
            presenters=some(),
            attendees=some(),
            session_penalties=matrix()[0],
            room_penalties=matrix()[0],
        )
        for number in range(submissions)
    )
    similar = dice.choice((0, 5))
    return instance(
        *offered,
        tracks=(Track("maths", some()), Track("arts", some())),
        track_session=matrix(),
        track_room=matrix(),
        session_room=matrix(),
        similar_tracks=((0, similar), (similar, 0)),
        weights={term: dice.choice((-1, 0, 1, 3, 100)) for term in Term},
    )


def _random_plan(dice: random.Random, made: Problem) -> list[Placement]:
    """Sessions one after the other in cells of their track, all of them placed."""
    used: dict[tuple[str, str], tuple[str | None, datetime]] = {}
    placements = []
    for session in dice.sample(made.sessions, len(made.sessions)):
        cells = [(slot, room) for slot in made.timeslots for room in made.rooms]
        for slot, room in dice.sample(cells, len(cells)):
            track, begin = used.get((slot.id, room.id), (session.track, slot.start))
            end = begin + timedelta(minutes=session.minutes)
            if track == session.track and end <= slot.end:
                used[slot.id, room.id] = track, end
                placements.append(
                    Placement(
                        session=session.id,
                        proposal=session.proposal,
                        room=room.id,
                        start=begin,
                        minutes=session.minutes,
                    )
                )
                break
    return placements


@pytest.mark.parametrize("seed", range(60))
def test_our_objective_is_the_published_one(seed: int) -> None:
    dice = random.Random(seed)
    conference = _random_instance(dice)
    made = problem(conference)
    plan = _random_plan(dice, made)
    published = score(conference, schedule(conference, plan))
    ours = own_score(made, plan, keep_published=False)
    assert ours.violations == {}
    assert len(plan) < len(made.sessions) or published.violations == ()
    assert -ours.objective(0) == published.weighted


@pytest.mark.parametrize("seed", range(3))
def test_a_solve_agrees_with_the_independent_score(seed: int) -> None:
    answer = solved(_random_instance(random.Random(seed)), STEADY)
    assert answer.score.violations == ()
    assert answer.value == answer.score.weighted
    assert answer.bound <= answer.value


def test_timeslots_and_rooms_keep_the_order_of_the_sheets() -> None:
    made = problem(instance(submission("a", 0)))
    assert [position(slot.id) for slot in sorted(made.timeslots, key=lambda slot: slot.start)] == [0, 1, 2]
    assert [position(room.id) for room in made.rooms] == [0, 1, 2]


def test_a_placement_becomes_the_slots_that_it_occupies() -> None:
    conference = instance(submission("long", 0, slots=2))
    made = problem(conference)
    start = made.timeslots[1].start + timedelta(minutes=1)
    placed = Placement(session=made.sessions[0].id, proposal="x", room=made.rooms[2].id, start=start, minutes=2)
    found = schedule(conference, [placed])
    assert [(one.session, one.room, one.slot) for one in found] == [("Mon2", "Attic", 2), ("Mon2", "Attic", 3)]


def test_a_term_without_weight_is_no_rule() -> None:
    conference = instance(submission("a", 0), submission("b", 1))
    weights = {**conference.weights, Term.SIMILAR_TRACKS: 0, Term.ORDER: -1}
    kinds = {getattr(rule, "kind", "") for rule in problem(replace(conference, weights=weights)).policy.in_force()}
    assert "similar-tracks" not in kinds
    assert "track-order" not in kinds
    assert "track-cell" in kinds


def test_the_smallest_conference_of_the_library_is_solved_and_proven() -> None:
    answer = solved(read(DATA / "N2OR.xlsx"), Limits(seconds=20))
    assert answer.score.violations == ()
    assert (answer.value, answer.bound, answer.score.weighted) == (1, 1, 1)
