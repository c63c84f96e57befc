"""The search for the best plan: local search for a first full answer, then CP-SAT for what is still better and proof.

Local search runs on compiled tables and finds good plans of any size; CP-SAT proves, and finds the last gains where
the model is small enough to be searched at all. Both start from the same tables and share one incumbent.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from ortools.sat.python import cp_model

from services.scheduler.choices import Choices
from services.scheduler.compiling import Compiled, tables_of
from services.scheduler.encoding import Encoder
from services.scheduler.group_encoding import GroupEncoder
from services.scheduler.incumbent import LocalSearch, counted, steadily
from services.scheduler.model import PlanningModel
from services.scheduler.pruning import floor, without_hopeless, without_needless
from services.scheduler.settling import settled
from shared.contract.facts.scheduler import Limits

REINSERTIONS = 20_000
PATIENCE = 60
"""Rounds of taking out and putting back: at most, and without a gain for each session of the problem."""
FIRST_COOLING = 0.05
"""Share of the time for a quick first cooling. A second one takes the rest where CP-SAT cannot take over."""
SLICES_PER_UNIT = 200
"""Slices of cooling that stand for one unit of deterministic time."""
LARGEST_MODEL = 300_000
"""Literals in clauses, about; what is larger, CP-SAT does not even load in time."""
SECONDS_BETWEEN_LOOKS = 0.05


@dataclass(frozen=True)
class SearchProgress:
    """Where a running search stands; objective and bound are person-minutes, higher is better."""

    seconds: float
    objective: int
    bound: int
    placed: int
    sessions: int


OnProgress = Callable[[SearchProgress], None]


@dataclass(frozen=True)
class Found:
    """The best plan of a search (numbers of choices), what it costs, and what no plan goes below."""

    plan: Mapping[str, int]
    cost: int
    floor: int
    cancelled: bool


class Search:
    """One search over one compiled problem. Runs once, in whatever thread calls ``run``."""

    def __init__(
        self,
        compiled: Compiled,
        limits: Limits,
        *,
        on_progress: OnProgress | None = None,
        cancel: threading.Event | None = None,
    ) -> None:
        self._compiled, self._limits = compiled, limits
        self._on_progress = on_progress
        self._cancel = cancel or threading.Event()
        self._begun = time.monotonic()
        self._choices = without_needless(compiled)
        self._floor = floor(compiled, compiled.choices)

    def run(self) -> Found:
        """Search until the best plan is proven, a limit is reached or somebody cancels."""
        local = LocalSearch(self._compiled, self._choices, self._limits.seed)
        self._tell(local.cost, len(local.plan()))
        self._search_locally(local)
        local.repair()
        plan, cost = local.plan(), local.cost
        if cost > self._floor and self._is_small_enough() and not self._cancel.is_set():
            plan, cost = self._improved(plan, cost)
        plan = settled(self._compiled, self._compiled.choices, self._in_all(plan))
        self._tell(cost, len(plan))
        return Found(plan, cost, min(self._floor, cost), self._cancel.is_set())

    def _search_locally(self, local: LocalSearch) -> None:
        seconds = self._limits.seconds or 0.0
        until = None if self._limits.deterministic else seconds
        small = self._is_small_enough()
        local.reinsert(REINSERTIONS, PATIENCE * len(self._choices), self._enough(local, until))
        for share in (FIRST_COOLING,) if small else (FIRST_COOLING, 1.0):
            if not self._enough(local, until)(local.cost):
                if until is None:
                    done = counted(int(SLICES_PER_UNIT * share * (self._limits.deterministic or 0)))
                else:
                    done = steadily(share * (until - self._seconds()))
                local.anneal(done, self._enough(local, until))

    def _enough(self, local: LocalSearch, until: float | None) -> Callable[[int], bool]:
        """Stop at a plan that cannot be better, when time is up, or when somebody cancels."""
        best = local.cost

        def enough(least: int) -> bool:
            nonlocal best
            if least < best:
                best = least
                self._tell(least, len(local.plan()))
            late = until is not None and self._seconds() > until
            return least <= self._floor or late or self._cancel.is_set()

        return enough

    def _is_small_enough(self) -> bool:
        """Whether CP-SAT can do anything with the model in reasonable time and memory."""
        sizes = {name: len(one) for name, one in self._choices.items()}
        starts = {name: len(set(one.start.tolist())) for name, one in self._choices.items()}
        pairs = sum(starts[stated.term.one] + starts[stated.term.other] for stated in self._compiled.pairs)
        groups = sum(sizes[name] for stated in self._compiled.groups for name in stated.term.members)
        return sum(sizes.values()) + pairs + groups < LARGEST_MODEL

    def _improved(self, plan: Mapping[str, int], cost: int) -> tuple[Mapping[str, int], int]:
        kept = without_hopeless(self._compiled, self._choices, cost)
        model = build_model(self._compiled, kept)
        model.hint(_renumbered(plan, self._choices, kept))
        solver = self._solver()
        with self._stopping(solver):
            status = solver.solve(model.cp, _Reporter(self, model))
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return plan, cost
        self._floor = max(self._floor, model.floor + round(solver.best_objective_bound))
        found = {
            name: number
            for name, literals in model.picks.items()
            for number, literal in enumerate(literals)
            if solver.boolean_value(literal)
        }
        better = LocalSearch(self._compiled, kept, self._limits.seed)
        better.start_from(found)
        return (_renumbered(better.plan(), kept, self._choices), better.cost) if better.cost < cost else (plan, cost)

    def _solver(self) -> cp_model.CpSolver:
        """Measured on one-day to one-term problems: probing and symmetry cost more than they bring; full LP pays."""
        solver = cp_model.CpSolver()
        parameters = solver.parameters
        parameters.random_seed = self._limits.seed
        parameters.cp_model_probing_level = 0
        parameters.symmetry_level = 0
        parameters.linearization_level = 2
        parameters.num_workers = 1 if self._limits.deterministic else self._limits.workers
        if parameters.num_workers > 1:
            parameters.subsolvers.extend(["max_lp"] if parameters.num_workers == 2 else ["max_lp", "core"])
        if self._limits.deterministic:
            parameters.max_deterministic_time = self._limits.deterministic
        elif self._limits.seconds:
            parameters.max_time_in_seconds = max(0.01, self._limits.seconds - self._seconds())
        return solver

    @contextmanager
    def _stopping(self, solver: cp_model.CpSolver) -> Iterator[None]:
        """Stops the solver soon after somebody cancels. A stop before the search has begun is lost, so it repeats."""
        over = threading.Event()

        def watch() -> None:
            while not over.wait(SECONDS_BETWEEN_LOOKS):
                if self._cancel.is_set():
                    solver.stop_search()

        watcher = threading.Thread(target=watch, name="solve-cancel", daemon=True)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()

    def _in_all(self, plan: Mapping[str, int]) -> dict[str, int]:
        return _renumbered(plan, self._choices, self._compiled.choices)

    def _seconds(self) -> float:
        return time.monotonic() - self._begun

    def _tell(self, cost: int, placed: int) -> None:
        self.report(cost, self._floor, placed)

    def report(self, cost: int, least: int, placed: int) -> None:
        """Tell whoever follows; called from the solver's threads too."""
        if self._on_progress:
            bound = -max(least, self._floor)
            self._on_progress(SearchProgress(self._seconds(), -cost, max(bound, -cost), placed, len(self._choices)))


