"""The inner loops over the tables, compiled by numba: relations, measures, and what a move would cost.

All functions are plain arithmetic on ``Tables``; times are minutes since the epoch, places are rows of the place
arrays, ``at`` holds the place of every session or -1. Costs are person-minutes, lower is better.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.scheduler.free_time import days_without_free_stretch, free_stretch_move
from services.scheduler.loops import loop, loop_with_arrays
from services.scheduler.sum_kernel import SumTables, sums_cost, sums_move_cost
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

_COUNT, _DISTINCT = int(Measure.COUNT), int(Measure.DISTINCT)
_LARGEST_OVERFLOW, _DAYS = int(Measure.LARGEST_OVERFLOW), int(Measure.DAYS)
_USED, _MIXED = int(Measure.USED), int(Measure.MIXED)
_PARALLEL, _SEQUENCE = int(Measure.PARALLEL), int(Measure.SEQUENCE)
_NO_FREE_STRETCH = int(Measure.NO_FREE_STRETCH)
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
    traits: Integers
    """The same once more, a row for each place and a column for each of ``TRAITS``: what the inner loops read."""


TRAITS = ("start", "end", "day", "week", "timeslot", "room", "capacity", "site")
_START, _END, _DAY_OF, _WEEK_OF, _TIMESLOT_OF, _ROOM_OF, _CAPACITY, _SITE_OF = range(len(TRAITS))


def places_of(**columns: Integers) -> Places:
    """Places from their arrays."""
    return Places(**columns, traits=np.stack([columns[name] for name in TRAITS], axis=1))


class Tables(NamedTuple):
    """Everything a search needs to know, as arrays.

    ``first[i]:first[i + 1]`` are the places of session ``i``. ``clash[i, j]`` is what it costs when two sessions
    overlap. ``pair_first[i]:pair_first[i + 1]`` are the pair terms of session ``i``: ``pair_is_one`` says which side
    it is on. ``pair_cost`` is per unit of the relation. ``requiring`` are the numbers of those that ask for a place of
    the one. ``spots`` are ``Spots``. Groups likewise.
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
    requiring_first: Integers
    requiring: Integers
    spots: Any
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
    sums: SumTables
    rooms: int


@loop
def _related(relation: int, parameter: int, a: Any, p: int, b: Any, q: int) -> int:  # noqa: C901
    """The relation of row ``p`` of traits ``a`` to row ``q`` of traits ``b``."""
    share = min(a[p, _END], b[q, _END]) - max(a[p, _START], b[q, _START])
    if relation == _OVERLAP:
        return 1 if share > 0 else 0
    if relation == _OVERLAP_MINUTES:
        return int(max(share, 0))
    if relation == _OVERLAP_IN_OTHER_ROOM:
        return 1 if share > 0 and a[p, _ROOM_OF] != b[q, _ROOM_OF] else 0
    if relation == _SAME_TIMESLOT:
        return 1 if a[p, _TIMESLOT_OF] == b[q, _TIMESLOT_OF] else 0
    if relation == _SAME_TIMESLOT_IN_OTHER_ROOM:
        return 1 if a[p, _TIMESLOT_OF] == b[q, _TIMESLOT_OF] and a[p, _ROOM_OF] != b[q, _ROOM_OF] else 0
    if relation == _SAME_CELL:
        return 1 if a[p, _TIMESLOT_OF] == b[q, _TIMESLOT_OF] and a[p, _ROOM_OF] == b[q, _ROOM_OF] else 0
    if relation == _SAME_DAY:
        return 1 if a[p, _DAY_OF] == b[q, _DAY_OF] else 0
    if relation == _OTHER_DAY:
        return 1 if a[p, _DAY_OF] != b[q, _DAY_OF] else 0
    if relation == _SAME_DAY_IN_OTHER_ROOM:
        return 1 if a[p, _DAY_OF] == b[q, _DAY_OF] and a[p, _ROOM_OF] != b[q, _ROOM_OF] else 0
    if relation == _SAME_WEEK:
        return 1 if a[p, _WEEK_OF] == b[q, _WEEK_OF] else 0
    if relation == _SAME_SITE:
        return 1 if a[p, _SITE_OF] == b[q, _SITE_OF] else 0
    if relation == _NOT_BEFORE:
        return 1 if a[p, _END] > b[q, _START] else 0
    if relation == _BEFORE:
        return 1 if a[p, _END] <= b[q, _START] else 0
    if relation == _GAP_UNDER:
        return 1 if -parameter < share <= 0 else 0
    if relation == _GAP_UNDER_BETWEEN_SITES:
        return 1 if -parameter < share <= 0 and a[p, _SITE_OF] != b[q, _SITE_OF] else 0
    if relation == _ONE_IN_LARGER_ROOM:
        return 1 if a[p, _CAPACITY] > b[q, _CAPACITY] else 0
    if relation == _DAYS_OUTSIDE:
        days = b[q, _DAY_OF] - a[p, _DAY_OF]
        return 0 if parameter // 1000 <= days <= parameter % 1000 else 1
    if relation == _NOT_NEXT_TO:
        return 0 if share == 0 and a[p, _ROOM_OF] == b[q, _ROOM_OF] else 1
    return 0


