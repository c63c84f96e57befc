"""The block model: which track takes which cells, and in which timeslot each session lies. Nothing finer.

A literal for each track and cell (``cells``), one for each track and timeslot (``active``), one for each session and
timeslot (``lies``); which of its track's cells a session is in, and where in it, is left to ``completing``. That makes
it a relaxation: every plan of the programme is a solution that costs no more, so its bound is one of the programme.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from ortools.sat.python import cp_model

from services.scheduler.blocks.programme import Programme

Literal = cp_model.IntVar
Cell = tuple[int, int]
"""A timeslot and a room."""


@dataclass(frozen=True)
class Blocks:
    """A solution: by session that has one its timeslot, and by track its cells."""

    timeslot: Mapping[int, int]
    cells: Mapping[int, frozenset[Cell]]


@dataclass
class BlockModel:
    """The model under construction. Its objective is what the blocks cost.

    ``everybody``: whether every session must have a place. That model is the quicker one, and enough where it has a
    solution, because no plan is worth leaving somebody out for.
    """

    programme: Programme
    everybody: bool
    cp: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    cells: list[dict[Cell, Literal]] = field(default_factory=list)
    active: list[dict[int, Literal]] = field(default_factory=list)
    lies: list[dict[int, Literal]] = field(default_factory=list)
    placed: list[Literal] = field(default_factory=list)
    _extra: list[tuple[cp_model.LinearExpr, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for row in range(len(self.programme.cost)):
            self._add_session(row)
        for track in range(len(self.programme.tracks)):
            self._add_track(track)
        for cell in np.ndindex(self.programme.timeslots, self.programme.rooms):
            self.cp.add_at_most_one(own[cell] for own in self.cells if cell in own)
        for timeslot in range(self.programme.timeslots):
            taken = [literal for own in self.cells for cell, literal in own.items() if cell[0] == timeslot]
            self.cp.add(cp_model.LinearExpr.sum(taken) <= self.programme.rooms)
        for row in range(len(self.programme.cost)):
            self._price_session(row)

    def literal(self) -> Literal:
        return self.cp.new_bool_var("")

    def costs(self, literal: cp_model.LinearExpr, cost: int) -> None:
        """When this literal (or number) is true (or n), the plan costs so much (or n times so much) more."""
        if cost:
            self._extra.append((literal, cost))

    def aim(self) -> None:
        literals, costs = zip(*self._extra, strict=True) if self._extra else ((), ())
        self.cp.minimize(cp_model.LinearExpr.weighted_sum(literals, costs))

    def widest(self, track: int, timeslot: int) -> int:
        """The most cells that a track can make use of in a timeslot."""
        rows = [row for row in self.programme.tracks[track] if timeslot in self.lies[row]]
        return min(len(rows), self.programme.rooms)

    def in_timeslot(self, track: int, timeslot: int) -> list[Literal]:
        return [literal for cell, literal in self.cells[track].items() if cell[0] == timeslot]

    def members_in(self, track: int, timeslot: int) -> list[Literal]:
        """Of the sessions of a track, those that can lie in that timeslot."""
        return [self.lies[row][timeslot] for row in self.programme.tracks[track] if timeslot in self.lies[row]]

    def _add_session(self, row: int) -> None:
        possible = np.flatnonzero(self.programme.possible[row].any(axis=1)).tolist()
        self.lies.append({timeslot: self.literal() for timeslot in possible})
        placed = self.literal()
        self.cp.add_exactly_one(*self.lies[row].values(), ~placed)
        if self.everybody and possible:
            self.cp.add(placed == 1)
        self.costs(~placed, self.programme.compiled.unplaced)
        self.placed.append(placed)

    def _add_track(self, track: int) -> None:
        rows = list(self.programme.tracks[track])
        possible = np.argwhere(self.programme.possible[rows].any(axis=0)).tolist()
        self.cells.append({(timeslot, room): self.literal() for timeslot, room in possible})
        self.active.append({timeslot: self.literal() for timeslot in dict.fromkeys(when for when, _ in possible)})
        for timeslot, active in self.active[track].items():
            self._fill(track, timeslot, active)
        if self.everybody and all(self.lies[row] for row in rows):
            need = int(self.programme.need[rows].min(axis=1).sum())
            self.cp.add(self._room_for(self.cells[track].items()) >= need)

    def _room_for(self, cells: Iterable[tuple[Cell, Literal]]) -> cp_model.LinearExpr:
        steps = self.programme.steps
        return cp_model.LinearExpr.sum([int(steps[timeslot]) * literal for (timeslot, _), literal in cells])

    def _fill(self, track: int, timeslot: int, active: Literal) -> None:
        """A track is active where it has cells; they hold its sessions, and none is empty."""
        cells, members = self.in_timeslot(track, timeslot), self.members_in(track, timeslot)
        for literal in (*cells, *members):
            self.cp.add_implication(literal, active)
        self.cp.add_bool_or(*cells, ~active)
        self.cp.add_bool_or(*members, ~active)
        steps = int(self.programme.steps[timeslot])
        rows = [row for row in self.programme.tracks[track] if timeslot in self.lies[row]]
        needs = [int(self.programme.need[row, timeslot]) for row in rows]
        taken = cp_model.LinearExpr.weighted_sum(members, needs)
        self.cp.add(taken <= steps * cp_model.LinearExpr.sum(cells))
        self.cp.add(cp_model.LinearExpr.sum(members) >= cp_model.LinearExpr.sum(cells))
        long = [literal for literal, need in zip(members, needs, strict=True) if 2 * need > steps]
        if long and max(needs) > 1:
            self.cp.add(cp_model.LinearExpr.sum(long) <= cp_model.LinearExpr.sum(cells))

    def _price_session(self, row: int) -> None:
        """What a session costs in its timeslot at the least, and what it costs more unless a cheaper room is its."""
        programme, track = self.programme, self.programme.track_of[row]
        dearer: dict[int, Literal] = {}
        for timeslot, lies in self.lies[row].items():
            cost, possible = programme.cost[row, timeslot], programme.possible[row, timeslot]
            levels = np.unique(cost[possible]).tolist()
            self.costs(lies, levels[0])
            self._one_of(track, timeslot, possible, ~lies)
            for below, level in pairwise(levels):
                step = dearer.setdefault(level - levels[0], self.literal())
                self._one_of(track, timeslot, possible & (cost <= below), ~lies, step)
        below = 0
        for more in sorted(dearer):
            self.costs(dearer[more], more - below)
            below = more
        self._in_order([dearer[more] for more in sorted(dearer)])

    def _one_of(self, track: int, timeslot: int, rooms: np.ndarray, *otherwise: cp_model.LiteralT) -> None:
        """The track has one of these rooms in that timeslot, or one of the other literals is true."""
        own = self.cells[track]
        fitting = [own[timeslot, room] for room in np.flatnonzero(rooms).tolist() if (timeslot, room) in own]
        if len(fitting) < len(self.in_timeslot(track, timeslot)):
            self.cp.add_bool_or(*fitting, *otherwise)

    def _in_order(self, steps: list[Literal]) -> None:
        for lower, higher in pairwise(steps):
            self.cp.add_implication(higher, lower)

    def blocks(self, value: cp_model.CpSolver | cp_model.CpSolverSolutionCallback) -> Blocks:
        """What a solution says."""
        return Blocks(
            timeslot={
                row: timeslot
                for row, own in enumerate(self.lies)
                for timeslot, literal in own.items()
                if value.boolean_value(literal)
            },
            cells={
                track: frozenset(cell for cell, literal in own.items() if value.boolean_value(literal))
                for track, own in enumerate(self.cells)
            },
        )