def build_model(compiled: Compiled, choices: Mapping[str, Choices]) -> PlanningModel:
    """The model of all plans that place each session at most once, at one of these choices, and its aim."""
    model = PlanningModel(compiled, choices)
    tables = tables_of(compiled, choices)
    Encoder(model, tables.places, tables.first).encode()
    GroupEncoder(model, tables.places, tables.first).encode()
    model.aim()
    return model


class _Reporter(cp_model.CpSolverSolutionCallback):
    """Tells of each better plan: a look at one literal per session."""

    def __init__(self, search: Search, model: PlanningModel) -> None:
        super().__init__()
        self._search, self._model = search, model

    def on_solution_callback(self) -> None:
        placed = sum(self.boolean_value(literal) for literal in self._model.placed.values())
        base = self._model.floor
        self._search.report(base + round(self.objective_value), base + round(self.best_objective_bound), placed)


def _renumbered(
    plan: Mapping[str, int], choices: Mapping[str, Choices], among: Mapping[str, Choices]
) -> dict[str, int]:
    """The same plan by the numbers of other choices of the same sessions; what is not among them is left out."""
    numbers: dict[str, int] = {}
    for name, number in plan.items():
        start, room = choices[name].start[number], choices[name].room[number]
        same = ((among[name].start == start) & (among[name].room == room)).nonzero()[0]
        if len(same):
            numbers[name] = int(same[0])
    return numbers
