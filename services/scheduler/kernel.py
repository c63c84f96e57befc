"""The inner loops over the tables, compiled by numba: relations, measures, and what a move would cost.

All functions are plain arithmetic on ``Tables``; times are minutes since the epoch, places are rows of the place
arrays, ``at`` holds the place of every session or -1. Costs are person-minutes, lower is better.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from services.scheduler.terms import Key, Measure, Relation

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

_COUNT, _DISTINCT, _SPAN = int(Measure.COUNT), int(Measure.DISTINCT), int(Measure.SPAN)
_DAY, _WEEK, _TIMESLOT = int(Key.DAY), int(Key.WEEK), int(Key.TIMESLOT)
_ROOM, _SITE, _CELL = int(Key.ROOM), int(Key.SITE), int(Key.CELL)


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


class Tables(NamedTuple):
    """Everything a search needs to know, as arrays.

    ``first[i]:first[i + 1]`` are the places of session ``i``. ``clash[i, j]`` is what it costs when two sessions
    overlap. ``pair_first[i]:pair_first[i + 1]`` are the pair terms of session ``i``: ``pair_is_one`` says which side
    it is on. ``pair_cost`` is per unit of the relation. Groups likewise.
    """

    first: Integers
    places: Places
    cost: Integers
    clash: Integers
    rooms_conflict: int
    pair_first: Integers
    pair_other: Integers
    pair_is_one: Integers
    pair_relation: Integers
    pair_parameter: Integers
    pair_cost: Integers
    pair_requires: Integers
    group_of_first: Integers
    group_of: Integers
    member_first: Integers
    member: Integers
    measure: Integers
    key: Integers
    inner: Integers
    group_cost: Integers
    table_first: Integers
    table: Integers
    unplaced: int


@njit(cache=True, nogil=True)
def related(relation: int, parameter: int, a: Any, p: int, b: Any, q: int) -> int:  # noqa: C901, PLR0911, PLR0912
    """The relation of place ``p`` of ``a`` to place ``q`` of ``b``."""
    share = min(a.end[p], b.end[q]) - max(a.start[p], b.start[q])
    if relation == _OVERLAP:
        return 1 if share > 0 else 0
    if relation == _OVERLAP_MINUTES:
        return max(share, 0)
    if relation == _OVERLAP_IN_OTHER_ROOM:
        return 1 if share > 0 and a.room[p] != b.room[q] else 0
    if relation == _SAME_TIMESLOT:
        return 1 if a.timeslot[p] == b.timeslot[q] else 0
    if relation == _SAME_TIMESLOT_IN_OTHER_ROOM:
        return 1 if a.timeslot[p] == b.timeslot[q] and a.room[p] != b.room[q] else 0
    if relation == _SAME_CELL:
        return 1 if a.timeslot[p] == b.timeslot[q] and a.room[p] == b.room[q] else 0
    if relation == _SAME_DAY:
        return 1 if a.day[p] == b.day[q] else 0
    if relation == _OTHER_DAY:
        return 1 if a.day[p] != b.day[q] else 0
    if relation == _SAME_DAY_IN_OTHER_ROOM:
        return 1 if a.day[p] == b.day[q] and a.room[p] != b.room[q] else 0
    if relation == _SAME_WEEK:
        return 1 if a.week[p] == b.week[q] else 0
    if relation == _SAME_SITE:
        return 1 if a.site[p] == b.site[q] else 0
    if relation == _NOT_BEFORE:
        return 1 if a.end[p] > b.start[q] else 0
    if relation == _BEFORE:
        return 1 if a.end[p] <= b.start[q] else 0
    if relation == _GAP_UNDER:
        return 1 if -parameter < share <= 0 else 0
    if relation == _GAP_UNDER_BETWEEN_SITES:
        return 1 if -parameter < share <= 0 and a.site[p] != b.site[q] else 0
    if relation == _ONE_IN_LARGER_ROOM:
        return 1 if a.capacity[p] > b.capacity[q] else 0
    if relation == _DAYS_OUTSIDE:
        days = b.day[q] - a.day[p]
        return 0 if parameter // 1000 <= days <= parameter % 1000 else 1
    if relation == _NOT_NEXT_TO:
        return 0 if share == 0 and a.room[p] == b.room[q] else 1
    return 0


@njit(cache=True, nogil=True)
def relation_matrix(relation: int, parameter: int, a: Any, b: Any) -> Any:
    """The relation of every place of ``a`` to every place of ``b``."""
    matrix = np.zeros((len(a.start), len(b.start)), dtype=np.int64)
    for p in range(len(a.start)):
        for q in range(len(b.start)):
            matrix[p, q] = related(relation, parameter, a, p, b, q)
    return matrix


@njit(cache=True, nogil=True)
def key_of(key: int, places: Any, p: int) -> int:  # noqa: PLR0911
    """The value of a key at a place."""
    if key == _DAY:
        return int(places.day[p])
    if key == _WEEK:
        return int(places.week[p])
    if key == _TIMESLOT:
        return int(places.timeslot[p])
    if key == _ROOM:
        return int(places.room[p])
    if key == _SITE:
        return int(places.site[p])
    if key == _CELL:
        return int(places.timeslot[p] * 100_000 + places.room[p])
    return 0


@njit(cache=True, nogil=True)
def session_cost(tables: Any, at: Any, i: int, p: int) -> int:
    """What session ``i`` costs at place ``p`` (-1: without a place), with all others where they are. No groups."""
    places = tables.places
    total = tables.unplaced if p < 0 else tables.cost[p]
    if p >= 0:
        start, end, room = places.start[p], places.end[p], places.room[p]
        for j in range(len(at)):
            q = at[j]
            if q >= 0 and j != i and places.start[q] < end and start < places.end[q]:
                total += tables.clash[i, j]
                if places.room[q] == room:
                    total += tables.rooms_conflict
    for k in range(tables.pair_first[i], tables.pair_first[i + 1]):
        q = at[tables.pair_other[k]]
        if p >= 0 and q >= 0:
            if tables.pair_is_one[k]:
                value = related(tables.pair_relation[k], tables.pair_parameter[k], places, p, places, q)
            else:
                value = related(tables.pair_relation[k], tables.pair_parameter[k], places, q, places, p)
            total += tables.pair_cost[k] * value
        elif tables.pair_requires[k] and (p < 0 <= q if tables.pair_is_one[k] else q < 0 <= p):
            total += tables.pair_cost[k]
    return total


@njit(cache=True, nogil=True)
def _table_value(tables: Any, g: int, count: int) -> int:
    low, high = tables.table_first[g], tables.table_first[g + 1]
    size = high - low
    if count < size:
        return int(tables.table[low + count])
    step = tables.table[high - 1] - tables.table[high - 2] if size > 1 else 0
    return int(tables.table[high - 1] + step * (count - size + 1))


@njit(cache=True, nogil=True)
def _count_cost(tables: Any, at: Any, g: int) -> int:
    """COUNT of group ``g``: each member answers for its key's value when it is the first one there."""
    begin, end = tables.member_first[g], tables.member_first[g + 1]
    key, places, total = tables.key[g], tables.places, 0
    for k in range(begin, end):
        p = at[tables.member[k]]
        if p < 0:
            continue
        value, first, count = key_of(key, places, p), True, 0
        for other in range(begin, end):
            q = at[tables.member[other]]
            if q >= 0 and key_of(key, places, q) == value:
                if other < k:
                    first = False
                    break
                count += 1
        if first:
            total += _table_value(tables, g, count)
    return total


