"""The change of a plan that disturbs fewest people, with proof.

Whoever cannot stay has to move; that is what no plan goes below. So only they are free at first, and the rest of the
plan stays. Where they do not all find a place, those in their way become free as well, and those in theirs, until the
bound is reached or nobody else is in anybody's way: what lies outside then cannot change the answer.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
from ortools.sat.python import cp_model

from services.scheduler.cancelling import stopped_by
from services.scheduler.choices import Choices
from services.scheduler.explaining.arranging import quick_solver
from services.scheduler.explaining.narrowing import in_the_way_of, narrowed, only_what_must_hold
from services.scheduler.explaining.situation import Situation
from services.scheduler.kernel import place_costs
from services.scheduler.model import PlanningModel
from services.scheduler.resolving.inserting import insert_all
from services.scheduler.resolving.keeping_lines import with_lines_kept
from services.scheduler.search import build_model
from shared.contract.facts.scheduler import Placement

SHARE_FOR_INSERTIONS = 0.25
LARGEST_PART = 60_000
"""Choices of those who may move, together; beyond that a model takes longer to build than to search otherwise."""


@dataclass(frozen=True)
class Resettled:
    """By session that has a place, where it is now; who moved or lost the place; and whether fewer is impossible."""

    placed: Mapping[str, Placement]
    moved: frozenset[str]
    proven: bool


def fewest_moves(
    situation: Situation,
    weights: Mapping[str, int],
    *,
    frozen: Collection[str] = (),
    seconds: float = 5.0,
    cancel: threading.Event | None = None,
) -> Resettled:
    """As many sessions with a place as possible; then the least sum of ``weights`` over those of the plan that move.

    ``frozen`` sessions stay unless a rule forbids it. A weekly series of which most parts can stay does: what cannot be
    held in it then has no place, and that is no reason to move the others.
    """
    until = time.monotonic() + seconds
    free = cannot_stay(situation)
    situation = with_lines_kept(situation, free)
    goal = Goal.of(situation, weights)
    best = _inserted(situation, free, until=time.monotonic() + SHARE_FOR_INSERTIONS * seconds)
    while not goal.reached_by(best) and time.monotonic() < until and not (cancel and cancel.is_set()):
        choices = narrowed(situation, free)
        if sum(len(choices[name]) for name in free) > LARGEST_PART:
            break
        found, optimal = _solved(situation, choices, weights, max(0.05, until - time.monotonic()), cancel)
        if found is not None and goal.rank(found) < goal.rank(best):
            best = found
        more = in_the_way_of(situation, free) - set(frozen)
        if not more:
            proven = (optimal and not frozen) or goal.is_least(best)
            return replace(polished(situation, best), proven=proven)
        free |= more
    return replace(polished(situation, best), proven=goal.is_least(best))


@dataclass(frozen=True)
class Goal:
    """What no plan goes below: whoever can be nowhere has no place, and whoever cannot stay moves."""

    weights: Mapping[str, int]
    sessions: int
    least: int

    @classmethod
    def of(cls, situation: Situation, weights: Mapping[str, int]) -> Goal:
        must_move = sum(
            weights[name] for name, placement in situation.placed.items() if situation.choice(placement) is None
        )
        return cls(weights, sum(len(one) > 0 for one in situation.compiled.choices.values()), must_move)

    def rank(self, found: Resettled) -> tuple[int, int]:
        """Sessions without a place that could have one, and people-moves; less is better."""
        return self.sessions - len(found.placed), sum(self.weights[name] for name in found.moved)

    def reached_by(self, found: Resettled) -> bool:
        return self.rank(found) == (0, self.least)

    def is_least(self, found: Resettled) -> bool:
        """Whether only those move who have to: no plan moves fewer, whoever else has a place in it."""
        return self.rank(found)[1] == self.least


def polished(situation: Situation, found: Resettled) -> Resettled:
    """The same sessions move, each to where it costs least beside the others, one after the other until none gains."""
    at = np.full(len(situation.compiled.number), -1, dtype=np.int64)
    for name, placement in found.placed.items():
        number = situation.choice(placement)
        at[situation.compiled.number[name]] = -1 if number is None else _place(situation, name, number)
    movable = sorted(name for name, placement in found.placed.items() if situation.placed.get(name) != placement)
    placed, gained = dict(found.placed), True
    while gained:
        gained = False
        for name in movable:
            row = situation.compiled.number[name]
            costs = place_costs(situation.tables, at, row)
            best = int(costs.argmin())
            if costs[best] < costs[at[row] - situation.tables.first[row]]:
                at[row], gained = _place(situation, name, best), True
                placed[name] = situation.chosen(name, best)
    return replace(found, placed=placed, moved=_moved(situation, placed))


def _place(situation: Situation, name: str, number: int) -> int:
    return int(situation.tables.first[situation.compiled.number[name]]) + number


def _moved(situation: Situation, placed: Mapping[str, Placement]) -> frozenset[str]:
    return frozenset(name for name, before in situation.placed.items() if placed.get(name) != before)


def _inserted(situation: Situation, free: Collection[str], *, until: float) -> Resettled:
    """Everybody else stays where they are."""
    at = insert_all(situation, free, until=until)
    placed = {
        name: situation.chosen(name, int(at[row] - situation.tables.first[row]))
        for name, row in situation.compiled.number.items()
        if at[row] >= 0
    }
    return Resettled(placed, _moved(situation, placed), proven=False)


def cannot_stay(situation: Situation) -> set[str]:
    """Sessions without a place, with one that a rule forbids by now, and any two that now exclude each other."""
    breaking = {name for _, names in situation.breaches for name in names}
    homeless = {name for name in situation.compiled.choices if situation.at[situation.compiled.number[name]] < 0}
    return homeless | breaking


def _solved(
    situation: Situation,
    choices: Mapping[str, Choices],
    weights: Mapping[str, int],
    seconds: float,
    cancel: threading.Event | None,
) -> tuple[Resettled | None, bool]:
    model = build_model(only_what_must_hold(situation.compiled), choices)
    all_moves = sum(weights.values()) + 1
    terms: list[cp_model.LinearExprT] = [all_moves * ~placed for placed in model.placed.values()]
    stays = {name: _stays(situation, model, name) for name in situation.placed}
    terms += [weights[name] * (1 - literal) for name, literal in stays.items()]
    model.cp.minimize(cp_model.LinearExpr.sum(terms))
    model.hint(_present(situation, choices))
    solver = quick_solver(seconds)
    with stopped_by(cancel, solver):
        status = solver.solve(model.cp)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None, False
    placed = {
        name: situation.placement(name, int(choices[name].start[number]), int(choices[name].room[number]))
        for name, literals in model.picks.items()
        for number, literal in enumerate(literals)
        if solver.boolean_value(literal)
    }
    return Resettled(placed, _moved(situation, placed), proven=False), status == cp_model.OPTIMAL


def _number(situation: Situation, choices: Choices, name: str) -> int | None:
    placement = situation.placed[name]
    same = (choices.start == int(placement.start.timestamp())) & (choices.room == situation.room_number(placement.room))
    return int(same.argmax()) if same.any() else None


def _stays(situation: Situation, model: PlanningModel, name: str) -> cp_model.LinearExprT:
    number = _number(situation, model.choices[name], name)
    return 0 if number is None else model.picks[name][number]


def _present(situation: Situation, choices: Mapping[str, Choices]) -> dict[str, int]:
    numbers = {name: _number(situation, choices[name], name) for name in situation.placed}
    return {name: number for name, number in numbers.items() if number is not None}
