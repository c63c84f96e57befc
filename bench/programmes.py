"""Seeded programmes of our own: a term, a TeachMeet evening, an unconference. The same for the same arguments.

*Term*: sessions of 30 to 90 minutes in ten weeks on a 15-minute grid under the default policy pack; people teach five
to twenty hours of their week and want up to six sessions. *Evening*: talks of 2, 7 and 15 minutes in two rooms within
two and a half hours, with a break. *Unconference*: three days of hourly sessions, where each person wants eight, more
often the popular ones; presenters are away for a fifth of the hours.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from services.scheduler.entities import Person, Room, Session, Span, Timeslot, Wish
from services.scheduler.packs_reading.library import shipped_packs
from services.scheduler.policy import laid_over
from services.scheduler.problem import Problem
from services.scheduler.rules.policy import Policy
from shared.contract.facts.registrations import Programme
from shared.time.intervals import days, local_instant
from shared.time.zones import zone

ZONE = "Europe/London"
LOCAL = zone(ZONE)
MONDAY = date(2027, 1, 11)


def term(
    *, sessions: int = 40, weeks: int = 10, rooms: int = 4, people: int = 500, grid_minutes: int = 15, seed: int = 1
) -> Problem:
    """A term of staff development."""
    dice = random.Random(seed)
    last = MONDAY + timedelta(days=7 * weeks - 1)
    crowd = [_teacher(dice, f"p-{number:05}", MONDAY, last) for number in range(people)]
    names = [f"s-{number:04}" for number in range(sessions)]
    return Problem(
        programme="term",
        zone=ZONE,
        first_day=MONDAY,
        last_day=last,
        grid_minutes=grid_minutes,
        policy=_default_policy(MONDAY, last),
        rooms=tuple(Room(id=f"r-{number}", capacity=dice.choice((12, 20, 30, 60))) for number in range(rooms)),
        sessions=tuple(
            Session(
                id=name,
                proposal=name,
                format=dice.choice(("workshop", "workshop", "light-lunch")),
                minutes=dice.choice((30, 45, 60, 90)),
                presenters=tuple(one.id for one in dice.sample(crowd, dice.choice((1, 1, 2)))),
                seats=dice.choice((1, 8, 12)),
            )
            for name in names
        ),
        people=tuple(crowd),
        wishes=tuple(_wishes(dice, crowd, names, most=6)),
    )


def evening(*, talks: int = 30, seed: int = 1) -> Problem:
    """A TeachMeet from 17:00 to 19:30 in two rooms, with a break from 18:10 to 18:20. Presenters stay to listen."""
    dice = random.Random(seed)
    crowd = [Person(id=f"p-{number:03}") for number in range(3 * talks)]
    names = [f"t-{number:03}" for number in range(talks)]
    lengths = {"nano": 2, "micro": 7, "soapbox": 15}
    formats = [dice.choice(("nano", "micro", "micro", "soapbox")) for _ in names]
    parts = [(time(17, 0), time(18, 10)), (time(18, 20), time(19, 30))]
    return Problem(
        programme="evening",
        zone=ZONE,
        first_day=MONDAY,
        last_day=MONDAY,
        policy=Policy(pack="teachmeet", version=1),
        rooms=(Room(id="hall", capacity=120), Room(id="library", capacity=40)),
        timeslots=tuple(
            Timeslot(
                id=f"part-{number}",
                start=local_instant(MONDAY, start, LOCAL),
                end=local_instant(MONDAY, end, LOCAL),
                step_minutes=1,
            )
            for number, (start, end) in enumerate(parts, 1)
        ),
        sessions=tuple(
            Session(id=name, proposal=name, format=kind, minutes=lengths[kind], presenters=(crowd[number].id,))
            for number, (name, kind) in enumerate(zip(names, formats, strict=True))
        ),
        people=tuple(crowd),
        wishes=tuple(_wishes(dice, crowd, names, most=4)),
    )


def unconference(
    *, sessions: int = 400, rooms: int = 20, days_long: int = 3, people: int = 5000, seed: int = 1
) -> Problem:
    """Hourly sessions from 9 to 18; a handful of sessions is wanted by many."""
    dice = random.Random(seed)
    last = MONDAY + timedelta(days=days_long - 1)
    names = [f"s-{number:04}" for number in range(sessions)]
    popular = [1.0 / (1 + rank) ** 0.5 for rank in range(sessions)]
    presenters = [f"p-{number:05}" for number in range(sessions)]
    crowd = [_visitor(dice, f"p-{number:05}", last, busy=number < sessions) for number in range(people)]
    slots = [(day, hour) for day in days(MONDAY, last) for hour in range(9, 18)]
    spare = max(1, -(-sessions // len(slots)))
    return Problem(
        programme="unconference",
        zone=ZONE,
        first_day=MONDAY,
        last_day=last,
        policy=Policy(pack="unconference", version=1),
        rooms=tuple(
            Room(id=f"r-{number:02}", capacity=dice.choice((20, 30, 50, 80, 200)))
            for number in range(max(rooms, spare))
        ),
        timeslots=tuple(
            Timeslot(
                id=f"{day:%a}-{hour:02}".lower(),
                start=local_instant(day, time(hour), LOCAL),
                end=local_instant(day, time(hour), LOCAL) + timedelta(minutes=50),
            )
            for day, hour in slots
        ),
        sessions=tuple(
            Session(id=name, proposal=name, format="talk", minutes=50, presenters=(presenters[number],))
            for number, name in enumerate(names)
        ),
        people=tuple(crowd),
        wishes=tuple(
            Wish(person=person.id, proposal=name, level=dice.choice(("coming", "interested")))
            for person in crowd
            for name in sorted(set(dice.choices(names, popular, k=8)))
        ),
    )


def _default_policy(first: date, last: date) -> Policy:
    programme = Programme(programme="term", title="A term", zone=ZONE, first_day=first, last_day=last, nation="GB-ENG")
    return laid_over(shipped_packs()["no-lunch-no-friday"], (), programme)


def _teacher(dice: random.Random, name: str, first: date, last: date) -> Person:
    pattern = {(dice.randrange(5), dice.randrange(9, 17)): dice.choice(("no", "no", "no", "if_need_be", "yes"))
               for _ in range(dice.randint(5, 20))}  # fmt: skip
    spans: dict[str, list[Span]] = {"no": [], "if_need_be": [], "yes": []}
    for day in days(first, last):
        for (weekday, hour), answer in pattern.items():
            if day.weekday() == weekday:
                start = local_instant(day, time(hour), LOCAL)
                spans[answer].append(Span(start=start, end=start + timedelta(hours=1)))
    return Person(id=name, no=tuple(spans["no"]), if_need_be=tuple(spans["if_need_be"]), yes=tuple(spans["yes"]))


def _visitor(dice: random.Random, name: str, last: date, *, busy: bool) -> Person:
    """Presenters are away for a fifth of the hours; others come to all three days, or leave one out."""
    if busy:
        away = [(day, hour) for day in days(MONDAY, last) for hour in range(9, 18) if dice.random() < 0.2]
        return Person(id=name, no=tuple(_hour(day, hour, 1) for day, hour in away))
    absent = [day for day in days(MONDAY, last) if dice.random() < 0.15]
    return Person(id=name, no=tuple(_hour(day, 9, 9) for day in absent))


def _hour(day: date, hour: int, hours: int) -> Span:
    start: datetime = local_instant(day, time(hour), LOCAL)
    return Span(start=start, end=start + timedelta(hours=hours))


def _wishes(dice: random.Random, crowd: Iterable[Person], names: list[str], most: int) -> Iterable[Wish]:
    for person in crowd:
        for name in dice.sample(names, min(dice.randint(0, most), len(names))):
            yield Wish(person=person.id, proposal=name, level=dice.choice(("coming", "interested")))
