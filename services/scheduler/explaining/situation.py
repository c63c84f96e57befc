"""A plan as it stands on a compiled problem: what every explanation starts from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from services.scheduler.board import Board
from services.scheduler.cadence import cadence
from services.scheduler.compiling import Compiled, tables_of
from services.scheduler.entities import EARLIEST, LATEST, Session
from services.scheduler.errors import SchedulerError
from services.scheduler.explaining.breaches import Breach, breaches
from services.scheduler.kernel import Tables
from services.scheduler.problem import Problem
from services.scheduler.relating import Places, places_of
from services.scheduler.series import SeriesTables, series_tables
from shared.contract.facts.scheduler import Placement
from shared.time.zones import zone

Integers = NDArray[np.int64]


class UnknownSessionError(SchedulerError):
    """The problem has no session of that id."""


class UnknownRoomError(SchedulerError):
    """The problem has no room of that id."""


class ImpossibleStartError(SchedulerError):
    """No session of any programme begins then."""


def require_possible(start: datetime | None) -> None:
    """Raises ``ImpossibleStartError``."""
    if start is None:
        return
    if not EARLIEST <= start.date() < LATEST:
        raise ImpossibleStartError(f"start: {start.date()} must lie between {EARLIEST} and {LATEST}")
    if start.second or start.microsecond:
        raise ImpossibleStartError(f"start: {start.time()} is no whole minute; sessions begin on whole minutes")


@dataclass(frozen=True)
class Situation:
    """A compiled problem, and by session where it is placed. Placements that the problem does not know are left out."""

    compiled: Compiled
    placed: Mapping[str, Placement]

    @classmethod
    def of(cls, compiled: Compiled, placements: Iterable[Placement]) -> Situation:
        rooms = {room.id for room in compiled.problem.rooms}
        sessions = compiled.board.sessions
        known = (one for one in placements if one.session in sessions and one.room in rooms)
        # A session may have become longer or shorter since it was placed.
        as_now = (one.model_copy(update={"minutes": sessions[one.session].minutes}) for one in known)
        return cls(compiled, {one.session: one for one in as_now})

    @property
    def problem(self) -> Problem:
        return self.compiled.problem

    @property
    def board(self) -> Board:
        return self.compiled.board

    def session(self, name: str) -> Session:
        """Raises ``UnknownSessionError``."""
        if name not in self.board.sessions:
            raise UnknownSessionError(f"session {name!r} is not among those to be placed; check its id")
        return self.board.sessions[name]

    def room_number(self, name: str) -> int:
        """Raises ``UnknownRoomError``."""
        for number, room in enumerate(self.problem.rooms):
            if room.id == name:
                return number
        raise UnknownRoomError(f"room {name!r} is not among the rooms; check its id")

    def people(self, name: str) -> frozenset[str]:
        """Who presents a session or wants to come to it: those whom a change of it affects."""
        session = self.board.sessions[name]
        return frozenset({*session.presenters, *(person for person, _ in self.board.wishes[session.proposal])})

    @cached_property
    def breaches(self) -> frozenset[Breach]:
        """What the plan breaks as it stands."""
        return breaches(self.problem, self.placed.values())

    @cached_property
    def tables(self) -> Tables:
        return tables_of(self.compiled)

    @cached_property
    def series(self) -> SeriesTables:
        return series_tables(self.compiled, self.tables)

    @cached_property
    def at(self) -> Integers:
        """The places of the plan by row of the tables; -1 for sessions that are where no choice of theirs is."""
        at = np.full(len(self.compiled.number), -1, dtype=np.int64)
        for name, placement in self.placed.items():
            row = self.compiled.number[name]
            number = self.choice(placement)
            at[row] = -1 if number is None else self.tables.first[row] + number
        return at

    def choice(self, placement: Placement) -> int | None:
        """The number of a placement among its session's choices."""
        own = self.compiled.choices[placement.session]
        start, room = int(placement.start.timestamp()), self.room_number(placement.room)
        same = np.flatnonzero((own.start == start) & (own.room == room))
        return int(same[0]) if len(same) else None

    def placement(self, name: str, start: int, room: int) -> Placement:
        """That session at that start (seconds since the epoch) in the room of that number."""
        session = self.board.sessions[name]
        return Placement(
            session=name,
            proposal=session.proposal,
            room=self.problem.rooms[room].id,
            start=datetime.fromtimestamp(start, UTC),
            minutes=session.minutes,
        )

    def chosen(self, name: str, number: int) -> Placement:
        """That session at the choice of that number."""
        own = self.compiled.choices[name]
        return self.placement(name, int(own.start[number]), int(own.room[number]))

    def plan_with(self, *placements: Placement) -> tuple[Placement, ...]:
        """The plan with these sessions there instead, in order of session."""
        changed = {**self.placed, **{one.session: one for one in placements}}
        return tuple(changed[name] for name in sorted(changed))


def places_on_grid(board: Board, session: Session, at: Integers, room: Integers) -> Places:
    """The places of a session at these starts of the grid, in these rooms."""
    start = board.grid.starts[at] // 60
    return _places(board, session, start, board.grid.day[at], board.timeslot_at(session)[at], room)


def place_of(board: Board, session: Session, placement: Placement, room: int) -> Places:
    """The one place of a placement, wherever it begins."""
    second = int(placement.start.timestamp())
    at = int(np.searchsorted(board.grid.starts, second))
    on_grid = at < len(board.grid.starts) and board.grid.starts[at] == second
    day = (placement.start.astimezone(zone(board.problem.zone)).date() - board.problem.first_day).days
    slot = board.timeslot_at(session)[at] if on_grid else -1
    return _places(board, session, *(np.array([one], dtype=np.int64) for one in (second // 60, day, slot, room)))


def _places(
    board: Board, session: Session, start: Integers, day: Integers, timeslot: Integers, room: Integers
) -> Places:
    sites = sorted({one.site or "" for one in board.problem.rooms})
    site = np.array([sites.index(one.site or "") for one in board.problem.rooms], dtype=np.int64)
    return places_of(
        start=start,
        end=start + session.minutes,
        day=day,
        week=(day + board.problem.first_day.weekday()) // 7,
        timeslot=timeslot,
        room=room,
        capacity=board.capacities[room],
        site=site[room],
        cell=np.zeros_like(start),
        cadence=cadence(board, session, 60 * start, day),
    )
