"""Free stretches of time between sessions, compiled by numba: NO_FREE_STRETCH, and what a move changes in it."""

from __future__ import annotations

from typing import Any

from services.scheduler.loops import loop


@loop
def days_without_free_stretch(tables: Any, at: Any, g: int) -> int:
    """NO_FREE_STRETCH of group ``g``: each day is looked at for the first of its members."""
    begin, end, total = tables.member_first[g], tables.member_first[g + 1], 0
    for k in range(begin, end):
        p = at[tables.member[k]]
        if p < 0:
            continue
        day, first = tables.places.day[p], True
        for other in range(begin, k):
            q = at[tables.member[other]]
            if q >= 0 and tables.places.day[q] == day:
                first = False
                break
        if first and not _has_free_stretch(tables, at, g, day):
            total += 1
    return total


@loop
def free_stretch_move(tables: Any, at: Any, g: int, i: int, p: int) -> int:
    """How much more NO_FREE_STRETCH of group ``g`` is when its member ``i`` goes to ``p``.

    Most moves touch no window at all, and change nothing.
    """
    old, difference = at[i], 0
    low = tables.table_first[g]
    leaves, enters = _touches(tables.places, tables.table, low, old), _touches(tables.places, tables.table, low, p)
    if leaves:
        difference -= int(not _has_free_stretch(tables, at, g, tables.places.day[old]))
    at[i] = -1
    if leaves:
        difference += int(not _has_free_stretch(tables, at, g, tables.places.day[old]))
    if enters:
        difference -= int(not _has_free_stretch(tables, at, g, tables.places.day[p]))
        at[i] = p
        difference += int(not _has_free_stretch(tables, at, g, tables.places.day[p]))
    at[i] = old
    return difference


@loop
def _touches(places: Any, table: Any, low: int, p: int) -> bool:
    """Whether a place lies in the window of its day; the group's table begins at ``low``."""
    if p < 0:
        return False
    window = low + 1 + 2 * places.day[p]
    return bool(places.start[p] < table[window + 1] and table[window] < places.end[p])


@loop
def _has_free_stretch(tables: Any, at: Any, g: int, day: int) -> bool:
    """Whether the members of that day leave the group's stretch free in one piece. Without a window they do."""
    low, places = tables.table_first[g], tables.places
    needed, free_from, until = tables.table[low], tables.table[low + 1 + 2 * day], tables.table[low + 2 + 2 * day]
    if until <= free_from:
        return True
    while free_from < until:
        busy_until, begins = free_from, until
        for k in range(tables.member_first[g], tables.member_first[g + 1]):
            p = at[tables.member[k]]
            if p >= 0 and places.day[p] == day and places.end[p] > free_from:
                if places.start[p] <= free_from:
                    busy_until = max(busy_until, places.end[p])
                else:
                    begins = min(begins, places.start[p])
        if busy_until == free_from:
            if begins - free_from >= needed:
                return True
            busy_until = begins
        free_from = busy_until
    return False
