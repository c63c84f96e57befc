"""Weekly series as arrays, so that a search can move all parts of one together."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.scheduler.compiling import Compiled
from services.scheduler.kernel import Tables
from services.scheduler.relating import Places

Integers = NDArray[np.int64]


class SeriesTables(NamedTuple):
    """What moves of whole series need beside ``Tables``: in there, it would slow every move of every problem down by up
    to a half (measured).

    A line is what the parts of a series may share: a room, a time of the week, and the open week it begins with.

    ``of[i]`` is the series of session ``i``, -1 for none. ``member[s]`` are the sessions of series ``s``, filled up
    with -1. ``line[p]`` is the line of place ``p``, -1 for none; ``line_first[s]:line_first[s + 1]`` are those of a
    series. ``place[l, k]`` is the place on line ``l`` of the series' member number ``k``, -1 where it has none there.
    """

    of: Integers
    member: Integers
    line: Integers
    line_first: Integers
    place: Integers


def series_tables(compiled: Compiled, tables: Tables) -> SeriesTables:
    """The series of a problem. Pinned parts are moved one by one, if at all."""
    places, first = tables.places, tables.first
    rows = [[compiled.number[name] for name in members] for members in compiled.series]
    if not rows:
        return _no_series(len(first) - 1)
    of = np.full(len(first) - 1, -1, dtype=np.int64)
    member = np.full((len(rows), max(map(len, rows))), -1, dtype=np.int64)
    line, begins, there = np.full(len(places.start), -1, dtype=np.int64), [0], []
    for series, of_one in enumerate(rows):
        of[of_one] = series
        member[series, : len(of_one)] = of_one
        place = _lines(of_one, places, first, line, begins[-1], member.shape[1])
        there.append(place)
        begins.append(begins[-1] + len(place))
    return SeriesTables(of, member, line, np.array(begins, dtype=np.int64), np.concatenate(there))


def _lines(rows: list[int], places: Places, first: Integers, line: Integers, begin: int, width: int) -> Integers:
    """The places on each line of a series; numbers the lines of its places on the way, from ``begin`` on."""
    own = [np.arange(first[row], first[row + 1]) for row in rows]
    every = np.concatenate(own)
    rooms = int(places.room.max(initial=0)) + 1
    distinct, at = np.unique(places.cadence[every] * rooms + places.room[every], return_inverse=True)
    line[every] = begin + at.ravel()
    place = np.full((len(distinct), width), -1, dtype=np.int64)
    for column, numbers in enumerate(own):
        place[line[numbers] - begin, column] = numbers
    return place


def _no_series(sessions: int) -> SeriesTables:
    nothing, none_wide = np.zeros(0, dtype=np.int64), np.zeros((0, 0), dtype=np.int64)
    return SeriesTables(
        np.full(sessions, -1, dtype=np.int64), none_wide, nothing, np.zeros(1, dtype=np.int64), none_wide.copy()
    )
