"""What two sessions do to each other, as clauses of the CP-SAT model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from services.scheduler.compiling import Compiled, Stated
from services.scheduler.model import Literal, PlanningModel
from services.scheduler.relating import Places, relation_matrix
from services.scheduler.terms import PairTerm, Relation

Integers = NDArray[np.int64]

LOOKS_AT: dict[Relation, tuple[str, ...]] = {
    Relation.OVERLAP: ("start",),
    Relation.OVERLAP_MINUTES: ("start",),
    Relation.OVERLAP_IN_OTHER_ROOM: ("start", "room"),
    Relation.SAME_TIMESLOT: ("timeslot",),
    Relation.SAME_TIMESLOT_IN_OTHER_ROOM: ("timeslot", "room"),
    Relation.SAME_CELL: ("timeslot", "room"),
    Relation.SAME_DAY: ("day",),
    Relation.OTHER_DAY: ("day",),
    Relation.SAME_DAY_IN_OTHER_ROOM: ("day", "room"),
    Relation.SAME_WEEK: ("week",),
    Relation.SAME_SITE: ("site",),
    Relation.NOT_BEFORE: ("start",),
    Relation.BEFORE: ("start",),
    Relation.GAP_UNDER: ("start",),
    Relation.GAP_UNDER_BETWEEN_SITES: ("start", "site"),
    Relation.ONE_IN_LARGER_ROOM: ("capacity",),
    Relation.DAYS_OUTSIDE: ("day",),
    Relation.NOT_NEXT_TO: ("start", "room"),
}
"""What of its place a session shows in a relation: choices that agree in it are one class of the model."""


@dataclass(frozen=True)
class Classes:
    """The choices of one session, grouped by what a relation looks at."""

    session: str
    places: Places
    """One representative of each class."""
    choices: tuple[tuple[int, ...], ...]

    def __len__(self) -> int:
        return len(self.choices)


class Encoder:
    """Writes room conflicts and all pair terms of a compiled problem into a model."""

    def __init__(self, model: PlanningModel, places: Places, first: Integers) -> None:
        self._model, self._places, self._first = model, places, first
        self._classes: dict[tuple[str, tuple[str, ...]], Classes] = {}

    def encode(self) -> None:
        compiled = self._model.compiled
        forbid_room_conflicts(self._model, self._places, self._first)
        never_together = [one for one in compiled.pairs if one.must and one.term.relation is Relation.OVERLAP]
        self._forbid_overlaps(compiled, never_together)
        for stated in compiled.pairs:
            if stated.must and stated.term.relation is not Relation.OVERLAP:
                self._forbid(stated.term)
            elif not stated.must and stated.cost:
                self._weigh(stated)

    def classes(self, session: str, attributes: tuple[str, ...]) -> Classes:
        key = session, attributes
        if key not in self._classes:
            row = self._model.compiled.number[session]
            own = slice(int(self._first[row]), int(self._first[row + 1]))
            places = Places(*(array[own] for array in self._places))
            looked_at = np.stack([getattr(places, name) for name in attributes], axis=1)
            _, representative, group = np.unique(looked_at, axis=0, return_index=True, return_inverse=True)
            members = tuple(tuple(np.flatnonzero(group.ravel() == one).tolist()) for one in range(len(representative)))
            self._classes[key] = Classes(session, Places(*(array[representative] for array in places)), members)
        return self._classes[key]

    def _forbid_overlaps(self, compiled: Compiled, pairs: list[Stated[PairTerm]]) -> None:
        """Sets of sessions of which no two may overlap: at any instant at most one of them goes on."""
        for members in cliques((stated.term.one, stated.term.other) for stated in pairs):
            occupations = [one for name in members for one in self._starts(compiled, name)]
            at_most_one_at_a_time(self._model, occupations)

    def _starts(self, compiled: Compiled, name: str) -> Iterator[Occupation]:
        classes = self.classes(name, ("start",))
        minutes = compiled.board.sessions[name].minutes
        for number, choices in enumerate(classes.choices):
            start = int(classes.places.start[number])
            yield Occupation(start, start + minutes, self._model.any_of(name, choices))

    def _matrix(self, term: PairTerm) -> tuple[Classes, Classes, Integers]:
        attributes = LOOKS_AT[term.relation]
        one, other = self.classes(term.one, attributes), self.classes(term.other, attributes)
        return one, other, relation_matrix(int(term.relation), term.parameter, one.places, other.places)

    def _forbid(self, term: PairTerm) -> None:
        one, other, matrix = self._matrix(term)
        if term.requires:
            self._require(one, other, matrix.T == 0)
            return
        for rows, columns in patterns(matrix > 0):
            self._model.cp.add_bool_or(~self._any(one, rows), ~self._any(other, columns))

    def _require(self, one: Classes, other: Classes, allowed: NDArray[np.bool_]) -> None:
        """Where the other begins says where the one may be; without a place of the one it has none."""
        for column, rows in enumerate(allowed):
            fitting = [number for row in np.flatnonzero(rows).tolist() for number in one.choices[row]]
            begins = self._model.any_of(other.session, other.choices[column])
            if fitting:
                self._model.cp.add_implication(begins, self._model.any_of(one.session, sorted(fitting)))
            else:
                self._model.cp.add(begins == 0)

    def _weigh(self, stated: Stated[PairTerm]) -> None:
        """For each step in the relation's value, a literal that is true when it is reached."""
        one, other, matrix = self._matrix(stated.term)
        below = 0
        for value in sorted(set(np.unique(matrix).tolist()) - {0}):
            reached = self._model.cp.new_bool_var("")
            if stated.cost > 0:
                for rows, columns in patterns(matrix >= value):
                    self._model.cp.add_bool_or(reached, ~self._any(one, rows), ~self._any(other, columns))
            else:
                self._only_if(reached, one, other, matrix >= value)
            self._model.costs(reached, stated.cost * (value - below))
            below = value
        if stated.term.requires:
            alone = self._model.cp.new_bool_var("")
            placed = self._model.placed
            self._model.cp.add_bool_or(alone, placed[stated.term.one], ~placed[stated.term.other])
            self._model.costs(alone, stated.cost)

    def _only_if(self, reached: Literal, one: Classes, other: Classes, holds: NDArray[np.bool_]) -> None:
        """A gain: the literal may be true only where the relation holds."""
        usable = [row for row in range(len(one)) if holds[row].any()]
        if not usable:
            self._model.cp.add(reached == 0)
            return
        self._model.cp.add_implication(reached, self._any(one, usable))
        for rows, columns in patterns(holds):
            self._model.cp.add_bool_or(~reached, ~self._any(one, rows), self._any(other, columns))

    def _any(self, classes: Classes, numbers: Iterable[int]) -> Literal:
        chosen = sorted(choice for number in numbers for choice in classes.choices[number])
        return self._model.any_of(classes.session, chosen)


