"""Runs inside the virtual environment of conference-scheduler, where nothing of ours is installed.

Reads a random conference as JSON from standard input, or one and a finished assignment to check. Prints one line of
JSON: seconds, the assignment, its largest overflow, and whether the library's own validator passes it.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import datetime, timedelta
from typing import Any

# Only the peer's own environment has these.
import pulp  # type: ignore[import-not-found]
from conference_scheduler import scheduler, validator  # type: ignore[import-not-found]
from conference_scheduler.lp_problem import objective_functions  # type: ignore[import-not-found]
from conference_scheduler.resources import Event, Slot  # type: ignore[import-not-found]

_MINUTES = 30
_START = datetime(2027, 1, 4, 9)  # noqa: DTZ001 - the library compares local times


def main() -> None:
    task = json.load(sys.stdin)
    conference, assignment = task["conference"], task["assignment"]
    slots = _slots(conference)
    events = _events(conference, slots)
    started = time.perf_counter()
    solution = _solve(events, slots, task["threads"]) if assignment is None else _indices(conference, assignment)
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, **_judged(conference, solution, events, slots)}))


def _slots(conference: dict[str, Any]) -> list[Slot]:
    return [
        Slot(
            room["name"], _START + period * timedelta(minutes=_MINUTES), _MINUTES, room["capacity"], f"session {period}"
        )
        for period in range(conference["periods"])
        for room in conference["rooms"]
    ]


def _events(conference: dict[str, Any], slots: list[Slot]) -> list[Event]:
    rooms = len(conference["rooms"])
    events: list[Event] = []
    for given in conference["events"]:
        unavailable = [slots[period * rooms + room] for period in given["unavailable"] for room in range(rooms)]
        events.append(
            Event(
                name=given["name"],
                duration=_MINUTES,
                demand=given["demand"],
                tags=list(given["tags"]),
                unavailability=[*unavailable, *(events[other] for other in given["clashes"])],
            )
        )
    return events


def _solve(events: list[Event], slots: list[Slot], threads: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = scheduler.solution(
        events=events,
        slots=slots,
        objective_function=objective_functions.equity_capacity_demand_difference,
        solver=pulp.PULP_CBC_CMD(msg=False, threads=threads),
    )
    return found


def _indices(conference: dict[str, Any], assignment: list[list[int]]) -> list[tuple[int, int]]:
    rooms = len(conference["rooms"])
    return [(event, period * rooms + room) for event, (period, room) in enumerate(assignment)]


def _judged(
    conference: dict[str, Any], solution: list[tuple[int, int]], events: list[Event], slots: list[Slot]
) -> dict[str, Any]:
    rooms = len(conference["rooms"])
    return {
        "assignment": [divmod(slot, rooms) for _, slot in sorted(solution)],
        "overflow": max(events[event].demand - slots[slot].capacity for event, slot in solution),
        "valid": bool(validator.is_valid_solution(solution, events, slots)),
    }


if __name__ == "__main__":
    main()