@njit(cache=True, nogil=True)
def _distinct_cost(tables: Any, at: Any, g: int) -> int:
    """DISTINCT of group ``g``: pairs (key, inner) seen for the first time, less keys seen for the first time."""
    begin, end = tables.member_first[g], tables.member_first[g + 1]
    key, inner, places, total = tables.key[g], tables.inner[g], tables.places, 0
    for k in range(begin, end):
        p = at[tables.member[k]]
        if p < 0:
            continue
        new_key, new_pair = True, True
        for other in range(begin, k):
            q = at[tables.member[other]]
            if q >= 0 and key_of(key, places, q) == key_of(key, places, p):
                new_key = False
                if key_of(inner, places, q) == key_of(inner, places, p):
                    new_pair = False
                    break
        total += int(new_pair) - int(new_key)
    return total


@njit(cache=True, nogil=True)
def _span_cost(tables: Any, at: Any, g: int) -> int:
    """SPAN of group ``g``."""
    begin, end = tables.member_first[g], tables.member_first[g + 1]
    key, places, total = tables.key[g], tables.places, 0
    for k in range(begin, end):
        p = at[tables.member[k]]
        if p < 0:
            continue
        value, first, low, high = key_of(key, places, p), True, places.start[p], places.end[p]
        for other in range(begin, end):
            q = at[tables.member[other]]
            if q >= 0 and key_of(key, places, q) == value:
                if other < k:
                    first = False
                    break
                low, high = min(low, places.start[q]), max(high, places.end[q])
        if first:
            total += high - low
    return total


