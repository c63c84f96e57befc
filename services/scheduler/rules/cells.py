"""Which tracks use which cells of a finished plan. A cell is a timeslot in a room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from services.scheduler.finished import FinishedPlan, Placed
    from services.scheduler.problem import Problem
    from services.scheduler.rules.base import Scope


class Moment(NamedTuple):
    """Orders timeslots by time. Without timeslots every start is one."""

    start: datetime
    end: datetime
    timeslot: str


class Cell(NamedTuple):
    moment: Moment
    room: str


Cells = Mapping[Cell, list[str]]
"""By cell, the sessions in it, in order of id."""


def moment(placed: Placed) -> Moment:
    timeslot = placed.timeslot
    if timeslot is None:
        return Moment(placed.when.start, placed.when.start, "")
    return Moment(timeslot.start, timeslot.end, timeslot.id)


def cells_by_track(plan: FinishedPlan, scope: Scope) -> dict[str, Cells]:
    """By track, the cells that it uses. Sessions without a track are left aside."""
    found: dict[str, dict[Cell, list[str]]] = {}
    for placed in plan.within(scope):
        if placed.session.track:
            cells = found.setdefault(placed.session.track, {})
            cells.setdefault(Cell(moment(placed), placed.room.id), []).append(placed.session.id)
    return dict(found)


def sessions_by_track(problem: Problem, scope: Scope) -> dict[str, tuple[str, ...]]:
    """By track, its sessions, in order of id. Sessions without a track are left aside."""
    found: dict[str, list[str]] = {}
    for session in problem.sessions:
        if session.track and scope.covers(session):
            found.setdefault(session.track, []).append(session.id)
    return {track: tuple(found[track]) for track in sorted(found)}