@loop_with_arrays
def relation_table(relation: int, parameter: int, a: Any, b: Any) -> Any:
    """The relation of every row of traits ``a`` to every row of traits ``b``."""
    matrix = np.zeros((len(a), len(b)), dtype=np.int64)
    for p in range(len(a)):
        for q in range(len(b)):
            matrix[p, q] = _related(relation, parameter, a, p, b, q)
    return matrix


def relation_matrix(relation: int, parameter: int, a: Places, b: Places) -> Integers:
    """The relation of every place of ``a`` to every place of ``b``."""
    return np.asarray(relation_table(relation, parameter, a.traits, b.traits))


@loop
def key_of(key: int, places: Any, p: int) -> int:
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


@loop
def session_cost(tables: Any, at: Any, i: int, p: int) -> int:
    """What session ``i`` costs at place ``p`` (-1: without a place), with all others where they are. No groups."""
    total = cost_beside_overlaps(tables, at, i, p)
    if p >= 0:
        total += _overlaps_cost(tables.places.traits, tables.clash, tables.rooms_conflict, at, i, p)
    return int(total)


@loop
def cost_beside_overlaps(tables: Any, at: Any, i: int, p: int) -> int:
    """The part of ``session_cost`` that does not come from overlapping others."""
    total = tables.unplaced if p < 0 else tables.cost[p]
    first, other, cost = tables.pair_first, tables.pair_other, tables.pair_cost
    if p >= 0:
        traits, spots = tables.places.traits, tables.spots
        if len(spots.matrices):
            total += _pairs_looked_up(spots.of, spots.matrices, spots.kind, at, i, p)
        else:
            relation, parameter, is_one = tables.pair_relation, tables.pair_parameter, tables.pair_is_one
            total += _pairs_worked_out(traits, relation, parameter, is_one, first, other, cost, at, i, p)
    if len(tables.requiring):
        requiring = tables.requiring, tables.requiring_first
        total += _requiring_cost(*requiring, tables.pair_is_one, other, cost, at, i, p)
    return int(total)


@loop
def _overlaps_cost(traits: Any, clash: Any, rooms_conflict: int, at: Any, i: int, p: int) -> int:
    """What it costs that session ``i`` at ``p`` overlaps others. These functions take arrays one by one, not in a
    tuple: numba counts references to each array of a tuple that it hands on, which would take most of the time."""
    start, end, room, total = traits[p, _START], traits[p, _END], traits[p, _ROOM_OF], 0
    for j in range(len(at)):
        q = at[j]
        if q >= 0 and j != i and traits[q, _START] < end and start < traits[q, _END]:
            total += clash[i, j]
            if traits[q, _ROOM_OF] == room:
                total += rooms_conflict
    return int(total)


@loop
def _pairs_looked_up(spot: Any, matrices: Any, kind: Any, at: Any, i: int, p: int) -> int:
    """What the pair terms of session ``i`` cost at place ``p``, by the matrices of spots."""
    total, here = 0, spot[p]
    for j in range(len(at)):
        q = at[j]
        if q >= 0 and kind[i, j]:
            total += matrices[kind[i, j], here, spot[q]]
    return int(total)


@loop
def _pairs_worked_out(
    traits: Any, relation: Any, parameter: Any, is_one: Any, first: Any, other: Any, cost: Any, at: Any, i: int, p: int
) -> int:
    """What the pair terms of session ``i`` cost at place ``p``."""
    total = 0
    for k in range(first[i], first[i + 1]):
        q = at[other[k]]
        if q >= 0:
            one, two = (p, q) if is_one[k] else (q, p)
            total += cost[k] * _related(relation[k], parameter[k], traits, one, traits, two)
    return int(total)


