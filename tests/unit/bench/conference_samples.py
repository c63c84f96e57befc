"""A conference of two days small enough to score in one's head; what matters to a test, it says itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from bench.conference_scheduling.instance import (
    Conference,
    Place,
    Room,
    Speaker,
    TagWishes,
    Talk,
    TalkType,
    Timeslot,
    Weight,
)

NONE: frozenset[str] = frozenset()
NO_WISHES = TagWishes()


def tags(*names: str) -> frozenset[str]:
    return frozenset(names)


def timeslot(name: str, day: int, start: str, end: str, **given: Any) -> Timeslot:
    begin, finish = (datetime.fromisoformat(f"2027-01-{day:02}T{clock}:00") for clock in (start, end))
    return replace(Timeslot(name, begin, finish, NONE), **given)


def room(name: str, capacity: int, **given: Any) -> Room:
    return replace(Room(name, name, capacity, NONE, NONE), **given)


def speaker(name: str, **given: Any) -> Speaker:
    return replace(Speaker(name, name, NONE, NO_WISHES, NO_WISHES), **given)


def talk(name: str, *speakers: str, **given: Any) -> Talk:
    plain = Talk(
        id=name,
        code=name.upper(),
        title=name,
        type="any",
        speakers=speakers,
        themes=NONE,
        sectors=NONE,
        audience_types=NONE,
        audience_level=1,
        content=NONE,
        language="en",
        timeslot=NO_WISHES,
        room=NO_WISHES,
        mutually_exclusive=NONE,
        prerequisites=NONE,
        favorites=0,
        crowd_risk=0,
        pinned=False,
        place=None,
    )
    return replace(plain, **given)


TIMESLOTS = (
    timeslot("mon9", 4, "09:00", "10:00"),
    timeslot("mon930", 4, "09:30", "11:30"),
    timeslot("mon10", 4, "10:10", "11:10"),
    timeslot("mon14", 4, "14:00", "15:00"),
    timeslot("tue9", 5, "09:00", "10:00"),
    timeslot("fri9", 8, "09:00", "09:30"),
)


def conference(
    *talks: Talk,
    speakers: tuple[Speaker, ...] = (),
    timeslots: tuple[Timeslot, ...] = TIMESLOTS,
    rooms: tuple[Room, ...] = (room("small", 30), room("large", 90), room("third", 30)),
    weights: dict[str, Weight] | None = None,
) -> Conference:
    """Speakers that are not given have no wishes. Between two talks of a speaker there have to be 15 minutes."""
    named = {name: speaker(name) for each in talks for name in each.speakers} | {each.id: each for each in speakers}
    slots = {each.id: each for each in timeslots}
    places = {each.id: each for each in rooms}
    kind = TalkType("any", "any", frozenset(slots), frozenset(places))
    return Conference(
        name="tiny",
        pause=15,
        weights=weights or {},
        talk_types={"any": kind, "lab": TalkType("lab", "lab", tags("mon930"), tags("third"))},
        timeslots=slots,
        rooms=places,
        speakers=named,
        talks={each.id: each for each in talks},
    )


def at(*places: str) -> dict[str, Place]:
    """`a mon9 small` puts talk a there."""
    split = (place.split() for place in places)
    return {name: Place(slot, where) for name, slot, where in split}
