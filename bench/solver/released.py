"""What comes after a release: questions about the plan, a room that is lost, a presenter who can no longer come."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from bench import programmes
from bench.solver.runs import alone
from bench.solver_report import Bar, Row, Sense
from services.scheduler.compiling import compile_problem
from services.scheduler.entities import Person, Published, Span
from services.scheduler.explaining.explain import explained
from services.scheduler.explaining.names import Names
from services.scheduler.explaining.situation import Situation
from services.scheduler.explaining.what_if import what_if
from services.scheduler.problem import Problem
from services.scheduler.resolving.resolve import published, resolve
from services.scheduler.solving import solve
from services.scheduler.warm_up import warm_up
from shared.contract.commands.explaining import MoveSession
from shared.contract.facts.scheduler import Limits

QUESTIONS = 12
NOTICE = timedelta(days=5)
"""How long before the programme begins the changes come."""


@dataclass(frozen=True)
class Kind:
    """A programme of our own, how long it is solved before its release, and what its answers are held to."""

    work: str
    instance: str
    made: Callable[[int], Problem]
    solved_for: float
    answers: tuple[Bar, Bar]
    """Floor and goal of *why not?*; seconds are those of the slowest answer."""
    changes: tuple[Bar, Bar]
    allowed: float
    """Seconds that a change may take."""


TERM = Kind(
    work="term",
    instance="40 sessions, 10 weeks",
    made=lambda seed: programmes.term(seed=seed),
    solved_for=10,
    answers=(Bar(value=QUESTIONS, seconds=2), Bar(value=QUESTIONS, seconds=0.5)),
    changes=(Bar(seconds=5.5), Bar(proven=True, seconds=3)),
    allowed=5,
)
UNCONFERENCE = Kind(
    work="unconference",
    instance="400 sessions",
    made=lambda seed: programmes.unconference(seed=seed),
    solved_for=20,
    answers=(Bar(value=QUESTIONS, seconds=10), Bar(value=QUESTIONS, seconds=10)),
    changes=(Bar(seconds=30.5), Bar(seconds=30.5)),
    allowed=30,
)


def after_release(kind: Kind, seed: int) -> Iterator[Row]:
    """*Why not?*, *what if?*, one room lost, one presenter changed."""
    yield from alone(_measured, kind.work, seed)


def _measured(work: str, seed: int) -> list[Row]:
    kind = TERM if work == TERM.work else UNCONFERENCE
    warm_up()
    problem = _released(kind.made(seed), kind.solved_for, seed)
    return [
        _answers(kind, problem, seed),
        *([_what_ifs(kind, problem, seed)] if kind is TERM else []),
        _changed(kind, problem, _without_a_room(problem), "room lost", seed),
        _changed(kind, problem, _without_a_presenter(problem), "presenter changed", seed),
    ]


def _released(problem: Problem, seconds: float, seed: int) -> Problem:
    solution = solve(problem, Limits(seconds=seconds, seed=seed))
    places = {one.session: Published(room=one.room, start=one.start) for one in solution.placements}
    sessions = tuple(one.model_copy(update={"published": places.get(one.id)}) for one in problem.sessions)
    first = min(place.start for place in places.values())
    return problem.model_copy(update={"sessions": sessions, "asked_at": first - NOTICE})


def _answers(kind: Kind, problem: Problem, seed: int) -> Row:
    """Why sessions, evenly chosen, are not where others are; and why one without a place has none."""
    situation = _situation(problem)
    names = Names(problem.zone)
    placed = sorted(situation.placed)
    step = max(1, len(placed) // QUESTIONS)
    slowest, verified = 0.0, 0
    for name, other in zip(placed[::step][: QUESTIONS - 1], placed[1::step], strict=False):
        there = situation.placed[other]
        begun = time.monotonic()
        verified += explained(situation, name, names, start=there.start, room=there.room).proven
        slowest = max(slowest, time.monotonic() - begun)
    crowded = _situation(_with_one_too_many(problem))
    begun = time.monotonic()
    verified += explained(crowded, "one-too-many", names).proven
    slowest = max(slowest, time.monotonic() - begun)
    floor, goal = kind.answers
    return _row(f"{kind.work}: why not? (slowest, verified)", kind, seed, slowest, verified, None, floor, goal)


def _what_ifs(kind: Kind, problem: Problem, seed: int) -> Row:
    """What each session would change where another is; the slowest answer."""
    situation, names = _situation(problem), Names(problem.zone)
    placed = sorted(situation.placed)
    slowest = 0.0
    for name, other in zip(placed, placed[1:] + placed[:1], strict=True):
        there = situation.placed[other]
        change = MoveSession(session=name, start=there.start, room=there.room)
        begun = time.monotonic()
        what_if(situation, change, names)
        slowest = max(slowest, time.monotonic() - begun)
    bar = Bar(value=len(placed), seconds=0.2)
    return _row(f"{kind.work}: what if? (slowest)", kind, seed, slowest, len(placed), None, bar, bar)


def _changed(kind: Kind, before: Problem, after: Problem, what: str, seed: int) -> Row:
    """The fewest people-moves; nobody may lose the place."""
    begun = time.monotonic()
    found = resolve(after, Limits(seconds=kind.allowed, seed=seed))
    seconds = time.monotonic() - begun
    moves = found.disturbance.people_moves
    lost = len([one for one in before.sessions if one.published]) - found.solution.totals.placed
    floor, goal = kind.changes
    work = f"{kind.work}: {what}, people-moves"
    row = _row(work, kind, seed, seconds, moves, moves if found.fewest else None, floor, goal)
    return row if not lost else Row(**{**row.__dict__, "violations": lost})


def _row(
    work: str, kind: Kind, seed: int, seconds: float, value: float, bound: float | None, floor: Bar, goal: Bar
) -> Row:
    sense = Sense.LEAST if "moves" in work else Sense.MOST
    return Row(work, kind.instance, seed, seconds, value, sense, bound=bound, floor=floor, goal=goal)


def _situation(problem: Problem) -> Situation:
    return Situation.of(compile_problem(problem, keep_published=True), published(problem))


def _without_a_room(problem: Problem) -> Problem:
    """The room that is used most is closed."""
    used = Counter(one.published.room for one in problem.sessions if one.published)
    lost = used.most_common(1)[0][0]
    return problem.model_copy(update={"rooms": tuple(room for room in problem.rooms if room.id != lost)})


def _without_a_presenter(problem: Problem) -> Problem:
    """The presenter of the first session cannot come on its day."""
    first = min(
        (one for one in problem.sessions if one.published and one.presenters),
        key=lambda one: (one.published.start if one.published else None, one.id),
    )
    assert first.published is not None
    start = first.published.start
    away = Span(start=start - timedelta(hours=4), end=start + timedelta(hours=8))
    return _with_person(problem, first.presenters[0], away)


def _with_person(problem: Problem, name: str, away: Span) -> Problem:
    people = tuple(_away(one, away) if one.id == name else one for one in problem.people)
    return problem.model_copy(update={"people": people})


def _away(person: Person, away: Span) -> Person:
    return person.model_copy(update={"no": tuple(sorted((*person.no, away), key=lambda span: span.start))})


def _with_one_too_many(problem: Problem) -> Problem:
    """One session more, by somebody who is free only while presenting another."""
    model = next(one for one in problem.sessions if one.published and one.presenters)
    assert model.published is not None
    start, end = model.published.start, model.published.start + timedelta(minutes=model.minutes)
    one_more = model.model_copy(update={"id": "one-too-many", "published": None, "presenters": model.presenters[:1]})
    before = Span(start=start - timedelta(days=400), end=start)
    after = Span(start=end, end=end + timedelta(days=400))
    problem = _with_person(_with_person(problem, model.presenters[0], before), model.presenters[0], after)
    sessions = tuple(sorted((*problem.sessions, one_more), key=lambda one: one.id))
    return problem.model_copy(update={"sessions": sessions})
