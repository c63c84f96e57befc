"""Random conferences that conference-scheduler and our solver can both be given, and what an answer to one is worth.

Drawn from a seed as follows. Periods are as few as leave 15 % of the slots spare (a slot is a room in a period). Rooms
seat 20 to 400. Events are first dealt out to slots at random; that plan is then thrown away, but everything drawn
respects it, so that a valid answer always exists. Each event is unavailable in every other period with a chance of one
in five, and in at least one; `events` pairs of events clash; each of `events / 4` tags is on two or three events, and
events with a tag in common clash too. Demand is 5 to 300. The largest is at least what the largest room seats more than
the smallest: conference-scheduler counts an unused slot as an overflow of less its capacity, which must not decide.

The aim is equity: the largest overflow, demand less capacity over all events, is to be as small as can be. It is below
zero where everybody gets a seat.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations, product
from math import ceil

_SPARE = 1.15
_UNAVAILABLE = 0.2
_ROOMS = {20: 4, 50: 5, 100: 8, 200: 10, 400: 16}


@dataclass(frozen=True)
class Room:
    name: str
    capacity: int


@dataclass(frozen=True)
class Event:
    """`unavailable` are periods, `clashes` other events; both by position."""

    name: str
    demand: int
    unavailable: tuple[int, ...]
    clashes: tuple[int, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True)
class RandomConference:
    """Each clash is with only one of its two events, the later one."""

    seed: int
    periods: int
    rooms: tuple[Room, ...]
    events: tuple[Event, ...]

    @property
    def slots(self) -> list[tuple[int, int]]:
        """Every room in every period, as (period, room)."""
        return list(product(range(self.periods), range(len(self.rooms))))

    def clash(self, one: int, other: int) -> bool:
        first, second = self.events[one], self.events[other]
        return other in first.clashes or one in second.clashes or bool(set(first.tags) & set(second.tags))


Assignment = Sequence[tuple[int, int]]
"""The period and the room of each event, by position."""


def draw(events: int, seed: int, rooms: int | None = None) -> RandomConference:
    """The same conference for the same arguments. Rooms are as many as in the recorded runs where nothing is said."""
    dice = random.Random(seed)
    count = rooms or _ROOMS.get(events) or max(2, ceil(events / 15))
    periods = ceil(events * _SPARE / count)
    slots = list(product(range(periods), range(count)))
    hidden = [period for period, _ in dice.sample(slots, events)]
    capacities = [dice.randint(20, 400) for _ in range(count)]
    demands = [dice.randint(5, 300) for _ in range(events)]
    demands[0] = max(demands[0], max(capacities) - min(capacities))
    clashes = _clashes(hidden, dice)
    tags = _tags(hidden, dice)
    return RandomConference(
        seed,
        periods,
        tuple(Room(f"room-{number:02}", capacity) for number, capacity in enumerate(capacities)),
        tuple(
            Event(
                f"event-{number:03}",
                demands[number],
                _unavailable(hidden[number], periods, dice),
                clashes[number],
                tags[number],
            )
            for number in range(events)
        ),
    )


def _unavailable(hidden: int, periods: int, dice: random.Random) -> tuple[int, ...]:
    others = [period for period in range(periods) if period != hidden]
    drawn = [period for period in others if dice.random() < _UNAVAILABLE]
    return tuple(drawn or [dice.choice(others)])


def _clashes(hidden: list[int], dice: random.Random) -> list[tuple[int, ...]]:
    events = range(len(hidden))
    possible = [(one, other) for one, other in combinations(events, 2) if hidden[one] != hidden[other]]
    drawn = sorted(dice.sample(possible, min(len(events), len(possible))))
    return [tuple(one for one, other in drawn if other == event) for event in events]


def _tags(hidden: list[int], dice: random.Random) -> list[tuple[str, ...]]:
    tags: list[list[str]] = [[] for _ in hidden]
    for number in range(len(hidden) // 4):
        periods: set[int] = set()
        for event in dice.sample(range(len(hidden)), dice.choice((2, 3))):
            if hidden[event] not in periods:
                periods.add(hidden[event])
                tags[event].append(f"tag-{number:03}")
    return [tuple(mine) for mine in tags]


def overflow(conference: RandomConference, assignment: Assignment) -> int:
    """The largest demand less capacity."""
    placed = zip(conference.events, assignment, strict=True)
    return max(event.demand - conference.rooms[room].capacity for event, (_, room) in placed)


def violations(conference: RandomConference, assignment: Assignment) -> Iterator[str]:
    """A sentence for everything that must not be."""
    for event, place in zip(conference.events, assignment, strict=True):
        if place[0] in event.unavailable:
            yield f"{event.name} is unavailable in period {place[0]}"
        if place not in conference.slots:
            yield f"{event.name} is in {place}, which is no slot"
    for (one, here), (other, there) in combinations(enumerate(assignment), 2):
        if here == there:
            yield f"{conference.events[one].name} and {conference.events[other].name} share a slot"
        elif here[0] == there[0] and conference.clash(one, other):
            yield f"{conference.events[one].name} and {conference.events[other].name} clash"


def as_json(conference: RandomConference) -> str:
    return json.dumps(asdict(conference), indent=2) + "\n"
