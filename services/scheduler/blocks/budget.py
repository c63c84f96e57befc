"""How much of a solve's time is left, by the clock or, where the same answer is asked for twice, by solvers' work."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from ortools.sat.python import cp_model

from services.scheduler.cancelling import stopped_by
from shared.contract.facts.scheduler import Limits

DEFAULT_UNITS = 10.0
"""Seconds, or units of work, where a solve has no limit at all."""


class Budget:
    """The limits of one solve, from its making on; every solver of the solve runs within it."""

    def __init__(self, limits: Limits, cancel: threading.Event) -> None:
        self._limits, self._cancel = limits, cancel
        self._begun, self._worked = time.monotonic(), 0.0
        self.total = limits.deterministic or limits.seconds or DEFAULT_UNITS

    @property
    def deterministic(self) -> bool:
        return self._limits.deterministic is not None

    def seconds(self) -> float:
        return time.monotonic() - self._begun

    def left(self) -> float:
        return self.total - (self._worked if self.deterministic else self.seconds())

    def over(self) -> bool:
        return self._cancel.is_set() or self.left() <= 0

    def run(
        self,
        model: cp_model.CpModel,
        most: float,
        *,
        least: float = 0.0,
        subsolvers: Sequence[str] = (),
        callback: cp_model.CpSolverSolutionCallback | None = None,
    ) -> tuple[cp_model.CpSolver, cp_model.CpSolverStatus]:
        """Solve within ``most`` and what is left, but with ``least``; by ``subsolvers`` where workers are as many."""
        solver = cp_model.CpSolver()
        parameters = solver.parameters
        parameters.random_seed = self._limits.seed
        parameters.max_memory_in_mb = self._limits.memory_mib
        parameters.num_workers = 1 if self.deterministic else self._limits.workers
        if self.deterministic:
            parameters.max_deterministic_time = max(least, 1e-3, min(most, self.left()))
        else:
            parameters.max_time_in_seconds = max(least, 1e-2, min(most, self.left()))
        if subsolvers and parameters.num_workers == len(subsolvers):
            parameters.subsolvers.extend(subsolvers)
        with stopped_by(self._cancel, solver):
            status = solver.solve(model, callback)
        self._worked += solver.response_proto.deterministic_time
        return solver, status
