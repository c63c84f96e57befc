"""What groups of sessions cost as they lie, and what a move changes in it: the inner loops of measures, by numba.

All functions are plain arithmetic on ``kernel.Tables``; ``g`` is the number of a group, ``at`` holds the place of every
session or -1.
"""

from __future__ import annotations

from typing import Any

from services.scheduler.free_time import days_without_free_stretch, free_stretch_move
from services.scheduler.loops import loop
from services.scheduler.terms import Key, Measure

_COUNT, _DISTINCT = int(Measure.COUNT), int(Measure.DISTINCT)
_LARGEST_OVERFLOW, _DAYS = int(Measure.LARGEST_OVERFLOW), int(Measure.DAYS)
_USED, _MIXED = int(Measure.USED), int(Measure.MIXED)
_PARALLEL, _SEQUENCE = int(Measure.PARALLEL), int(Measure.SEQUENCE)
_NO_FREE_STRETCH = int(Measure.NO_FREE_STRETCH)
_DAY, _WEEK, _TIMESLOT = int(Key.DAY), int(Key.WEEK), int(Key.TIMESLOT)
_ROOM, _SITE, _CELL, _CADENCE = int(Key.ROOM), int(Key.SITE), int(Key.CELL), int(Key.CADENCE)


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
    if key == _CADENCE:
        return int(places.cadence[p])
    return 0


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
