"""Places as arrays, and how two of them lie to each other: the inner loops of relations, compiled by numba.

Times are minutes since the epoch. All functions are plain arithmetic.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.scheduler.loops import loop, loop_with_arrays
from services.scheduler.terms import Relation

Integers = NDArray[np.int64]

_OVERLAP = int(Relation.OVERLAP)
_OVERLAP_MINUTES = int(Relation.OVERLAP_MINUTES)
_OVERLAP_IN_OTHER_ROOM = int(Relation.OVERLAP_IN_OTHER_ROOM)
_SAME_TIMESLOT = int(Relation.SAME_TIMESLOT)
_SAME_TIMESLOT_IN_OTHER_ROOM = int(Relation.SAME_TIMESLOT_IN_OTHER_ROOM)
_SAME_CELL = int(Relation.SAME_CELL)
_SAME_DAY = int(Relation.SAME_DAY)
_OTHER_DAY = int(Relation.OTHER_DAY)
_SAME_DAY_IN_OTHER_ROOM = int(Relation.SAME_DAY_IN_OTHER_ROOM)
_SAME_WEEK = int(Relation.SAME_WEEK)
_SAME_SITE = int(Relation.SAME_SITE)
_NOT_BEFORE = int(Relation.NOT_BEFORE)
_BEFORE = int(Relation.BEFORE)
_GAP_UNDER = int(Relation.GAP_UNDER)
_GAP_UNDER_BETWEEN_SITES = int(Relation.GAP_UNDER_BETWEEN_SITES)
_ONE_IN_LARGER_ROOM = int(Relation.ONE_IN_LARGER_ROOM)
_DAYS_OUTSIDE = int(Relation.DAYS_OUTSIDE)
_NOT_NEXT_TO = int(Relation.NOT_NEXT_TO)


class Places(NamedTuple):
    """Places as parallel arrays. A place is a start in a room for one session; its end follows from its length."""

    start: Integers
    end: Integers
    day: Integers
    week: Integers
    timeslot: Integers
    room: Integers
    capacity: Integers
    site: Integers
    cell: Integers
    """Start and room as one number, growing along the places of a session."""
    cadence: Integers
    """What ``Key.CADENCE`` says; 0 for sessions of no weekly series."""
    traits: Integers
    """The same once more, a row for each place and a column for each of ``TRAITS``: what the inner loops read."""


TRAITS = ("start", "end", "day", "week", "timeslot", "room", "capacity", "site")
START, END, DAY_OF, WEEK_OF, TIMESLOT_OF, ROOM_OF, CAPACITY, SITE_OF = range(len(TRAITS))


def places_of(**columns: Integers) -> Places:
    """Places from their arrays."""
    return Places(**columns, traits=np.stack([columns[name] for name in TRAITS], axis=1))


@loop
def related(relation: int, parameter: int, a: Any, p: int, b: Any, q: int) -> int:  # noqa: C901
    """The relation of row ``p`` of traits ``a`` to row ``q`` of traits ``b``."""
    share = min(a[p, END], b[q, END]) - max(a[p, START], b[q, START])
    if relation == _OVERLAP:
        return 1 if share > 0 else 0
    if relation == _OVERLAP_MINUTES:
        return int(max(share, 0))
    if relation == _OVERLAP_IN_OTHER_ROOM:
        return 1 if share > 0 and a[p, ROOM_OF] != b[q, ROOM_OF] else 0
    if relation == _SAME_TIMESLOT:
        return 1 if a[p, TIMESLOT_OF] == b[q, TIMESLOT_OF] else 0
    if relation == _SAME_TIMESLOT_IN_OTHER_ROOM:
        return 1 if a[p, TIMESLOT_OF] == b[q, TIMESLOT_OF] and a[p, ROOM_OF] != b[q, ROOM_OF] else 0
    if relation == _SAME_CELL:
        return 1 if a[p, TIMESLOT_OF] == b[q, TIMESLOT_OF] and a[p, ROOM_OF] == b[q, ROOM_OF] else 0
    if relation == _SAME_DAY:
        return 1 if a[p, DAY_OF] == b[q, DAY_OF] else 0
    if relation == _OTHER_DAY:
        return 1 if a[p, DAY_OF] != b[q, DAY_OF] else 0
    if relation == _SAME_DAY_IN_OTHER_ROOM:
        return 1 if a[p, DAY_OF] == b[q, DAY_OF] and a[p, ROOM_OF] != b[q, ROOM_OF] else 0
    if relation == _SAME_WEEK:
        return 1 if a[p, WEEK_OF] == b[q, WEEK_OF] else 0
    if relation == _SAME_SITE:
        return 1 if a[p, SITE_OF] == b[q, SITE_OF] else 0
    if relation == _NOT_BEFORE:
        return 1 if a[p, END] > b[q, START] else 0
    if relation == _BEFORE:
        return 1 if a[p, END] <= b[q, START] else 0
    if relation == _GAP_UNDER:
        return 1 if -parameter < share <= 0 else 0
    if relation == _GAP_UNDER_BETWEEN_SITES:
        return 1 if -parameter < share <= 0 and a[p, SITE_OF] != b[q, SITE_OF] else 0
    if relation == _ONE_IN_LARGER_ROOM:
        return 1 if a[p, CAPACITY] > b[q, CAPACITY] else 0
    if relation == _DAYS_OUTSIDE:
        days = b[q, DAY_OF] - a[p, DAY_OF]
        return 0 if parameter // 1000 <= days <= parameter % 1000 else 1
    if relation == _NOT_NEXT_TO:
        return 0 if share == 0 and a[p, ROOM_OF] == b[q, ROOM_OF] else 1
    return 0


@loop_with_arrays
def relation_table(relation: int, parameter: int, a: Any, b: Any) -> Any:
    """The relation of every row of traits ``a`` to every row of traits ``b``."""
    matrix = np.zeros((len(a), len(b)), dtype=np.int64)
    for p in range(len(a)):
        for q in range(len(b)):
            matrix[p, q] = related(relation, parameter, a, p, b, q)
    return matrix


def relation_matrix(relation: int, parameter: int, a: Places, b: Places) -> Integers:
    """The relation of every place of ``a`` to every place of ``b``."""
    return np.asarray(relation_table(relation, parameter, a.traits, b.traits))
