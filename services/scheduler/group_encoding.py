"""Measures of several sessions, as constraints of the CP-SAT model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from services.scheduler.compiling import Stated
from services.scheduler.model import Literal, PlanningModel
from services.scheduler.relating import Places
from services.scheduler.terms import GroupTerm, Key, Measure

Integers = NDArray[np.int64]
MOST_ROOMS = 100_000
MOST_MINUTES = 1_000_000
"""More than there are rooms, and minutes in the longest horizon."""


class GroupEncoder:
    """Writes all group terms of a compiled problem into a model."""

    def __init__(self, model: PlanningModel, places: Places, first: Integers) -> None:
        self._model, self._places, self._first = model, places, first
        self._earliest = int(places.start.min(initial=2**40))

    def encode(self) -> None:
        measures = {
            Measure.COUNT: self._count,
            Measure.DISTINCT: self._distinct,
            Measure.GAPS_IN_TIMESLOTS: self._gaps,
            Measure.LARGEST_OVERFLOW: self._largest_overflow,
            Measure.DAYS: self._days,
            Measure.USED: self._used_entries,
            Measure.MIXED: self._mixed,
            Measure.PARALLEL: self._parallel,
            Measure.SEQUENCE: self._sequence,
            Measure.NO_FREE_STRETCH: self._no_free_stretch,
        }
        for stated in self._model.compiled.groups:
            if stated.must or stated.cost:
                measures[stated.term.measure](stated)

    def _values(self, name: str, key: Key) -> Integers:
        """The key's value at each choice of a session."""
        row = self._model.compiled.number[name]
        own = slice(int(self._first[row]), int(self._first[row + 1]))
        if key is Key.ALL:
            return np.zeros(own.stop - own.start, dtype=np.int64)
        if key is Key.CELL:
            return np.asarray(self._places.timeslot[own] * MOST_ROOMS + self._places.room[own])
        return np.asarray(getattr(self._places, key.name.lower())[own])

    def _members_at(self, term: GroupTerm, key: Key) -> dict[int, list[Literal]]:
        """By value of the key, the literals that say that a member is there."""
        there: dict[int, list[Literal]] = {}
        for name in term.members:
            for value, literal in self._model.by_value(name, self._values(name, key)):
                there.setdefault(value, []).append(literal)
        return there

    def _cost(self, stated: Stated[GroupTerm], number: Literal) -> None:
        if stated.must:
            self._model.cp.add(number == 0)
        else:
            self._model.costs(number, stated.cost)

    def _count(self, stated: Stated[GroupTerm]) -> None:
        for literals in self._members_at(stated.term, stated.term.key).values():
            table = _extended(stated.term.table, len(literals))
            if len(set(table)) > 1 or table[0]:
                count = self._model.cp.new_int_var(0, len(literals), "")
                self._model.cp.add(count == sum(literals))
                value = self._model.cp.new_int_var(min(table), max(table), "")
                self._model.cp.add_element(count, table, value)
                self._cost(stated, value)

    def _used(self, literals: list[Literal]) -> Literal:
        """True exactly when one of these is."""
        if len(literals) == 1:
            return literals[0]
        used = self._model.cp.new_bool_var("")
        self._model.cp.add_max_equality(used, literals)
        return used

    def _distinct(self, stated: Stated[GroupTerm]) -> None:
        for inner_values in self._inner_at(stated.term).values():
            used = [self._used(literals) for literals in inner_values.values()]
            if len(used) > 1:
                self._beyond_first(stated, used)

    def _beyond_first(self, stated: Stated[GroupTerm], used: list[Literal]) -> None:
        """How many of these are true beyond the first."""
        if stated.must:
            self._model.cp.add_at_most_one(used)
            return
        beyond = self._model.cp.new_int_var(0, len(used) - 1, "")
        self._model.cp.add(beyond == sum(used) - self._used(used))
        self._cost(stated, beyond)

    def _gaps(self, stated: Stated[GroupTerm]) -> None:
        there = self._members_at(stated.term, Key.TIMESLOT)
        used = {timeslot: self._used(literals) for timeslot, literals in there.items()}
        if not used:
            return
        rises = []
        for timeslot in range(min(used), max(used) + 1):
            if timeslot in used:
                rise, before = self._model.cp.new_bool_var(""), used.get(timeslot - 1)
                self._model.cp.add_bool_or([rise, ~used[timeslot], *([before] if before is not None else [])])
                rises.append(rise)
        broken = self._model.cp.new_bool_var("")
        self._model.cp.add(sum(rises) <= 1).only_enforce_if(~broken)
        self._cost(stated, broken)

    def _largest_overflow(self, stated: Stated[GroupTerm]) -> None:
        """A ladder: one literal for each value that can be the largest, true when it is reached; each step costs."""
        *demands, lowest = stated.term.table
        reaches: dict[int, list[Literal]] = {}
        for name, demand in zip(stated.term.members, demands, strict=True):
            for capacity, literal in self._model.by_value(name, self._capacities(name)):
                reaches.setdefault(demand - capacity, []).append(literal)
        self._model.floor += stated.cost * lowest
        below, step_below = lowest, None
        for value in sorted(value for value in reaches if value > lowest):
            step = self._model.cp.new_bool_var("")
            for literal in reaches[value]:
                self._model.cp.add_implication(literal, step)
            if step_below is not None:
                self._model.cp.add_implication(step, step_below)
            self._model.costs(step, stated.cost * (value - below))
            below, step_below = value, step

    def _days(self, stated: Stated[GroupTerm]) -> None:
        """Says at least how far apart the first and the last day are: for tables that do not fall, and cost."""
        there = self._members_at(stated.term, Key.DAY)
        if not there:
            return
        low, high = min(there), max(there)
        first, last = self._model.cp.new_int_var(low, high, ""), self._model.cp.new_int_var(low, high, "")
        used = {day: self._used(literals) for day, literals in there.items()}
        for day, literal in used.items():
            self._model.cp.add(first <= day).only_enforce_if(literal)
            self._model.cp.add(last >= day).only_enforce_if(literal)
        self._model.cp.add(last >= first)
        table = _extended(stated.term.table, high - low)
        value = self._model.cp.new_int_var(min(table), max(table), "")
        self._model.cp.add_element(last - first, table, value)
        self._cost(stated, value)

    def _no_free_stretch(self, stated: Stated[GroupTerm]) -> None:
        """A day is broken unless some stretch is free; one that is begins with the window, or as a member ends."""
        needed, *edges = stated.term.table
        for day, (begin, end) in enumerate(zip(edges[::2], edges[1::2], strict=True)):
            there = [one for name in stated.term.members for one in self._touching(name, day, begin, end)]
            stretches = []
            for start in sorted({begin} | {until for _, until, _ in there if until + needed <= end}):
                busy = [literal for since, until, literal in there if since < start + needed and start < until]
                if not busy:
                    break
                free = self._model.cp.new_bool_var("")
                for literal in busy:
                    self._model.cp.add_implication(free, ~literal)
                stretches.append(free)
            else:
                broken = self._model.cp.new_bool_var("")
                self._model.cp.add_bool_or(broken, *stretches)
                self._cost(stated, broken)

    def _touching(self, name: str, day: int, begin: int, end: int) -> Iterator[tuple[int, int, Literal]]:
        """The starts of a member on that day at which it lies in the window, with its end and literal."""
        row = self._model.compiled.number[name]
        own = slice(int(self._first[row]), int(self._first[row + 1]))
        starts, ends = self._places.start[own], self._places.end[own]
        inside = (self._places.day[own] == day) & (starts < end) & (begin < ends)
        for start in np.unique(starts[inside]).tolist():
            numbers = np.flatnonzero(inside & (starts == start))
            yield start, int(ends[numbers[0]]), self._model.any_of(name, numbers.tolist())

    def _capacities(self, name: str) -> Integers:
        row = self._model.compiled.number[name]
        return np.asarray(self._places.capacity[int(self._first[row]) : int(self._first[row + 1])])

    def _inner_at(self, term: GroupTerm) -> dict[int, dict[int, list[Literal]]]:
        """By value of the key and then of ``inner``, the literals that say that a member is there."""
        there: dict[int, dict[int, list[Literal]]] = {}
        for name in term.members:
            keys, inner = self._values(name, term.key), self._values(name, term.inner)
            pairs = np.unique(np.stack([keys, inner]), axis=1).T
            for outer, value in pairs.tolist():
                numbers = np.flatnonzero((keys == outer) & (inner == value)).tolist()
                there.setdefault(outer, {}).setdefault(value, []).append(self._model.any_of(name, numbers))
        return there

    def _used_entries(self, stated: Stated[GroupTerm]) -> None:
        rooms = len(self._model.compiled.problem.rooms)
        for values in self._inner_at(stated.term).values():
            for value, literals in values.items():
                entry = value // MOST_ROOMS * rooms + value % MOST_ROOMS if stated.term.inner is Key.CELL else value
                amount = stated.term.table[entry] if 0 <= entry < len(stated.term.table) else 0
                if amount and stated.must:
                    self._model.cp.add_bool_and(~literal for literal in literals)
                elif amount:
                    self._model.costs(self._used(literals), stated.cost * amount)

    def _mixed(self, stated: Stated[GroupTerm]) -> None:
        by_key: dict[int, dict[int, list[Literal]]] = {}
        for name, label in zip(stated.term.members, stated.term.table, strict=True):
            for value, literal in self._model.by_value(name, self._values(name, stated.term.key)):
                by_key.setdefault(value, {}).setdefault(label, []).append(literal)
        for labels in by_key.values():
            used = [self._used(literals) for literals in labels.values()]
            if len(used) > 1:
                self._beyond_first(stated, used)

    def _parallel(self, stated: Stated[GroupTerm]) -> None:
        term = stated.term
        label = dict(zip(term.members, term.table, strict=True))
        sides = [self._inner_at(replace(term, members=tuple(n for n in term.members if label[n] == s))) for s in (0, 1)]
        for value in sides[0].keys() & sides[1].keys():
            here, there = ([self._used(literals) for literals in side[value].values()] for side in sides)
            for one in here:
                for other in there:
                    both = self._model.cp.new_bool_var("")
                    self._model.cp.add_bool_or(both, ~one, ~other)
                    self._cost(stated, both)

    def _sequence(self, stated: Stated[GroupTerm]) -> None:
        turns = {name: self._turns(name) for name in stated.term.members}
        for name, wanted in zip(stated.term.members, stated.term.table, strict=True):
            if not wanted:
                continue
            misplaced = self._model.cp.new_bool_var("")
            for turn, literal in self._model.by_value(name, turns[name]):
                before = [
                    self._model.any_of(other, np.flatnonzero(turns[other] < turn).tolist())
                    for other in stated.term.members
                    if other != name and (turns[other] < turn).any()
                ]
                number = cp_model.LinearExpr.sum(before) + 1
                self._model.cp.add(number == wanted).only_enforce_if(literal, ~misplaced)
            self._cost(stated, misplaced)

    def _turns(self, name: str) -> Integers:
        """By choice of a session, where it would come in a running sequence."""
        row = self._model.compiled.number[name]
        own = slice(int(self._first[row]), int(self._first[row + 1]))
        order = self._places.timeslot[own] * MOST_ROOMS + self._places.room[own]
        return np.asarray(order * MOST_MINUTES + self._places.start[own] - self._earliest)


def _extended(table: tuple[int, ...], members: int) -> list[int]:
    """The table up to so many members; past its end, its last step goes on."""
    step = table[-1] - table[-2] if len(table) > 1 else 0
    return [*table, *(table[-1] + step * more for more in range(1, members + 2 - len(table)))][: members + 1]
