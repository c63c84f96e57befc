"""What a programme in blocks is made of: tracks that take cells, and sessions that lie in the cells of their track.

A cell is a timeslot with steps in a room, and it holds one track. The structure is there when every timeslot has
steps, the rule ``track-cell`` must hold for every session, and no rule is on that looks at more than blocks know.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from services.scheduler.compiling import Compiled, Stated, tables_of
from services.scheduler.relating import Places
from services.scheduler.rules.base import Rule
from services.scheduler.rules.track_cell import TrackCell
from services.scheduler.terms import GroupTerm, Key, Measure, PairTerm, Relation

Integers = NDArray[np.int64]
IMPOSSIBLE = np.iinfo(np.int64).max
"""The cost of a cell that a session cannot be in."""

OF_TIME = frozenset(
    {
        Relation.OVERLAP,
        Relation.OVERLAP_MINUTES,
        Relation.SAME_TIMESLOT,
        Relation.SAME_DAY,
        Relation.OTHER_DAY,
        Relation.SAME_WEEK,
        Relation.NOT_BEFORE,
        Relation.BEFORE,
        Relation.GAP_UNDER,
        Relation.DAYS_OUTSIDE,
    }
)
IN_OTHER_ROOM = {
    Relation.SAME_TIMESLOT_IN_OTHER_ROOM: Relation.SAME_TIMESLOT,
    Relation.OVERLAP_IN_OTHER_ROOM: Relation.OVERLAP,
}
"""Relations that are of time alone for sessions of two tracks, which never share a cell."""

OF_A_TRACK = frozenset(
    {
        (Measure.USED, Key.CELL),
        (Measure.DISTINCT, Key.ALL),
        (Measure.DISTINCT, Key.TIMESLOT),
        (Measure.GAPS_IN_TIMESLOTS, Key.ALL),
        (Measure.SEQUENCE, Key.ALL),
    }
)


@dataclass(frozen=True)
class Programme:
    """A compiled problem as blocks. Sessions are rows of the tables, timeslots are ranks, rooms are numbers.

    ``cost[i, s, r]`` is the least that session ``i`` costs by itself in timeslot ``s`` and room ``r``.
    """

    compiled: Compiled
    tracks: tuple[tuple[int, ...], ...]
    """By track, its sessions; those without a track are the first one, if there are any."""
    steps: Integers
    """By timeslot, how many steps it has."""
    need: Integers
    """By session and timeslot, how many steps the session takes there."""
    cost: Integers

    @property
    def timeslots(self) -> int:
        return len(self.steps)

    @property
    def rooms(self) -> int:
        return len(self.compiled.problem.rooms)

    @cached_property
    def track_of(self) -> dict[int, int]:
        return {row: track for track, rows in enumerate(self.tracks) for row in rows}

    @cached_property
    def possible(self) -> NDArray[np.bool_]:
        """By session, timeslot and room."""
        return np.asarray(self.cost < IMPOSSIBLE)

    @cached_property
    def places(self) -> tuple[Places, Integers]:
        """All places, and where each session's begin."""
        tables = tables_of(self.compiled)
        return tables.places, tables.first

    def rows(self, term: GroupTerm) -> tuple[int, ...]:
        return tuple(self.compiled.number[name] for name in term.members)

    def whole_tracks(self, term: GroupTerm) -> tuple[int, ...] | None:
        """The tracks whose sessions are just these members, in their order; None when they are anything else."""
        rows = self.rows(term)
        tracks = tuple(dict.fromkeys(self.track_of[row] for row in rows))
        return tracks if rows == tuple(row for track in tracks for row in self.tracks[track]) else None


def in_blocks(compiled: Compiled) -> Programme | None:
    """The problem as blocks; None when it is not such a programme, or has a rule that blocks do not know."""
    problem = compiled.problem
    if not problem.timeslots or not problem.sessions or not problem.rooms:
        return None
    if compiled.sums.terms or not all(timeslot.step_minutes for timeslot in problem.timeslots):
        return None
    if not any(_keeps_tracks_apart(compiled, rule) for rule in problem.policy.in_force()):
        return None
    programme = _programme(compiled)
    known = all(map(_pair_is_known, compiled.pairs)) and all(_group_is_known(programme, one) for one in compiled.groups)
    return programme if known else None


def _keeps_tracks_apart(compiled: Compiled, rule: Rule) -> bool:
    everybody = all(rule.scope.covers(session) for session in compiled.problem.sessions)
    return isinstance(rule, TrackCell) and rule.must_hold() and everybody


def _pair_is_known(stated: Stated[PairTerm]) -> bool:
    relation = stated.term.relation
    return (relation in OF_TIME or relation in IN_OTHER_ROOM) and (stated.must or stated.cost >= 0)


def _group_is_known(programme: Programme, stated: Stated[GroupTerm]) -> bool:
    term = stated.term
    if term.measure is Measure.MIXED:
        return stated.must
    if stated.must or stated.cost < 0 or min(term.table) < 0:
        return False
    tracks = programme.whole_tracks(term)
    if term.measure is Measure.PARALLEL:
        return tracks is not None and len(tracks) == 2 and (term.key, term.inner) == (Key.TIMESLOT, Key.ROOM)
    by_room = term.measure is not Measure.DISTINCT or term.inner is Key.ROOM
    return tracks is not None and len(tracks) == 1 and (term.measure, term.key) in OF_A_TRACK and by_room


def _programme(compiled: Compiled) -> Programme:
    problem = compiled.problem
    timeslots = [problem.timeslots[number] for number in compiled.board.timeslots]
    lengths = [(int((one.end - one.start).total_seconds()) // 60, one.step_minutes or 1) for one in timeslots]
    minutes = np.array([session.minutes for session in problem.sessions], dtype=np.int64)
    step = np.array([step for _, step in lengths], dtype=np.int64)
    return Programme(
        compiled=compiled,
        tracks=tuple(_tracks(compiled)),
        steps=np.array([-(-length // step) for length, step in lengths], dtype=np.int64),
        need=-(-minutes[:, None] // step[None, :]),
        cost=_least_costs(compiled, len(timeslots)),
    )


def _tracks(compiled: Compiled) -> Iterator[tuple[int, ...]]:
    rows: dict[str, list[int]] = {}
    for row, session in enumerate(compiled.problem.sessions):
        rows.setdefault(session.track or "", []).append(row)
    for track in sorted(rows):
        yield tuple(rows[track])


def _least_costs(compiled: Compiled, timeslots: int) -> Integers:
    sessions = compiled.problem.sessions
    cost = np.full((len(sessions), timeslots, len(compiled.problem.rooms)), IMPOSSIBLE, dtype=np.int64)
    for row, session in enumerate(sessions):
        own = compiled.choices[session.id]
        inside = own.timeslot >= 0
        np.minimum.at(cost[row], (own.timeslot[inside], own.room[inside]), own.cost[inside])
    return cost
