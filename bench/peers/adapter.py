"""conference-scheduler's terms in ours and back: events are sessions, a period is a timeslot, equity is one rule."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from bench.peers.random_instances import Assignment, RandomConference
from services.scheduler.entities import Person, Room, Session, Span, Timeslot
from services.scheduler.problem import Problem
from services.scheduler.rules.base import Level
from services.scheduler.rules.largest_overflow import LargestOverflow
from services.scheduler.rules.policy import Policy
from shared.contract.facts.scheduler import Placement

FIRST = date(2027, 1, 11)
PERIOD = timedelta(minutes=60)


def problem_of(conference: RandomConference) -> Problem:
    """The same events, slots and clashes. An event's unavailable periods are those of a presenter of its own."""
    begin = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC)
    starts = [begin + number * PERIOD for number in range(conference.periods)]
    tags = _clash_tags(conference)
    return Problem(
        programme="random-conference",
        zone="UTC",
        first_day=FIRST,
        last_day=FIRST + timedelta(days=conference.periods // 24),
        policy=Policy(
            pack="equity",
            version=1,
            rules=(LargestOverflow(level=Level.WARN, weight=1, source="conference-scheduler"),),
        ),
        rooms=tuple(Room(id=room.name, capacity=room.capacity) for room in conference.rooms),
        timeslots=tuple(
            Timeslot(id=f"period-{number:03}", start=start, end=start + PERIOD) for number, start in enumerate(starts)
        ),
        sessions=tuple(
            Session(
                id=event.name,
                proposal=event.name,
                format="talk",
                minutes=60,
                presenters=(f"{event.name}-presenter",),
                popularity=event.demand,
                exclusive=tags[number],
            )
            for number, event in enumerate(conference.events)
        ),
        people=tuple(
            Person(
                id=f"{event.name}-presenter",
                no=tuple(Span(start=starts[number], end=starts[number] + PERIOD) for number in event.unavailable),
            )
            for event in conference.events
        ),
    )


def _clash_tags(conference: RandomConference) -> list[tuple[str, ...]]:
    """A tag of its own for every two events that clash, beside the tags that they share."""
    tags = [list(event.tags) for event in conference.events]
    for number, event in enumerate(conference.events):
        for other in event.clashes:
            tag = f"clash-{min(number, other)}-{max(number, other)}"
            tags[number].append(tag)
            tags[other].append(tag)
    return [tuple(dict.fromkeys(mine)) for mine in tags]


def assignment_of(conference: RandomConference, placements: Iterable[Placement]) -> Assignment | None:
    """Period and room of each event; ``None`` when one has no place."""
    begin = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC)
    rooms = {room.name: number for number, room in enumerate(conference.rooms)}
    places = {one.session: (int((one.start - begin) / PERIOD), rooms[one.room]) for one in placements}
    names = [event.name for event in conference.events]
    return [places[name] for name in names] if places.keys() >= set(names) else None
