"""All rules of a problem, stated on the tables: what search, what-if and the CP-SAT model share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from services.scheduler.board import Board
from services.scheduler.cadence import grid_cadence
from services.scheduler.candidates import Candidates, find_candidates
from services.scheduler.choices import Choices, find_choices
from services.scheduler.errors import ProblemError
from services.scheduler.kernel import Tables
from services.scheduler.problem import Problem
from services.scheduler.relating import Places, places_of
from services.scheduler.rules.base import GroupRule, PairRule
from services.scheduler.rules.weekly_series import keeps_room
from services.scheduler.spots import spots_of
from services.scheduler.summing import Sums
from services.scheduler.terms import GroupTerm, Key, Measure, PairTerm, Relation

Integers = NDArray[np.int64]


Term = TypeVar("Term")

MOST_PLACES = 25_000_000
"""About 300 bytes each (measured): some 8 GB."""


@dataclass(frozen=True)
class Stated(Generic[Term]):
    """A term of a rule: what each unit of it costs in person-minutes, or that there may be none."""

    rule: str
    term: Term
    cost: int
    must: bool


@dataclass(frozen=True)
class Compiled:
    """A problem with all of its rules as tables. ``unplaced`` is what a session without a place costs."""

    board: Board
    candidates: Candidates
    choices: Mapping[str, Choices]
    pairs: tuple[Stated[PairTerm], ...]
    groups: tuple[Stated[GroupTerm], ...]
    sums: Sums
    unplaced: int

    @property
    def problem(self) -> Problem:
        return self.board.problem

    @cached_property
    def number(self) -> dict[str, int]:
        """The row of each session in the tables."""
        return {session.id: row for row, session in enumerate(self.problem.sessions)}

    @cached_property
    def series(self) -> tuple[tuple[str, ...], ...]:
        """The weekly series that must hold: of each, the parts that share time and room. No part is in two."""
        found: list[tuple[str, ...]] = []
        taken: set[str] = set()
        for stated in self.groups:
            if stated.must and stated.term.inner is Key.CADENCE:
                parts = [name for name in stated.term.members if keeps_room(self.board.sessions[name])]
                members = tuple(name for name in parts if name not in taken)
                taken.update(members)
                found += [members] if len(members) > 1 else []
        return tuple(found)

    @cached_property
    def gains(self) -> int:
        """The most person-minutes that relations and measures together can gain."""
        pairs = (-one.cost * _largest(one.term, self.board) for one in self.pairs if not one.must and one.cost < 0)
        groups = (abs(one.cost) * _largest_measure(one.term, self.board) for one in self.groups if _may_gain(one))
        return sum(pairs) + sum(groups)

    @cached_property
    def too_much(self) -> int:
        """What breaking a rule that must hold costs in the tables: more than leaving both sessions out."""
        return 2 * self.unplaced + 1


def compile_problem(problem: Problem, *, keep_published: bool) -> Compiled:
    """State every rule that is switched on. Pure, and the same for the same problem. Raises ``ProblemError``."""
    board = Board(problem, keep_published=keep_published)
    _require_moderate_size(board)
    candidates = find_candidates(board)
    choices = find_choices(candidates)
    in_force = problem.policy.in_force()
    pairs = tuple(
        Stated(rule.id, term, rule.weight * term.amount, rule.must_hold())
        for rule in in_force
        if isinstance(rule, PairRule)
        for term in rule.pairs(board)
    )
    groups = tuple(
        Stated(rule.id, term, rule.weight * term.amount, rule.must_hold())
        for rule in in_force
        if isinstance(rule, GroupRule)
        for term in rule.groups(board)
    )
    sums = Sums.of(board, choices)
    unplaced = unplaced_cost(board, choices, pairs, groups) + sums.most
    return Compiled(board, candidates, choices, pairs, groups, sums, unplaced)


def _require_moderate_size(board: Board) -> None:
    """Raises ``ProblemError`` for more places than fit in memory."""
    problem = board.problem
    places = len(problem.sessions) * len(problem.rooms) * len(board.grid.starts)
    if places > MOST_PLACES:
        raise ProblemError(
            f"sessions, rooms, grid_minutes: {len(problem.sessions)} sessions, {len(problem.rooms)} rooms and "
            f"{len(board.grid.starts)} starts make {places} places; at most {MOST_PLACES} are allowed: "
            "shorten the dates, widen the grid, or state timeslots"
        )


def unplaced_cost(
    board: Board,
    choices: Mapping[str, Choices],
    pairs: tuple[Stated[PairTerm], ...],
    groups: tuple[Stated[GroupTerm], ...],
) -> int:
    """More person-minutes than all weighed rules together can be worth: no session is left out to please another."""
    most = 1
    for one in choices.values():
        if len(one):
            most += int(max(one.cost.max(), 0) - min(one.cost.min(), 0))
    for pair in pairs:
        if not pair.must:
            most += abs(pair.cost) * _largest(pair.term, board)
    for group in groups:
        if not group.must:
            most += abs(group.cost) * _largest_measure(group.term, board)
    return most


def _may_gain(stated: Stated[GroupTerm]) -> bool:
    return not stated.must and (stated.cost < 0 or min(stated.term.table) < 0)


def _largest(term: PairTerm, board: Board) -> int:
    if term.relation is Relation.OVERLAP_MINUTES:
        return min(board.sessions[term.one].minutes, board.sessions[term.other].minutes)
    return 1


def _largest_measure(term: GroupTerm, board: Board) -> int:
    members = len(term.members)
    if term.measure is Measure.COUNT:
        step = abs(term.table[-1] - term.table[-2]) if len(term.table) > 1 else 0
        return members * (max(map(abs, term.table)) + step * members)
    if term.measure is Measure.DAYS:
        days = int(board.grid.day.max(initial=0) - board.grid.day.min(initial=0))
        step = abs(term.table[-1] - term.table[-2]) if len(term.table) > 1 else 0
        return max(map(abs, term.table)) + step * days
    if term.measure is Measure.LARGEST_OVERFLOW:
        return max(map(abs, term.table)) + int(board.capacities.max(initial=0))
    if term.measure is Measure.USED:
        return members * max(term.table, default=0)
    if term.measure is Measure.PARALLEL:
        return sum(label == 0 for label in term.table) * sum(label == 1 for label in term.table)
    return members


def tables_of(compiled: Compiled, choices: Mapping[str, Choices] | None = None) -> Tables:
    """The tables as arrays for the kernel, over these choices (all of them when none are given)."""
    chosen = compiled.choices if choices is None else choices
    names = [session.id for session in compiled.problem.sessions]
    first = np.concatenate([[0], np.cumsum([len(chosen[name]) for name in names])]).astype(np.int64)
    places, pairs = _places(compiled, [chosen[name] for name in names]), _pair_arrays(compiled)
    return Tables(
        first=first,
        places=places,
        spots=spots_of(places, pairs["pair_first"], _pair_terms(pairs)),
        cost=_joined([chosen[name].cost for name in names]),
        rooms_conflict=compiled.too_much,
        unplaced=compiled.unplaced,
        rooms=len(compiled.problem.rooms),
        sums=compiled.sums.tables([chosen[name] for name in names]),
        **pairs,
        **_group_arrays(compiled),
    )


def _joined(arrays: list[Integers]) -> Integers:
    return np.concatenate([np.zeros(0, dtype=np.int64), *arrays]).astype(np.int64)


def _places(compiled: Compiled, chosen: list[Choices]) -> Places:
    board = compiled.board
    rooms = board.problem.rooms
    sites = sorted({room.site or "" for room in rooms})
    site = np.array([sites.index(room.site or "") for room in rooms], dtype=np.int64)
    room = _joined([one.room for one in chosen])
    start = _joined([one.start for one in chosen]) // 60
    minutes = np.repeat([one.session.minutes for one in chosen], [len(one) for one in chosen]).astype(np.int64)
    return places_of(
        start=start,
        end=start + minutes,
        day=_joined([one.day for one in chosen]),
        week=_joined([one.week for one in chosen]),
        timeslot=_joined([one.timeslot for one in chosen]),
        room=room,
        capacity=board.capacities[room] if len(room) else room,
        site=site[room] if len(room) else room,
        cell=_joined([one.grid for one in chosen]) * max(1, len(rooms)) + room,
        cadence=_joined([grid_cadence(board, one.session)[one.grid] for one in chosen]),
    )


def _in_tables(compiled: Compiled, stated: Stated[PairTerm]) -> int:
    return compiled.too_much if stated.must else stated.cost


def _pair_arrays(compiled: Compiled) -> dict[str, Integers]:
    sessions = len(compiled.problem.sessions)
    clash = np.zeros((sessions, sessions), dtype=np.int64)
    sides: list[list[tuple[int, ...]]] = [[] for _ in range(sessions)]
    for stated in compiled.pairs:
        term, cost = stated.term, _in_tables(compiled, stated)
        one, other = compiled.number[term.one], compiled.number[term.other]
        if term.relation is Relation.OVERLAP and not term.requires:
            clash[one, other] += cost
            clash[other, one] += cost
        else:
            rest = (term.relation, term.parameter, cost, int(term.requires))
            sides[one].append((other, 1, *rest))
            sides[other].append((one, 0, *rest))
    begin = _offsets(sides).tolist()
    requiring = [[begin[row] + number for number, side in enumerate(of) if side[-1]] for row, of in enumerate(sides)]
    columns = np.array([side for of in sides for side in of], dtype=np.int64).reshape(-1, 6).T.copy()
    return {
        "clash": clash,
        "pair_first": _offsets(sides),
        "pair_other": columns[0],
        "pair_is_one": columns[1],
        "pair_relation": columns[2],
        "pair_parameter": columns[3],
        "pair_cost": columns[4],
        "requiring_first": _offsets(requiring),
        "requiring": _flat(requiring),
    }


def _pair_terms(pairs: Mapping[str, Integers]) -> Integers:
    columns = ("pair_other", "pair_is_one", "pair_relation", "pair_parameter", "pair_cost")
    return np.stack([pairs[name] for name in columns], axis=1)


def _group_arrays(compiled: Compiled) -> dict[str, Integers]:
    members = [[compiled.number[name] for name in stated.term.members] for stated in compiled.groups]
    of: list[list[int]] = [[] for _ in compiled.problem.sessions]
    for group, rows in enumerate(members):
        for row in rows:
            of[row].append(group)
    terms = [stated.term for stated in compiled.groups]
    return {
        "group_of_first": _offsets(of),
        "group_of": _flat(of),
        "member_first": _offsets(members),
        "member": _flat(members),
        "measure": np.array([term.measure for term in terms], dtype=np.int64),
        "key": np.array([term.key for term in terms], dtype=np.int64),
        "inner": np.array([term.inner for term in terms], dtype=np.int64),
        "group_cost": np.array(
            [compiled.too_much if stated.must else stated.cost for stated in compiled.groups], dtype=np.int64
        ),
        "table_first": _offsets([list(term.table) for term in terms]),
        "table": _flat([list(term.table) for term in terms]),
    }


def _offsets(rows: list[list[tuple[int, ...]]] | list[list[int]]) -> Integers:
    return np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)


def _flat(rows: list[list[int]]) -> Integers:
    return np.array([value for row in rows for value in row], dtype=np.int64)
