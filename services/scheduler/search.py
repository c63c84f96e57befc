"""The search for the best plan: local search for a first full answer, then CP-SAT for what is still better and proof.

Local search runs on compiled tables and finds good plans of any size; CP-SAT proves, and finds the last gains where
the model is small enough to be searched at all. Both start from the same tables and share one incumbent.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
from ortools.sat.python import cp_model

from services.scheduler.bottleneck import bottleneck_of
from services.scheduler.cancelling import stopped_by
from services.scheduler.choices import Choices
from services.scheduler.compiling import Compiled, tables_of
from services.scheduler.cooling import Cooling
from services.scheduler.encoding import Encoder
from services.scheduler.group_encoding import GroupEncoder
from services.scheduler.incumbent import LocalSearch, counted, steadily
from services.scheduler.model import PlanningModel
from services.scheduler.pruning import floor, without_hopeless, without_needless
from services.scheduler.settling import settled
from services.scheduler.sum_encoding import encode_sums
from services.scheduler.terms import Relation
from shared.contract.facts.scheduler import Limits

REINSERTIONS = 20_000
PATIENCE = 60
"""Rounds of taking out and putting back: at most, and without a gain for each session of the problem."""
REINSERTING = 0.1
FIRST_COOLING = 0.05
"""Shares of the time: for insertions at most, and for cooling where CP-SAT takes over after it."""
SLICES_PER_UNIT = 200
DEFAULT_UNITS = 10.0
"""Slices of cooling that stand for one unit of deterministic time, and units where no limit is given at all."""
LARGEST_MODEL = 300_000
"""Literals in clauses, about; what is larger, CP-SAT does not even load in time."""
SECONDS_BETWEEN_NEWS = 0.1
FINISHING, LARGEST_RESERVE = 3e-6, 0.25
"""What is kept of the time for the last descent, settling and scoring: seconds for each place of each session
(measured), and this share of the time at most."""
SETTLING = 0.6e-6
"""Seconds that settling takes for each place of each session (measured)."""


@dataclass(frozen=True)
class SearchProgress:
    """Where a running search stands; objective and bound are person-minutes, higher is better.

    ``plan`` holds the numbers of the choices taken, of all choices; it is left out where only the bound is news.
    """

    seconds: float
    objective: int
    bound: int
    placed: int
    sessions: int
    plan: Mapping[str, int] | None = None
    rules: Mapping[str, int] = field(default_factory=dict)
    """By weighed rule its cost in person-minutes, where the scorer was asked."""

    @property
    def gap(self) -> float:
        """Between objective and bound, as a share of the objective (of 1 where that is smaller)."""
        return gap(self.objective, self.bound)


OnProgress = Callable[[SearchProgress], None]


def gap(objective: int, bound: int) -> float:
    """How far a plan may be from the best, as a share of its own objective."""
    return abs(bound - objective) / max(1, abs(objective))


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
        start: Mapping[str, int] | None = None,
    ) -> None:
        self._compiled, self._limits = compiled, limits
        self._on_progress = on_progress
        self._cancel = cancel or threading.Event()
        self._begun = time.monotonic()
        self._floor = floor(compiled, compiled.choices)
        self._choices: Mapping[str, Choices] = without_needless(compiled)
        places = sum(map(len, self._choices.values()))
        self._limit = (limits.seconds or 0.0) - min(FINISHING * places, LARGEST_RESERVE * (limits.seconds or 0.0))
        self._until = self._limit
        self._told = -SECONDS_BETWEEN_NEWS
        self._best_told: tuple[int, int] | None = None
        self._start = start or {}

    def run(self) -> Found:
        """Search until the best plan is proven, a limit is reached or somebody cancels."""
        plan: Mapping[str, int] = {}
        cost = self._compiled.unplaced * len(self._choices)
        for choices in self._narrowings(self._choices):
            self._choices = choices
            found, found_cost = self._searched()
            if found_cost < cost:
                plan, cost = self._in_all(found), found_cost
            if len(found) == len(choices) or self._is_over():
                break
        if self._has_time_to_settle():
            plan = settled(self._compiled, self._compiled.choices, plan)
        self._tell(cost, self._among_present(plan))
        return Found(plan, cost, min(self._floor, cost), self._cancel.is_set())

    def _narrowings(self, choices: Mapping[str, Choices]) -> Iterator[Mapping[str, Choices]]:
        """Where only the largest overflow counts, first what the matching bound leaves, then ever more; else all."""
        bottleneck = bottleneck_of(self._compiled)
        if bottleneck and (values := bottleneck.values_from_least(self._compiled, choices)):
            self._floor = max(self._floor, bottleneck.cost * values[0])
            for step in range(len(values).bit_length()):
                self._until = self._seconds() + (self._limit - self._seconds()) / 2
                yield bottleneck.within(self._compiled, choices, values[2**step - 1])
        self._until = self._limit
        yield choices

    def _searched(self) -> tuple[Mapping[str, int], int]:
        """The best plan among the present choices, and its cost."""
        local = LocalSearch(self._compiled, self._choices, self._limits.seed)
        if self._start:
            local.start_from(_renumbered(self._start, self._compiled.choices, self._choices))
        self._tell(local.cost, local.plan())
        self._search_locally(local)
        local.descend()
        plan, cost = local.plan(), local.cost
        if not self._is_good_enough(cost) and self._is_small_enough() and not self._cancel.is_set():
            return self._improved(local)
        return plan, cost

    def _has_time_to_settle(self) -> bool:
        if self._limits.deterministic or self._limits.seconds is None:
            return True
        places = sum(map(len, self._compiled.choices.values()))
        return self._seconds() + SETTLING * places <= self._limits.seconds + 1.0

    def _is_over(self) -> bool:
        by_clock = not self._limits.deterministic and self._limits.seconds is not None
        return self._cancel.is_set() or (by_clock and self._seconds() > self._limit)

    def _search_locally(self, local: LocalSearch) -> None:
        """Insertions, then one cooling: short where CP-SAT takes over, else for all the time there is."""
        until = None if self._limits.deterministic or self._limits.seconds is None else self._until
        a_while = None if until is None else self._seconds() + REINSERTING * until
        local.reinsert(REINSERTIONS, PATIENCE * len(self._choices), self._enough(local, a_while))
        if not self._enough(local, until)(local.cost):
            local.anneal(self._cooling(until), self._enough(local, until))

    def _cooling(self, until: float | None) -> Callable[[], float]:
        share = FIRST_COOLING if self._is_small_enough() else 1.0
        if until is None:
            return counted(int(SLICES_PER_UNIT * share * (self._limits.deterministic or DEFAULT_UNITS)))
        return steadily(share * (until - self._seconds()))

    def _enough(self, local: LocalSearch, until: float | None) -> Callable[[int], bool]:
        """Stop at a plan that cannot be better, when time is up, or when somebody cancels."""
        best = local.cost

        def enough(least: int) -> bool:
            nonlocal best
            if least < best and self._seconds() >= self._told + SECONDS_BETWEEN_NEWS:
                best = least
                self._tell(least, local.plan())
            late = until is not None and self._seconds() > until
            return self._is_good_enough(least) or late or self._cancel.is_set()

        return enough

    def _is_good_enough(self, cost: int) -> bool:
        """Whether no plan is cheaper, or none by more than the gap that was asked for."""
        return cost <= self._floor or self.is_near(cost, self._floor)

    def _is_small_enough(self) -> bool:
        """Whether CP-SAT can do anything with the model in reasonable time and memory."""
        sizes = {name: len(one) for name, one in self._choices.items()}
        starts = {name: len(set(one.start.tolist())) for name, one in self._choices.items()}
        pairs = sum(starts[stated.term.one] + starts[stated.term.other] for stated in self._compiled.pairs)
        groups = sum(sizes[name] for stated in self._compiled.groups for name in stated.term.members)
        sums = sum(int(np.count_nonzero(brought)) for brought in self._compiled.sums.brought.values())
        return sum(sizes.values()) + pairs + groups + sums < LARGEST_MODEL

    def _improved(self, local: LocalSearch) -> tuple[Mapping[str, int], int]:
        """The best plan that CP-SAT, and annealing beside it, make of this one; the bound rises on the way."""
        plan, cost = local.plan(), local.cost
        kept = without_hopeless(self._compiled, self._choices, cost)
        model = build_model(self._compiled, kept)
        model.hint(_renumbered(plan, self._choices, kept))
        solver = self._solver()
        with stopped_by(self._cancel, solver), self._annealing_beside(local, solver, model):
            status = solver.solve(model.cp, _Reporter(self, model))
        if local.cost < cost:
            plan, cost = local.plan(), local.cost
        # Choices were left out that only plans dearer than the first one take, so a bound above the best plan is its.
        self._floor = max(self._floor, min(cost, model.floor + round(solver.best_objective_bound)))
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return plan, cost
        found = {
            name: number
            for name, literals in model.picks.items()
            for number, literal in enumerate(literals)
            if solver.boolean_value(literal)
        }
        better = LocalSearch(self._compiled, kept, self._limits.seed)
        better.start_from(found)
        return (_renumbered(better.plan(), kept, self._choices), better.cost) if better.cost < cost else (plan, cost)

    @contextmanager
    def _annealing_beside(self, local: LocalSearch, solver: cp_model.CpSolver, model: PlanningModel) -> Iterator[None]:
        """With two workers and a clock, one anneals on; a bound that its plan reaches ends the solver."""
        if not self._has_two_strategies():
            yield
            return
        proven = model.floor

        def raised(bound: float) -> None:
            nonlocal proven
            proven = max(proven, model.floor + round(bound))
            if proven >= local.cost:
                solver.stop_search()

        enough_by_itself = self._enough(local, self._until)

        def enough(least: int) -> bool:
            if least <= proven:
                solver.stop_search()
            return enough_by_itself(least)

        solver.best_bound_callback = raised
        with Cooling(local, steadily(self._until - self._seconds()), enough):
            yield

    def _has_two_strategies(self) -> bool:
        limits = self._limits
        return not limits.deterministic and limits.workers > 1 and limits.seconds is not None

    def _solver(self) -> cp_model.CpSolver:
        """Measured on one-day to one-term problems: probing and symmetry cost more than they bring; full LP pays."""
        solver = cp_model.CpSolver()
        parameters = solver.parameters
        parameters.random_seed = self._limits.seed
        parameters.max_memory_in_mb = self._limits.memory_mib
        parameters.cp_model_probing_level = 0
        parameters.symmetry_level = 0
        parameters.linearization_level = 2
        parameters.num_workers = max(1, self._limits.workers - 1) if self._has_two_strategies() else 1
        parameters.subsolvers.extend([self._first_subsolver()] if parameters.num_workers == 1 else ["core", "max_lp"])
        if self._limits.deterministic:
            parameters.max_deterministic_time = self._limits.deterministic
        elif self._limits.seconds:
            parameters.max_time_in_seconds = max(0.01, self._until - self._seconds())
        return solver

    def _first_subsolver(self) -> str:
        """Where relations of pairs make the aim, cores prove; where the places do, linear relaxations (measured)."""
        relations = sum(
            not stated.must and stated.term.relation is not Relation.OVERLAP for stated in self._compiled.pairs
        )
        return "core" if relations > len(self._choices) else "max_lp"

    def _in_all(self, plan: Mapping[str, int]) -> dict[str, int]:
        return _renumbered(plan, self._choices, self._compiled.choices)

    def _seconds(self) -> float:
        return time.monotonic() - self._begun

    def _among_present(self, plan: Mapping[str, int]) -> dict[str, int]:
        return _renumbered(plan, self._compiled.choices, self._choices)

    def _tell(self, cost: int, plan: Mapping[str, int]) -> None:
        if self._on_progress:
            self._told = self._seconds()
            self.report(cost, self._floor, len(plan), self._in_all(plan))

    def report(self, cost: int, least: int, placed: int, plan: Mapping[str, int] | None = None) -> None:
        """Tell whoever follows; called from the solver's threads too. A plan that is worse than one told is no news."""
        if self._on_progress:
            if self._best_told is not None and self._best_told[0] < cost:
                (cost, placed), plan = self._best_told, None
            self._best_told = cost, placed
            bound = max(-max(least, self._floor), -cost)
            sessions = len(self._choices)
            self._on_progress(SearchProgress(self._seconds(), -cost, bound, placed, sessions, plan))

    def is_near(self, cost: int, least: int) -> bool:
        """Whether the gap that was asked for is reached, by a bound of the solver."""
        asked = self._limits.gap
        return asked is not None and gap(-cost, -max(least, self._floor)) <= asked


def build_model(compiled: Compiled, choices: Mapping[str, Choices]) -> PlanningModel:
    """The model of all plans that place each session at most once, at one of these choices, and its aim."""
    model = PlanningModel(compiled, choices)
    tables = tables_of(compiled, choices)
    Encoder(model, tables.places, tables.first).encode()
    GroupEncoder(model, tables.places, tables.first).encode()
    encode_sums(model)
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
        cost, least = base + round(self.objective_value), base + round(self.best_objective_bound)
        self._search.report(cost, least, placed)
        if self._search.is_near(cost, least):
            self.stop_search()


def _renumbered(
    plan: Mapping[str, int], choices: Mapping[str, Choices], among: Mapping[str, Choices]
) -> dict[str, int]:
    """The same plan by the numbers of other choices of the same sessions; what is not among them is left out."""
    numbers: dict[str, int] = {}
    for name, number in plan.items():
        if choices[name] is among[name]:
            numbers[name] = number
            continue
        start, room = choices[name].start[number], choices[name].room[number]
        same = ((among[name].start == start) & (among[name].room == room)).nonzero()[0]
        if len(same):
            numbers[name] = int(same[0])
    return numbers
