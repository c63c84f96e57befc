"""The search for programmes in blocks: blocks first, then what lies where in them.

The blocks alone decide nearly all of what such a programme costs. Annealing finds first blocks, large neighbourhoods
improve them on the block model, and what is left of the time goes to a proof. Whenever blocks get better they are
completed to a plan, which the tables score like any other; where that costs more than the blocks, it is polished.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from services.scheduler.blocks.budget import Budget
from services.scheduler.blocks.completing import blocks_of, completed
from services.scheduler.blocks.cooling import cooled
from services.scheduler.blocks.model import BlockModel, Blocks
from services.scheduler.blocks.neighbourhoods import Neighbourhoods, hint, priced
from services.scheduler.blocks.packing import Plan, packed
from services.scheduler.blocks.pairs import PairEncoder
from services.scheduler.blocks.polishing import polished
from services.scheduler.blocks.programme import Programme
from services.scheduler.blocks.stars import StarEncoder
from services.scheduler.blocks.tracks import TrackEncoder
from services.scheduler.compiling import tables_of
from services.scheduler.kernel import plan_cost
from services.scheduler.pruning import floor
from services.scheduler.search import Found, OnProgress, SearchProgress, gap
from shared.contract.facts.scheduler import Limits

FIRST_COOLING, COMPLETING = 0.05, 0.1
"""Shares of the time: for a quick annealing, and for one completion at most."""


@dataclass(frozen=True)
class Shares:
    """How the time is shared: for a first look by the solver and for a longer annealing; and until when neighbourhoods
    are searched and plans polished. What is left is for a proof."""

    first_solve: float
    cooling: float
    neighbourhoods: float
    polishing: float


PROVABLE = Shares(first_solve=0.08, cooling=0.34, neighbourhoods=0.64, polishing=0.7)
TOO_LARGE = Shares(first_solve=0.0, cooling=0.45, neighbourhoods=0.95, polishing=1.0)
LARGEST_PROVABLE = 40_000
"""Literals of a block model, about: at a larger one the solver has not even begun when time is up (measured)."""
A_COOLING, MOST_COOLINGS = 0.06, 6
"""Seconds (or units of work) for each session that one of the longer annealings should have, and how many there are."""
PROVING = ("core", "max_lp")
"""What proves most with two workers; measured on the six conferences of CSPLib."""


@dataclass(frozen=True)
class _Solved:
    """Blocks and what they cost on their model."""

    blocks: Blocks
    cost: int


class BlockSearch:
    """One search over one programme in blocks. Runs once, in whatever thread calls ``run``."""

    def __init__(
        self,
        programme: Programme,
        limits: Limits,
        *,
        on_progress: OnProgress | None = None,
        cancel: threading.Event | None = None,
        start: Mapping[str, int] | None = None,
    ) -> None:
        self._programme, self._limits, self._on_progress = programme, limits, on_progress
        self._cancel = cancel or threading.Event()
        self._budget = Budget(limits, self._cancel)
        self._tables = tables_of(programme.compiled)
        self._floor = floor(programme.compiled, programme.compiled.choices)
        self._plan: Plan = dict(start or {})
        self._cost = self._cost_of(self._plan)

    def run(self) -> Found:
        """Search until the best plan is proven, a limit is reached or somebody cancels."""
        self._tell()
        best = self._cooled(FIRST_COOLING, self._limits.seed)[0]
        self._keep(packed(self._programme, best.blocks))
        if not self._is_over():
            everybody = len(best.blocks.timeslot) == len(self._programme.cost)
            model = build_blocks(self._programme, everybody=everybody)
            shares = PROVABLE if len(model.cp.proto.variables) <= LARGEST_PROVABLE else TOO_LARGE
            best = self._solved(model, self._priced(model, best), shares.first_solve)
            best = self._improved(model, self._cooled_again(model, best, shares.cooling), shares.neighbourhoods)
            self._polish(best, 1 - shares.polishing)
            best = self._solved(model, best, 1 - shares.polishing, subsolvers=PROVING)
            self._polish(best, 0.0)
        self._tell()
        return Found(self._plan, self._cost, min(self._floor, self._cost), self._cancel.is_set())

    def _cooled(self, share: float, seed: int) -> list[_Solved]:
        """Annealed blocks, the cheapest first; first of all those of the plan to begin from, where they cost less."""
        found = cooled(self._programme, seed, self._limits.workers, self._budget, share)
        annealed = [_Solved(blocks, cost) for blocks, cost in found]
        if self._plan and self._cost < annealed[0].cost:
            return [_Solved(blocks_of(self._programme, self._plan), self._cost), *annealed]
        return annealed

    def _cooled_again(self, model: BlockModel, best: _Solved, share: float) -> _Solved:
        """The best of these blocks and those of several coolings more: they differ much in where they end."""
        sessions, seed = len(self._programme.cost), self._limits.seed
        rounds = min(MOST_COOLINGS, max(1, int(share * self._budget.total / (A_COOLING * sessions))))
        for number in range(rounds):
            if self._is_over() or best.cost <= self._floor:
                break
            for one in self._cooled(share / rounds, seed + 1 + number):
                if one.cost < best.cost:
                    best = min(best, self._priced(model, one), key=lambda solved: solved.cost)
        self._complete(best)
        return best

    def _priced(self, model: BlockModel, solved: _Solved) -> _Solved:
        """The same blocks at the cost that the model gives them, which knows of more than the annealing."""
        cost = priced(model, solved.blocks, self._budget)
        return solved if cost is None else _Solved(solved.blocks, cost)

    def _improved(self, model: BlockModel, best: _Solved, until: float) -> _Solved:
        neighbourhoods = Neighbourhoods(model, self._limits.seed)
        while self._budget.left() > (1 - until) * self._budget.total and not self._is_over():
            blocks, cost = neighbourhoods.better(best.blocks, best.cost, self._budget)
            better = cost < best.cost
            best = _Solved(blocks, cost)
            if better:
                self._complete(best)
            if best.cost <= self._floor:
                break
        return best

    def _polish(self, best: _Solved, left: float) -> None:
        """Where the plan costs more than its blocks, until that share of the time is left."""
        if self._cost > best.cost and not self._is_over():
            until, seed = left * self._budget.total, self._limits.seed
            plan, proven = polished(self._programme, self._plan, self._cost_of, seed, self._budget, until)
            self._keep(plan)
            if proven:
                self._floor = self._cost

    def _solved(self, model: BlockModel, best: _Solved, share: float, subsolvers: tuple[str, ...] = ()) -> _Solved:
        """Blocks that are better yet, if there are any. The bound of the block model is one of the programme."""
        if not share or self._is_over() or best.cost <= self._floor:
            return best
        hint(model, best.blocks)
        solver, status = self._budget.run(model.cp, share * self._budget.total, subsolvers=subsolvers)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return best
        self._floor = max(self._floor, int(np.ceil(solver.best_objective_bound - 1e-6)))
        last = _Solved(model.blocks(solver), round(solver.objective_value))
        if last.cost >= best.cost:
            return best
        self._complete(last)
        return last

    def _complete(self, solved: _Solved) -> None:
        self._keep(completed(self._programme, solved.blocks, self._budget, COMPLETING * self._budget.total))

    def _keep(self, plan: Plan) -> None:
        cost = self._cost_of(plan)
        if cost < self._cost:
            self._plan, self._cost = plan, cost
            self._tell()

    def _cost_of(self, plan: Plan) -> int:
        number, first = self._programme.compiled.number, self._tables.first
        at = np.full(len(number), -1, dtype=np.int64)
        for name, choice in plan.items():
            at[number[name]] = first[number[name]] + choice
        return plan_cost(self._tables, at)

    def _is_over(self) -> bool:
        """Nothing is better, or not by enough to go on, or there is no time, or somebody cancelled."""
        asked = self._limits.gap
        near = asked is not None and gap(-self._cost, -self._floor) <= asked
        return self._cost <= self._floor or near or self._budget.over()

    def _tell(self) -> None:
        if self._on_progress:
            bound = max(-self._floor, -self._cost)
            placed, sessions = len(self._plan), len(self._programme.cost)
            self._on_progress(
                SearchProgress(self._budget.seconds(), -self._cost, bound, placed, sessions, dict(self._plan))
            )


def build_blocks(programme: Programme, *, everybody: bool) -> BlockModel:
    """The block model of a programme with all of its rules, and its aim."""
    model = BlockModel(programme, everybody)
    PairEncoder(model).encode()
    StarEncoder(model).encode()
    TrackEncoder(model).encode()
    model.aim()
    return model