def patterns(holds: NDArray[np.bool_]) -> Iterator[tuple[list[int], list[int]]]:
    """Rows that hold with the same columns, together, with those columns; rows that hold with none are left out."""
    if not holds.any():
        return
    distinct, group = np.unique(holds, axis=0, return_inverse=True)
    for number, columns in enumerate(distinct):
        if columns.any():
            yield np.flatnonzero(group.ravel() == number).tolist(), np.flatnonzero(columns).tolist()


@dataclass(frozen=True)
class Occupation:
    """A literal that, when true, takes a resource from ``start`` until ``end`` (minutes since the epoch)."""

    start: int
    end: int
    literal: Literal


def forbid_room_conflicts(model: PlanningModel, places: Places, first: Integers) -> None:
    """A room holds one session at a time."""
    by_room: dict[int, list[Occupation]] = {}
    for row, session in enumerate(model.compiled.problem.sessions):
        for number, literal in enumerate(model.picks[session.id]):
            place = int(first[row]) + number
            occupation = Occupation(int(places.start[place]), int(places.end[place]), literal)
            by_room.setdefault(int(places.room[place]), []).append(occupation)
    for occupations in by_room.values():
        at_most_one_at_a_time(model, occupations)


def at_most_one_at_a_time(model: PlanningModel, occupations: list[Occupation]) -> None:
    """Of these, no two that share an instant are true."""
    for literals in _sharing_an_instant(occupations):
        model.cp.add_at_most_one(literals)


def _sharing_an_instant(occupations: list[Occupation]) -> Iterator[list[Literal]]:
    """The largest groups that share an instant: each as it stands before one of its members ends."""
    going: list[Occupation] = []
    grown = False
    for occupation in sorted(occupations, key=lambda one: one.start):
        still_going = [other for other in going if other.end > occupation.start]
        if grown and len(still_going) < len(going):
            yield [other.literal for other in going]
        going = [*still_going, occupation]
        grown = len(going) > 1
    if grown:
        yield [other.literal for other in going]


def cliques(pairs: Iterable[tuple[str, str]]) -> Iterator[list[str]]:
    """Sets in which every two are a pair, grown greedily until all pairs are in one."""
    left = {frozenset(pair) for pair in pairs}
    neighbours: dict[str, set[str]] = {}
    for one, other in map(sorted, left):
        neighbours.setdefault(one, set()).add(other)
        neighbours.setdefault(other, set()).add(one)
    for pair in sorted(map(sorted, left)):
        if frozenset(pair) not in left:
            continue
        members = list(pair)
        for candidate in sorted(neighbours[pair[0]] & neighbours[pair[1]]):
            if neighbours[candidate].issuperset(members):
                members.append(candidate)
        left -= {frozenset(two) for two in combinations(members, 2)}
        yield members