@loop
def _requiring_cost(
    requiring: Any, requiring_first: Any, is_one: Any, other: Any, cost: Any, at: Any, i: int, p: int
) -> int:
    """What it costs that of session ``i`` at ``p`` and another one has a place, and the one that it requires none."""
    total = 0
    for n in range(requiring_first[i], requiring_first[i + 1]):
        k = requiring[n]
        q = at[other[k]]
        if p < 0 <= q if is_one[k] else q < 0 <= p:
            total += cost[k]
    return int(total)


@loop
def _table_value(tables: Any, g: int, count: int) -> int:
    low, high = tables.table_first[g], tables.table_first[g + 1]
    size = high - low
    if count < size:
        return int(tables.table[low + count])
    step = tables.table[high - 1] - tables.table[high - 2] if size > 1 else 0
    return int(tables.table[high - 1] + step * (count - size + 1))


@loop
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


@loop
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


@loop
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


@loop
def _largest_overflow(tables: Any, at: Any, g: int) -> int:
    """LARGEST_OVERFLOW of group ``g``."""
    begin, low = tables.member_first[g], tables.table_first[g]
    largest = tables.table[tables.table_first[g + 1] - 1]
    for k in range(begin, tables.member_first[g + 1]):
        p = at[tables.member[k]]
        if p >= 0:
            largest = max(largest, tables.table[low + k - begin] - tables.places.capacity[p])
    return int(largest)


@loop
def _days_cost(tables: Any, at: Any, g: int) -> int:
    """DAYS of group ``g``; nothing where no member has a place."""
    places, low, high, any_placed = tables.places, 0, 0, False
    for k in range(tables.member_first[g], tables.member_first[g + 1]):
        p = at[tables.member[k]]
        if p >= 0:
            day = places.day[p]
            low = min(low, day) if any_placed else day
            high = max(high, day) if any_placed else day
            any_placed = True
    return _table_value(tables, g, high - low) if any_placed else 0


@loop
def _entry_of(tables: Any, g: int, p: int) -> int:
    """The entry of the table of a USED group ``g`` for place ``p``; 0 outside of it, as without a timeslot."""
    inner, places = tables.inner[g], tables.places
    if inner == _CELL:
        value = places.timeslot[p] * tables.rooms + places.room[p] if places.timeslot[p] >= 0 else -1
    else:
        value = key_of(inner, places, p)
    low = tables.table_first[g]
    return int(tables.table[low + value]) if 0 <= value < tables.table_first[g + 1] - low else 0


@loop
def _used_cost(tables: Any, at: Any, g: int) -> int:
    """USED of group ``g``: each member answers for its key's value when it is the first one there."""
    begin, end = tables.member_first[g], tables.member_first[g + 1]
    key, places, total = tables.key[g], tables.places, 0
    for k in range(begin, end):
        p = at[tables.member[k]]
        if p < 0:
            continue
        value, first = key_of(key, places, p), True
        for other in range(begin, k):
            q = at[tables.member[other]]
            if q >= 0 and key_of(key, places, q) == value:
                first = False
                break
        if first:
            total += _entry_of(tables, g, p)
    return total


@loop
def _used_move(tables: Any, at: Any, g: int, i: int, p: int) -> int:
    """How much more USED of group ``g`` is when its member ``i`` goes to ``p``: what it leaves, what it enters."""
    key, places, old = tables.key[g], tables.places, at[i]
    left = key_of(key, places, old) if old >= 0 else -1
    entered = key_of(key, places, p) if p >= 0 else -1
    if left == entered and (old < 0) == (p < 0):
        return 0
    leaves, enters = old >= 0, p >= 0
    for k in range(tables.member_first[g], tables.member_first[g + 1]):
        other = tables.member[k]
        q = at[other]
        if q >= 0 and other != i:
            value = key_of(key, places, q)
            leaves = leaves and value != left
            enters = enters and value != entered
            if not leaves and not enters:
                return 0
    difference = _entry_of(tables, g, p) if enters else 0
    return difference - (_entry_of(tables, g, old) if leaves else 0)


