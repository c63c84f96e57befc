"""What two sessions cost each other, looked up instead of worked out, where the sessions of a problem share few places.

A spot is a start, an end, a room and a timeslot. In a programme with timeslots there are some hundreds of them, however
many sessions it has; and most pairs of sessions are of few kinds, by the relations that cost something between the two.
A matrix of spots by spots for each kind is then small enough to stay near the processor.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.scheduler.relating import Places, relation_table
from services.scheduler.terms import Relation

Integers = NDArray[np.int64]
MOST_ENTRIES = 20_000_000
LONGEST = 1440
Kind = tuple[tuple[int, int, int, int], ...]
"""Relation, parameter, side and cost of each pair term that two sessions have."""


class Spots(NamedTuple):
    """``of`` is the spot of each place. ``matrices[kind[i, j], s, t]`` is what the pair terms of sessions ``i`` and
    ``j`` cost when they are at spots ``s`` and ``t``. No matrices: there would be too many; terms are worked out."""

    of: Integers
    kind: NDArray[np.int32]
    matrices: NDArray[np.int32]


def spots_of(places: Places, first: Integers, terms: Integers) -> Spots:
    """Of these places, for these pair terms of sessions: rows of other, side, relation, parameter and cost."""
    sessions = len(first) - 1
    if not len(terms):
        return _no_spots(np.zeros(len(places.cell), dtype=np.int64))
    of, distinct = _spots(places)
    shared: dict[tuple[int, int], list[tuple[int, int, int, int]]] = {}
    for one in range(sessions):
        for other, is_one, relation, parameter, cost in terms[first[one] : first[one + 1]].tolist():
            shared.setdefault((one, other), []).append((relation, parameter, is_one, cost))
    kinds: dict[Kind, int] = {(): 0}
    kind = np.zeros((sessions, sessions), dtype=np.int32)
    for pair, of_pair in shared.items():
        kind[pair] = kinds.setdefault(tuple(sorted(of_pair)), len(kinds))
    largest = max(map(_largest, kinds))
    if len(kinds) * len(distinct) ** 2 > MOST_ENTRIES or largest > np.iinfo(np.int32).max:
        return _no_spots(of)
    return Spots(of, kind, _matrices(kinds, distinct))


def _spots(places: Places) -> tuple[Integers, Integers]:
    """The spot of each place, and the traits of each spot. Cell, length and timeslot make a spot, as one number."""
    minutes, slots = places.end - places.start, places.timeslot + 1
    number = (places.cell * (minutes.max(initial=0) + 1) + minutes) * (slots.max(initial=0) + 1) + slots
    _, one, of = np.unique(number, return_index=True, return_inverse=True)
    return of.ravel(), places.traits[one]


def _no_spots(of: Integers) -> Spots:
    return Spots(of, np.zeros((0, 0), dtype=np.int32), np.zeros((0, 0, 0), dtype=np.int32))


def _largest(kind: Kind) -> int:
    """What two sessions of this kind cost each other at most."""
    return sum(abs(cost) * (LONGEST if relation == Relation.OVERLAP_MINUTES else 1) for relation, _, _, cost in kind)


def _matrices(kinds: dict[Kind, int], distinct: Integers) -> NDArray[np.int32]:
    matrices = np.zeros((len(kinds), len(distinct), len(distinct)), dtype=np.int32)
    tables: dict[tuple[int, int], Integers] = {}
    for kind, number in kinds.items():
        for relation, parameter, is_one, cost in kind:
            if (relation, parameter) not in tables:
                tables[relation, parameter] = relation_table(relation, parameter, distinct, distinct)
            table = tables[relation, parameter]
            matrices[number] += (cost * (table if is_one else table.T)).astype(np.int32)
    return matrices