@njit(cache=True, nogil=True)
def _gaps_cost(tables: Any, at: Any, g: int) -> int:
    """GAPS_IN_TIMESLOTS of group ``g``: the distinct timeslots are fewer than their range."""
    begin, end = tables.member_first[g], tables.member_first[g + 1]
    places, distinct, low, high = tables.places, 0, -1, -1
    for k in range(begin, end):
        p = at[tables.member[k]]
        if p < 0:
            continue
        value, new = places.timeslot[p], True
        for other in range(begin, k):
            q = at[tables.member[other]]
            if q >= 0 and places.timeslot[q] == value:
                new = False
                break
        distinct += int(new)
        low = value if low < 0 else min(low, value)
        high = max(high, value)
    return 1 if distinct and high - low + 1 > distinct else 0


@njit(cache=True, nogil=True)
def group_cost(tables: Any, at: Any, g: int) -> int:
    """What group ``g`` costs as its members lie."""
    measure = tables.measure[g]
    if measure == _COUNT:
        value = _count_cost(tables, at, g)
    elif measure == _DISTINCT:
        value = _distinct_cost(tables, at, g)
    elif measure == _SPAN:
        value = _span_cost(tables, at, g)
    else:
        value = _gaps_cost(tables, at, g)
    return int(tables.group_cost[g] * value)


@njit(cache=True, nogil=True)
def _count_move(tables: Any, at: Any, g: int, i: int, p: int) -> int:
    """How much more COUNT of group ``g`` is when its member ``i`` goes to ``p``: only two values of the key change."""
    key, places, old = tables.key[g], tables.places, at[i]
    left = key_of(key, places, old) if old >= 0 else -1
    entered = key_of(key, places, p) if p >= 0 else -1
    if left == entered:
        return 0
    there, here = 0, 0
    for k in range(tables.member_first[g], tables.member_first[g + 1]):
        other = tables.member[k]
        q = at[other]
        if q >= 0 and other != i:
            value = key_of(key, places, q)
            there += int(value == left)
            here += int(value == entered)
    difference = 0
    if old >= 0:
        difference += _table_value(tables, g, there) - _table_value(tables, g, there + 1)
    if p >= 0:
        difference += _table_value(tables, g, here + 1) - _table_value(tables, g, here)
    return difference


@njit(cache=True, nogil=True)
def groups_move_cost(tables: Any, at: Any, i: int, p: int) -> int:
    """How much more the groups of session ``i`` cost when it goes to ``p``."""
    total, old = 0, at[i]
    for k in range(tables.group_of_first[i], tables.group_of_first[i + 1]):
        g = tables.group_of[k]
        if tables.measure[g] == _COUNT:
            total += tables.group_cost[g] * _count_move(tables, at, g, i, p)
        else:
            total -= group_cost(tables, at, g)
            at[i] = p
            total += group_cost(tables, at, g)
            at[i] = old
    return total


@njit(cache=True, nogil=True)
def move_cost(tables: Any, at: Any, i: int, p: int) -> int:
    """How much more the whole costs when session ``i`` goes to ``p``. Leaves ``at`` as it was."""
    difference = session_cost(tables, at, i, p) - session_cost(tables, at, i, at[i])
    return int(difference + groups_move_cost(tables, at, i, p))


@njit(cache=True, nogil=True)
def plan_cost(tables: Any, at: Any) -> int:
    """What a whole plan costs."""
    total = 0
    so_far = np.full_like(at, -1)
    for i in range(len(at)):
        total += session_cost(tables, so_far, i, at[i]) - session_cost(tables, so_far, i, -1) + tables.unplaced
        so_far[i] = at[i]
    for g in range(len(tables.measure)):
        total += group_cost(tables, at, g)
    return int(total)


@njit(cache=True, nogil=True)
def place_costs(tables: Any, at: Any, i: int) -> Any:
    """What session ``i`` would change in the whole at each of its places, measured from being without one."""
    old = at[i]
    at[i] = -1
    costs = np.empty(tables.first[i + 1] - tables.first[i], dtype=np.int64)
    for k in range(len(costs)):
        costs[k] = move_cost(tables, at, i, tables.first[i] + k)
    at[i] = old
    return costs