@loop
def _mixed_cost(tables: Any, at: Any, g: int) -> int:
    """MIXED of group ``g``: pairs (key, label) seen for the first time, less keys seen for the first time."""
    begin, end, low = tables.member_first[g], tables.member_first[g + 1], tables.table_first[g]
    key, places, total = tables.key[g], tables.places, 0
    for k in range(begin, end):
        p = at[tables.member[k]]
        if p < 0:
            continue
        value, label = key_of(key, places, p), tables.table[low + k - begin]
        new_key, new_pair = True, True
        for other in range(begin, k):
            q = at[tables.member[other]]
            if q >= 0 and key_of(key, places, q) == value:
                new_key = False
                if tables.table[low + other - begin] == label:
                    new_pair = False
                    break
        total += int(new_pair) - int(new_key)
    return total


@loop
def _mixed_at(tables: Any, at: Any, g: int, i: int, p: int) -> int:
    """How much more MIXED of group ``g`` is with its member ``i`` at ``p`` than with it nowhere."""
    if p < 0:
        return 0
    begin, end, low = tables.member_first[g], tables.member_first[g + 1], tables.table_first[g]
    key, places, label = tables.key[g], tables.places, 0
    value = key_of(key, places, p)
    for k in range(begin, end):
        if tables.member[k] == i:
            label = tables.table[low + k - begin]
            break
    others = False
    for k in range(begin, end):
        other = tables.member[k]
        q = at[other]
        if q >= 0 and other != i and key_of(key, places, q) == value:
            if tables.table[low + k - begin] == label:
                return 0
            others = True
    return 1 if others else 0


@loop
def _parallel_cost(tables: Any, at: Any, g: int) -> int:
    """PARALLEL of group ``g``: pairs of first members at their (key, inner), one of either label."""
    begin, end, low = tables.member_first[g], tables.member_first[g + 1], tables.table_first[g]
    places, total = tables.places, 0
    for k in range(begin, end):
        p = at[tables.member[k]]
        if p < 0 or tables.table[low + k - begin] != 0 or not _first_of_label(tables, at, g, k):
            continue
        value = key_of(tables.key[g], places, p)
        for other in range(begin, end):
            q = at[tables.member[other]]
            if q >= 0 and tables.table[low + other - begin] == 1 and key_of(tables.key[g], places, q) == value:
                total += int(_first_of_label(tables, at, g, other))
    return total


@loop
def _first_of_label(tables: Any, at: Any, g: int, k: int) -> bool:
    """Whether no member before ``k`` has its label, its value of the key, and its value of ``inner``."""
    begin, low, places = tables.member_first[g], tables.table_first[g], tables.places
    key, inner, p = tables.key[g], tables.inner[g], at[tables.member[k]]
    for other in range(begin, k):
        q = at[tables.member[other]]
        same = q >= 0 and tables.table[low + other - begin] == tables.table[low + k - begin]
        same = same and key_of(key, places, q) == key_of(key, places, p)
        if same and key_of(inner, places, q) == key_of(inner, places, p):
            return False
    return True


@loop
def _comes_before(places: Any, q: int, p: int) -> bool:
    """Whether place ``q`` comes before ``p`` in a running sequence."""
    if places.timeslot[q] != places.timeslot[p]:
        return bool(places.timeslot[q] < places.timeslot[p])
    if places.room[q] != places.room[p]:
        return bool(places.room[q] < places.room[p])
    return bool(places.start[q] < places.start[p])


@loop
def _sequence_cost(tables: Any, at: Any, g: int) -> int:
    """SEQUENCE of group ``g``."""
    begin, end, low = tables.member_first[g], tables.member_first[g + 1], tables.table_first[g]
    places, total = tables.places, 0
    for k in range(begin, end):
        wanted, p = tables.table[low + k - begin], at[tables.member[k]]
        if wanted == 0 or p < 0:
            continue
        had = 1
        for other in range(begin, end):
            q = at[tables.member[other]]
            if q >= 0 and _comes_before(places, q, p):
                had += 1
        total += int(had != wanted)
    return total


@loop
def group_cost(tables: Any, at: Any, g: int) -> int:
    """What group ``g`` costs as its members lie."""
    measure = tables.measure[g]
    if measure == _COUNT:
        value = _count_cost(tables, at, g)
    elif measure == _DISTINCT:
        value = _distinct_cost(tables, at, g)
    elif measure == _LARGEST_OVERFLOW:
        value = _largest_overflow(tables, at, g)
    elif measure == _DAYS:
        value = _days_cost(tables, at, g)
    elif measure == _USED:
        value = _used_cost(tables, at, g)
    elif measure == _MIXED:
        value = _mixed_cost(tables, at, g)
    elif measure == _PARALLEL:
        value = _parallel_cost(tables, at, g)
    elif measure == _SEQUENCE:
        value = _sequence_cost(tables, at, g)
    elif measure == _NO_FREE_STRETCH:
        value = days_without_free_stretch(tables, at, g)
    else:
        value = _gaps_cost(tables, at, g)
    return int(tables.group_cost[g] * value)


