"""A first plan with given blocks: every session in a cell of its track, one after another, long ones first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from services.scheduler.blocks.model import Blocks
from services.scheduler.blocks.programme import Programme
from services.scheduler.choices import Choices

Numbers = NDArray[np.intp]
Plan = dict[str, int]
"""By session that has a place, the number of its choice among all of the compiled problem's."""


def packed(programme: Programme, blocks: Blocks) -> Plan:
    """Each session at the cheapest, then earliest place that those before it leave in its track's cells.

    What finds none stays out. Relations of sessions are not looked at.
    """
    plan: Plan = {}
    taken: dict[int, list[tuple[int, int]]] = {room: [] for room in range(programme.rooms)}
    sessions = programme.compiled.problem.sessions
    for row in sorted(blocks.timeslot, key=lambda one: -sessions[one].minutes):
        name, choices = sessions[row].id, programme.compiled.choices[sessions[row].id]
        numbers = numbers_left(programme, blocks, row, choices)
        seconds = 60 * sessions[row].minutes
        for number in numbers[np.lexsort((choices.start[numbers], choices.cost[numbers]))].tolist():
            begin, others = int(choices.start[number]), taken[int(choices.room[number])]
            if all(end <= begin or begin + seconds <= start for start, end in others):
                others.append((begin, begin + seconds))
                plan[name] = number
                break
    return plan


def numbers_left(programme: Programme, blocks: Blocks, row: int, choices: Choices) -> Numbers:
    """The choices that the blocks leave a session: in its timeslot, in the cells of its track."""
    if row not in blocks.timeslot:
        return np.zeros(0, dtype=np.intp)
    timeslot = blocks.timeslot[row]
    rooms = [room for when, room in blocks.cells[programme.track_of[row]] if when == timeslot]
    return np.flatnonzero((choices.timeslot == timeslot) & np.isin(choices.room, rooms))
