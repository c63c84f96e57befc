"""Small random problems for the samples of rules."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from services.scheduler.entities import Person, Room, Span, Timeslot, Wish
from services.scheduler.problem import Problem
from shared.time.intervals import local_instant
from shared.time.zones import zone

FIRST_DAY = date(2027, 1, 8)
"""A Friday, so that a few days on there is a weekend and another week."""

Dice = random.Random


def small_problem(
    dice: Dice,
    *,
    sessions: int = 5,
    rooms: int = 3,
    days: int = 4,
    people: int = 5,
    wishes: int = 3,
    timeslots: bool = False,
    session: Callable[[int], dict[str, Any]] | None = None,
    room: Callable[[int], dict[str, Any]] | None = None,
    person: Callable[[int], dict[str, Any]] | None = None,
    **more: Any,
) -> Problem:
    """A few sessions by a few presenters over a few days, on a grid of an hour or in timeslots.

    ``session``, ``room`` and ``person`` give fields beside the usual ones, by number: ``lambda n: {"themes": (...)}``.
    Sessions are ``s-0``, ``s-1``, ..., rooms ``r-0``, ..., people ``p-0``, ...
    """
    crowd = tuple(_person(dice, number, days) | (person(number) if person else {}) for number in range(people))
    offered = tuple(
        _session(dice, number, people, timeslots=timeslots) | (session(number) if session else {})
        for number in range(sessions)
    )
    proposals = sorted({one["proposal"] for one in offered})
    wanted = [
        Wish(person=one["id"], proposal=proposal, level=dice.choice(("coming", "interested")))
        for one in crowd
        for proposal in dice.sample(proposals, min(dice.randint(0, wishes), len(proposals)))
    ]
    return Problem.model_validate(
        {
            "programme": "small",
            "zone": "Europe/London",
            "first_day": FIRST_DAY,
            "last_day": FIRST_DAY + timedelta(days=days - 1),
            "grid_minutes": 60,
            "policy": {"pack": "none", "version": 1},
            "rooms": [_room(dice, number) | (room(number) if room else {}) for number in range(rooms)],
            "timeslots": list(_timeslots(dice, days)) if timeslots else [],
            "sessions": offered,
            "people": crowd,
            "wishes": [one.model_dump() for one in wanted],
        }
        | more
    )


def some(dice: Dice, names: tuple[str, ...], most: int = 2) -> tuple[str, ...]:
    """None to ``most`` of these."""
    return tuple(dice.sample(names, dice.randint(0, min(most, len(names)))))


def instant(day: int, hour: int, minute: int = 0) -> datetime:
    """A local time on the day with that number of the horizon of small problems."""
    return local_instant(FIRST_DAY + timedelta(days=day), time(hour, minute), zone("Europe/London"))


def stretch(day: int, first: int, last: int) -> dict[str, Any]:
    """A span from hour to hour of that day of the horizon."""
    return Span(start=instant(day, first), end=instant(day, last)).model_dump()


def _session(dice: Dice, number: int, people: int, *, timeslots: bool) -> dict[str, Any]:
    return {
        "id": f"s-{number}",
        "proposal": f"s-{number}",
        "format": dice.choice(("workshop", "light-lunch")),
        "minutes": 60 if timeslots else dice.choice((30, 60, 60, 90, 120)),
        "presenters": tuple(f"p-{one}" for one in dice.sample(range(people), min(people, dice.choice((1, 1, 2))))),
    }


def _room(dice: Dice, number: int) -> dict[str, Any]:
    return Room(id=f"r-{number}", capacity=dice.choice((2, 4, 12)), site=dice.choice(("east", "west"))).model_dump()


def _person(dice: Dice, number: int, days: int) -> dict[str, Any]:
    said: dict[str, list[Span]] = {"no": [], "if_need_be": [], "yes": []}
    for day in range(days):
        hour = dice.randrange(8, 16)
        answer = dice.choice(("no", "if_need_be", "yes", "yes"))
        said[answer].append(Span(start=instant(day, hour), end=instant(day, hour + dice.choice((1, 2, 5)))))
    return Person(id=f"p-{number}", **{answer: tuple(spans) for answer, spans in said.items()}).model_dump()


def _timeslots(dice: Dice, days: int) -> Iterator[dict[str, Any]]:
    for day in range(days):
        for hour in sorted(dice.sample(range(9, 16), 3)):
            yield Timeslot(id=f"t-{day}-{hour}", start=instant(day, hour), end=instant(day, hour + 1)).model_dump()
