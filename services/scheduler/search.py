"""The search for the best plan: a quick local search first, then CP-SAT on what could still be better."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ortools.sat.python import cp_model

from services.scheduler.candidates import Candidates
from services.scheduler.choices import Choices, find_choices
from services.scheduler.conflicts import build_model
from services.scheduler.local_search import Neighbourhood, Plan, good_plan, settled
from services.scheduler.model import Pick, PlanningModel
from services.scheduler.pruning import ceiling, without_hopeless, without_needless
from services.scheduler.weights import unplaced_weight
from shared.contract.facts.scheduler import Limits

LOCAL_ROUNDS = 5000
LOCAL_PATIENCE = 25
"""Rounds of the local search at most, and without a gain for each session of the problem."""
LOCAL_SHARE_OF_TIME = 0.5
SECONDS_BETWEEN_LOOKS = 0.05


@dataclass(frozen=True)
class SearchProgress:
    """Where a running search stands; objective and bound are person-minutes."""

    seconds: float
    objective: int
    bound: int
    placed: int
    sessions: int


OnProgress = Callable[[SearchProgress], None]


@dataclass(frozen=True)
class Found:
    """The best plan of a search, what it is worth, and what no plan exceeds."""

    picks: tuple[Pick, ...]
    objective: int
    bound: int
    attendance_bound: int
    cancelled: bool


class Search:
    """One search over one problem's candidates. Runs once, in whatever thread calls ``run``."""

    def __init__(
        self,
        candidates: Candidates,
        limits: Limits,
        *,
        keep_published: bool,
        on_progress: OnProgress | None,
        cancel: threading.Event | None,
    ) -> None:
        self._problem, self._limits, self._keep_published = candidates.problem, limits, keep_published
        self._on_progress = on_progress
        self._cancel = cancel or threading.Event()
        self._begun = time.monotonic()
        self._unplaced = unplaced_weight(self._problem, keep_published=keep_published)
        self._all = find_choices(candidates, keep_published=keep_published)
        self._choices = without_needless(self._problem, self._all)
        self._bound = ceiling(self._all, self._unplaced)

    def run(self) -> Found:
        """Search until the best plan is proven, a limit is reached or somebody cancels."""
        neighbourhood = Neighbourhood(self._problem, self._choices, self._unplaced)
        plan = good_plan(neighbourhood, seed=self._limits.seed, enough=self._enough())
        picks, value = _picks(self._choices, plan), neighbourhood.value(plan)
        if value < self._bound and not self._cancel.is_set():
            picks = self._improved(picks, value)
        picks, value = self._settled(picks)
        self.report(value, self._bound, len(picks))
        return Found(picks, value, self._bound, self._attendance_bound(), self._cancel.is_set())

    def _enough(self) -> Callable[[Plan, int], bool]:
        """Stop at a plan that cannot be better, when nothing was gained for long, or when time is due to CP-SAT."""
        seconds = None if self._limits.deterministic else self._limits.seconds
        patience = LOCAL_PATIENCE * len(self._problem.sessions)
        rounds, gained_at, best = 0, 0, 0

        def enough(plan: Plan, value: int) -> bool:
            nonlocal rounds, gained_at, best
            if rounds == 0 or value > best:
                gained_at, best = rounds, value
                self.report(value, self._bound, len(plan))
            rounds += 1
            worn_out = rounds > LOCAL_ROUNDS or rounds - gained_at > patience
            late = seconds is not None and self._seconds() > seconds * LOCAL_SHARE_OF_TIME
            return value >= self._bound or worn_out or late or self._cancel.is_set()

        return enough

    def _improved(self, picks: tuple[Pick, ...], value: int) -> tuple[Pick, ...]:
        model = build_model(
            self._problem,
            without_hopeless(self._choices, value, self._unplaced),
            keep_published=self._keep_published,
        )
        model.hint(picks)
        solver = self._solver()
        with self._stopping(solver):
            status = solver.solve(model.cp, _Reporter(self, model))
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return picks
        self._bound = min(self._bound, model.ceiling - round(solver.best_objective_bound))
        better = model.ceiling - round(solver.objective_value) > value
        return tuple(pick for pick, literal in model.picks.items() if solver.value(literal)) if better else picks

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

    def _settled(self, picks: tuple[Pick, ...]) -> tuple[tuple[Pick, ...], int]:
        neighbourhood = Neighbourhood(self._problem, self._all, self._unplaced)
        plan = settled(neighbourhood, _plan(self._all, picks))
        return _picks(self._all, plan), neighbourhood.value(plan)

    def _attendance_bound(self) -> int:
        return sum(int(choices.attendance.max()) for choices in self._all.values() if len(choices))

    def _seconds(self) -> float:
        return time.monotonic() - self._begun

    def report(self, objective: int, bound: int, placed: int) -> None:
        """Tell whoever follows; called from the solver's threads too."""
        if self._on_progress:
            bound = min(bound, self._bound)
            self._on_progress(SearchProgress(self._seconds(), objective, bound, placed, len(self._problem.sessions)))


class _Reporter(cp_model.CpSolverSolutionCallback):
    """Tells of each better plan: a look at one literal per session."""

    def __init__(self, search: Search, model: PlanningModel) -> None:
        super().__init__()
        self._search, self._model = search, model

    def on_solution_callback(self) -> None:
        placed = sum(self.boolean_value(literal) for literal in self._model.placed.values())
        top = self._model.ceiling
        self._search.report(top - round(self.objective_value), top - round(self.best_objective_bound), placed)


def _picks(choices: dict[str, Choices], plan: Plan) -> tuple[Pick, ...]:
    return tuple(
        Pick(name, int(choices[name].start[choice]), int(choices[name].room[choice]))
        for name, choice in sorted(plan.items())
    )


def _plan(choices: dict[str, Choices], picks: tuple[Pick, ...]) -> Plan:
    return {
        pick.session: int(
            ((choices[pick.session].start == pick.start) & (choices[pick.session].room == pick.room)).argmax()
        )
        for pick in picks
    }