@loop
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


@loop
def groups_move_cost(tables: Any, at: Any, i: int, p: int) -> int:
    """How much more the groups of session ``i`` cost when it goes to ``p``."""
    total, old = 0, at[i]
    for k in range(tables.group_of_first[i], tables.group_of_first[i + 1]):
        g = tables.group_of[k]
        if tables.measure[g] == _COUNT:
            total += tables.group_cost[g] * _count_move(tables, at, g, i, p)
        elif tables.measure[g] == _USED:
            total += tables.group_cost[g] * _used_move(tables, at, g, i, p)
        elif tables.measure[g] == _NO_FREE_STRETCH:
            total += tables.group_cost[g] * free_stretch_move(tables, at, g, i, p)
        elif tables.measure[g] == _MIXED:
            more = _mixed_at(tables, at, g, i, p) - _mixed_at(tables, at, g, i, old)
            total += tables.group_cost[g] * more
        else:
            total -= group_cost(tables, at, g)
            at[i] = p
            total += group_cost(tables, at, g)
            at[i] = old
    return total


@loop
def shared_moves_cost(tables: Any, at: Any, i: int, p: int) -> int:
    """How much more sums and groups cost when session ``i`` goes to ``p``. Leaves ``at`` as it was."""
    difference = groups_move_cost(tables, at, i, p)
    if len(tables.sums.missing):
        difference += sums_move_cost(tables.sums, tables.first, at, i, p)
    return int(difference)


@loop
def move_cost(tables: Any, at: Any, i: int, p: int) -> int:
    """How much more the whole costs when session ``i`` goes to ``p``. Leaves ``at`` as it was."""
    difference = session_cost(tables, at, i, p) - session_cost(tables, at, i, at[i])
    return int(difference + shared_moves_cost(tables, at, i, p))


@loop_with_arrays
def plan_cost(tables: Any, at: Any) -> int:
    """What a whole plan costs."""
    total = 0
    so_far = np.full_like(at, -1)
    for i in range(len(at)):
        total += session_cost(tables, so_far, i, at[i]) - session_cost(tables, so_far, i, -1) + tables.unplaced
        so_far[i] = at[i]
    for g in range(len(tables.measure)):
        total += group_cost(tables, at, g)
    return int(total + sums_cost(tables.sums, tables.first, at))


@loop_with_arrays
def place_costs(tables: Any, at: Any, i: int) -> Any:
    """What session ``i`` would change in the whole at each of its places, measured from being without one."""
    costs = np.zeros(tables.first[i + 1] - tables.first[i], dtype=np.int64)
    _fill_place_costs(tables, at, i, costs, np.zeros(max(1, tables.rooms), dtype=np.int64))
    return costs


@loop
def _fill_place_costs(tables: Any, at: Any, i: int, costs: Any, taken: Any) -> None:
    """Makes ``costs``, all 0 before, what ``place_costs`` answers. ``taken`` is room to write in, one for each room."""
    old, first = at[i], tables.first[i]
    at[i] = -1
    _add_overlaps(tables.places.traits, tables.clash, tables.rooms_conflict, taken, at, i, first, costs)
    without = session_cost(tables, at, i, -1)
    for k in range(len(costs)):
        costs[k] += cost_beside_overlaps(tables, at, i, first + k) - without
        costs[k] += shared_moves_cost(tables, at, i, first + k)
    at[i] = old


@loop
def _add_overlaps(
    traits: Any, clash: Any, rooms_conflict: int, taken: Any, at: Any, i: int, first: int, costs: Any
) -> None:
    """Adds what overlapping the others costs. Places that begin together are neighbours, and overlap the same."""
    k = 0
    while k < len(costs):
        start, end, shared = traits[first + k, _START], traits[first + k, _END], 0
        taken[:] = 0
        for j in range(len(at)):
            q = at[j]
            if q >= 0 and j != i and traits[q, _START] < end and start < traits[q, _END]:
                shared += clash[i, j]
                taken[traits[q, _ROOM_OF]] += rooms_conflict
        while k < len(costs) and traits[first + k, _START] == start:
            costs[k] += shared + taken[traits[first + k, _ROOM_OF]]
            k += 1
