"""Of places that cost the same, the kinder one is taken."""

from __future__ import annotations

from collections import Counter

from scheduling_samples import problem, room, session

from services.scheduler.solving import solve
from shared.contract.facts.scheduler import Limits


def test_rooms_of_one_size_share_the_sessions() -> None:
    sessions = tuple(session(f"s-{number}") for number in range(6))
    rooms = tuple(room(name, capacity=20) for name in ("a", "b", "c"))
    found = solve(problem(sessions=sessions, rooms=rooms), Limits(deterministic=0.5, workers=1))
    assert Counter(one.room for one in found.placements) == {"a": 2, "b": 2, "c": 2}


def test_the_smallest_room_that_serves_is_taken_first() -> None:
    rooms = (room("hall", capacity=200), room("small", capacity=20))
    found = solve(problem(sessions=(session("s-1"), session("s-2")), rooms=rooms), Limits(deterministic=0.5, workers=1))
    assert {one.room for one in found.placements} == {"small"}
