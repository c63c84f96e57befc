"""Seeded random planning problems, from a handful of sessions to a whole term."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from typing import Any

from services.scheduler.entities import After, Person, Published, Room, Session, Span, Wish
from services.scheduler.problem import Problem
from services.scheduler.rules.policy import Policy
from services.scheduler.rules.windows import Exemption, ProhibitedTimes, RequiredTimes
from shared.contract.values import Weekday
from shared.time.intervals import days, local_instant
from shared.time.zones import zone

LONDON = zone("Europe/London")


def policy() -> Policy:
    common: dict[str, Any] = {"source": "test"}
    return Policy(
        pack="test",
        version=1,
        rules=(
            ProhibitedTimes(
                id="no-lunch",
                sentence="Nothing over lunch",
                where="in the lunch window",
                start=time(12),
                end=time(14),
                exemptions=(Exemption(id="light", formats=("light-lunch",), sentence="It is a lunch"),),
                **common,
            ),
            ProhibitedTimes(
                id="no-friday",
                sentence="Nothing is placed on a Friday",
                where="on a Friday",
                weekdays=(Weekday.FRI,),
                **common,
            ),
            ProhibitedTimes(
                id="no-weekend",
                sentence="Nothing is placed at a weekend",
                where="at a weekend",
                weekdays=(Weekday.SAT, Weekday.SUN),
                **common,
            ),
            RequiredTimes(
                id="hours", sentence="All lies between 09:00 and 17:00", start=time(9), end=time(17), **common
            ),
        ),
    )


def random_problem(
    seed: int,
    *,
    sessions: int,
    people: int,
    rooms: int = 4,
    weeks: int = 16,
    grid: int = 15,
    wishes: int = 6,
    first: date = date(2027, 1, 5),
    published: float = 0.0,
    lengths: tuple[int, ...] = (30, 45, 60, 90),
) -> Problem:
    """A problem whose people teach about half of their week and say little about the rest."""
    dice = random.Random(seed)
    last = first + timedelta(days=7 * weeks - 1)
    crowd = [_person(dice, f"p-{number:03}", first, last) for number in range(people)]
    names = [f"s-{number:02}" for number in range(sessions)]
    return Problem(
        programme="term",
        zone="Europe/London",
        first_day=first,
        last_day=last,
        grid_minutes=grid,
        policy=policy(),
        rooms=tuple(Room(id=f"r-{number}", capacity=dice.choice([6, 12, 24, 40])) for number in range(rooms)),
        sessions=tuple(_session(dice, name, names, crowd, first, rooms, published, lengths) for name in names),
        people=tuple(crowd),
        wishes=tuple(
            Wish(person=person.id, proposal=proposal, level=dice.choice(["coming", "interested"]))
            for person in crowd
            for proposal in dice.sample(names, min(dice.randint(0, wishes), len(names)))
        ),
    )


def _person(dice: random.Random, name: str, first: date, last: date) -> Person:
    spans: dict[str, set[tuple[datetime, datetime]]] = {"no": set(), "if_need_be": set(), "yes": set()}
    pattern = [(dice.randrange(5), dice.randrange(9, 17), dice.choice(("no", "no", "no", "if_need_be", "yes")))
               for _ in range(dice.randint(5, 20))]  # fmt: skip
    for day in days(first, last):
        for weekday, hour, answer in pattern:
            if day.weekday() == weekday:
                start = local_instant(day, time(hour), LONDON)
                spans[answer].add((start, start + timedelta(hours=1)))
    return Person(id=name, **{key: tuple(Span(start=a, end=b) for a, b in found) for key, found in spans.items()})


def _session(
    dice: random.Random,
    name: str,
    names: list[str],
    crowd: list[Person],
    first: date,
    rooms: int,
    published: float,
    lengths: tuple[int, ...],
) -> Session:
    number = names.index(name)
    follows = number and dice.random() < 0.1
    start = local_instant(first + timedelta(days=dice.randrange(5)), time(dice.randrange(9, 17)), LONDON)
    return Session(
        id=name,
        proposal=name,
        format=dice.choice(["workshop", "workshop", "light-lunch"]),
        minutes=dice.choice(lengths),
        presenters=tuple(person.id for person in dice.sample(crowd, dice.choice([1, 1, 2]))),
        seats=dice.choice([1, 5, 10]),
        after=After(session=names[number - 1], fewest_days=1, most_days=14) if follows else None,
        published=Published(room=f"r-{dice.randrange(rooms)}", start=start) if dice.random() < published else None,
    )
