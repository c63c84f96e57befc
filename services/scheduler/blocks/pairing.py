"""What two sessions count by the timeslots that they lie in: a lower bound, as where they lie there is not known."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from services.scheduler.blocks.programme import IN_OTHER_ROOM, Programme
from services.scheduler.relating import Places, relation_matrix
from services.scheduler.terms import PairTerm, Relation

Integers = NDArray[np.int64]
UNKNOWN = np.iinfo(np.int64).max


@dataclass
class Pairing:
    """Of two timeslots, the least that a relation of two sessions in them can be.

    Sessions of two tracks never share a cell; those of one track that share a timeslot may.
    """

    programme: Programme
    _places: dict[int, Places] = field(default_factory=dict)

    def least(self, term: PairTerm) -> Integers:
        """By timeslot of the one and of the other."""
        number = self.programme.compiled.number
        one, other = number[term.one], number[term.other]
        shape = self.programme.timeslots, self.programme.timeslots
        relation = term.relation
        if relation in IN_OTHER_ROOM:
            if self.programme.track_of[one] == self.programme.track_of[other]:
                return np.zeros(shape, dtype=np.int64)
            relation = IN_OTHER_ROOM[relation]
        if relation is Relation.SAME_TIMESLOT:
            return np.eye(shape[0], dtype=np.int64)
        here, there = self._starts(one), self._starts(other)
        matrix = relation_matrix(int(relation), term.parameter, here, there)
        least = np.full(shape, UNKNOWN)
        np.minimum.at(least, (here.timeslot[:, None], there.timeslot[None, :]), matrix)
        return np.where(least == UNKNOWN, 0, least)

    def _starts(self, row: int) -> Places:
        """One place of the session for each start."""
        if row not in self._places:
            places, first = self.programme.places
            own = slice(int(first[row]), int(first[row + 1]))
            _, numbers = np.unique(places.start[own], return_index=True)
            self._places[row] = Places(*(array[own][numbers] for array in places))
        return self._places[row]
