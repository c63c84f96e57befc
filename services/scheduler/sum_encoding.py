"""Sums over what sessions bring, as constraints of the CP-SAT model."""

from __future__ import annotations

import numpy as np
from ortools.sat.python import cp_model

from services.scheduler.model import Literal, PlanningModel


def encode_sums(model: PlanningModel) -> None:
    """For each threshold of each sum, an integer that is at least what is missing above it, and costs."""
    sums = model.compiled.sums
    literals: list[list[Literal]] = [[] for _ in sums.terms]
    amounts: list[list[int]] = [[] for _ in sums.terms]
    for name, choices in model.choices.items() if sums.terms else ():
        brought = sums.by(name, choices)
        starts, column = np.unique(choices.grid, return_index=True)
        for start, number in zip(starts.tolist(), column.tolist(), strict=True):
            if rows := np.flatnonzero(brought[:, number]).tolist():
                there = model.any_of(name, np.flatnonzero(choices.grid == start).tolist())
                for row in rows:
                    literals[row].append(there)
                    amounts[row].append(int(brought[row, number]))
    for row, (term, cost) in enumerate(zip(sums.terms, sums.costs, strict=True)):
        missing = term.missing - cp_model.LinearExpr.weighted_sum(literals[row], amounts[row])
        for threshold in term.thresholds if cost else ():
            if term.missing > threshold:
                above = model.cp.new_int_var(0, term.missing - threshold, "")
                model.cp.add(above >= missing - threshold)
                model.costs(above, cost)
