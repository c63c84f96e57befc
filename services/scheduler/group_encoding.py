"""Measures of several sessions, as constraints of the CP-SAT model."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from services.scheduler.compiling import Stated
from services.scheduler.kernel import Places
from services.scheduler.model import Literal, PlanningModel
from services.scheduler.terms import GroupTerm, Key, Measure

Integers = NDArray[np.int64]
MOST_ROOMS = 100_000


class GroupEncoder:
    """Writes all group terms of a compiled problem into a model."""

    def __init__(self, model: PlanningModel, places: Places, first: Integers) -> None:
        self._model, self._places, self._first = model, places, first

    def encode(self) -> None:
        measures = {
            Measure.COUNT: self._count,
            Measure.DISTINCT: self._distinct,
            Measure.SPAN: self._span,
            Measure.GAPS_IN_TIMESLOTS: self._gaps,
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
        by_key: dict[int, dict[int, list[Literal]]] = {}
        for name in stated.term.members:
            keys, inner = self._values(name, stated.term.key), self._values(name, stated.term.inner)
            for outer in np.unique(keys).tolist():
                for value in np.unique(inner[keys == outer]).tolist():
                    numbers = np.flatnonzero((keys == outer) & (inner == value)).tolist()
                    there = by_key.setdefault(outer, {}).setdefault(value, [])
                    there.append(self._model.any_of(name, numbers))
        for inner_values in by_key.values():
            used = [self._used(literals) for literals in inner_values.values()]
            if len(used) > 1:
                beyond = self._model.cp.new_int_var(0, len(used) - 1, "")
                any_used = self._used(used)
                self._model.cp.add(beyond == sum(used) - any_used)
                self._cost(stated, beyond)

    def _span(self, stated: Stated[GroupTerm]) -> None:
        members: dict[int, list[tuple[int, int, Literal]]] = {}
        for name in stated.term.members:
            row = self._model.compiled.number[name]
            keys = self._values(name, stated.term.key)
            for number, value in enumerate(keys.tolist()):
                place = int(self._first[row]) + number
                begin, end = int(self._places.start[place]), int(self._places.end[place])
                members.setdefault(value, []).append((begin, end, self._model.picks[name][number]))
        for there in members.values():
            self._span_of(stated, there)

    def _span_of(self, stated: Stated[GroupTerm], members: list[tuple[int, int, Literal]]) -> None:
        low = min(begin for begin, _, _ in members)
        high = max(end for _, end, _ in members)
        first, last = self._model.cp.new_int_var(low, high, ""), self._model.cp.new_int_var(low, high, "")
        for begin, end, literal in members:
            self._model.cp.add(first <= begin).only_enforce_if(literal)
            self._model.cp.add(last >= end).only_enforce_if(literal)
        span = self._model.cp.new_int_var(0, high - low, "")
        self._model.cp.add(span >= last - first)
        self._cost(stated, span)

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


def _extended(table: tuple[int, ...], members: int) -> list[int]:
    """The table up to so many members; past its end, its last step goes on."""
    step = table[-1] - table[-2] if len(table) > 1 else 0
    return [*table, *(table[-1] + step * more for more in range(1, members + 2 - len(table)))][: members + 1]
