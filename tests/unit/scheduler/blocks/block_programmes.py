"""Small random programmes in blocks, with every rule of such programmes in force."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.scheduler.problem import Problem

TRACKS = ("arts", "maths", "music")
START = datetime(2027, 1, 5, 9, tzinfo=UTC)
RULES: tuple[dict[str, Any], ...] = (
    {"kind": "track-cell"},
    {"kind": "session-timeslot-costs", "per": "step"},
    {"kind": "session-room-costs", "weight": 3},
    {"kind": "track-timeslot-costs", "weight": 2},
    {"kind": "track-room-costs"},
    {"kind": "timeslot-room-costs"},
    {"kind": "similar-tracks", "weight": 7},
    {"kind": "chair-conflict", "weight": 11},
    {"kind": "track-room-stability", "weight": 5},
    {"kind": "parallel-tracks", "weight": 6},
    {"kind": "consecutive-tracks", "weight": 4},
    {"kind": "track-order", "weight": 9},
    {"kind": "presenters-in-one-timeslot", "weight": 13},
    {"kind": "attendees-in-one-timeslot", "weight": 2},
    {"kind": "attendees-at-one-time", "weight": 1},
)


def block_programme(
    seed: int, *, sessions: int = 7, timeslots: int = 3, rooms: int = 2, rules: tuple[dict[str, Any], ...] = RULES
) -> Problem:
    """Timeslots of an hour, one every two hours, with steps of 20 minutes; sessions of one or two steps."""
    dice = random.Random(seed)
    slots, halls = [f"t-{number}" for number in range(timeslots)], [f"r-{number}" for number in range(rooms)]
    people = [f"p-{number}" for number in range(5)]

    def costs(names: list[str]) -> dict[str, int]:
        return {name: dice.choice((1, 4, 20)) for name in names if dice.random() < 0.4}

    def session(number: int) -> dict[str, Any]:
        return {
            "id": f"s-{number}",
            "proposal": f"s-{number}",
            "format": "talk",
            "minutes": dice.choice((20, 20, 40)),
            "track": dice.choice(TRACKS),
            "presenters": [dice.choice(people)],
            "position": dice.choice((None, None, 1, 2)),
            "timeslot_costs": costs(slots),
            "room_costs": costs(halls),
        }

    def track(name: str) -> dict[str, Any]:
        similarity = {other: dice.randint(1, 5) for other in TRACKS if other != name and dice.random() < 0.3}
        chairs = [dice.choice(people)] if dice.random() < 0.5 else []
        return {
            "id": name,
            "chairs": chairs,
            "similarity": similarity,
            "timeslot_costs": costs(slots),
            "room_costs": costs(halls),
        }

    def timeslot(number: int) -> dict[str, Any]:
        start = START + timedelta(hours=2 * number)
        end = start + timedelta(hours=1)
        return {"id": slots[number], "start": start, "end": end, "step_minutes": 20, "room_costs": costs(halls)}

    names = [f"s-{number}" for number in range(sessions)]
    wishes = {(dice.choice(people), dice.choice(names)) for _ in range(sessions)}
    return Problem.model_validate(
        {
            "programme": "blocks",
            "zone": "UTC",
            "first_day": date(2027, 1, 5),
            "last_day": date(2027, 1, 6),
            "policy": {"pack": "blocks", "version": 1, "rules": rules},
            "rooms": [{"id": hall, "capacity": 10} for hall in halls],
            "timeslots": [timeslot(number) for number in range(timeslots)],
            "tracks": [track(name) for name in TRACKS],
            "sessions": [session(number) for number in range(sessions)],
            "people": [{"id": person} for person in people],
            "wishes": [{"person": who, "proposal": what, "level": "coming"} for who, what in wishes],
        }
    )
