"""From an evening to its running order: composed by CP-SAT, or in the order of a draw.

Composed: who speaks and in which order is what costs least. Drawn: the order is the draw's, who speaks follows from it
(``fitting``), and CP-SAT only lays the breaks.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from ortools.sat.python import cp_model

from services.scheduler.running_order.checking import violations
from services.scheduler.running_order.counting import Bound, find_bound
from services.scheduler.running_order.drawing import Draw, check_entrants
from services.scheduler.running_order.errors import RunningOrderError
from services.scheduler.running_order.evening import Evening, Talk
from services.scheduler.running_order.fitting import PINS_DO_NOT_FIT, fit, queue, standing_by
from services.scheduler.running_order.model import OrderModel, Parts
from services.scheduler.running_order.order import LeftOut, Mode, RunningOrder, Why
from services.scheduler.running_order.scoring import findings
from services.scheduler.running_order.timing import slots_of
from services.scheduler.running_order.weights import LeftOutWeights, most_of_the_rest


class _Clock:
    """Makes solvers that together take no longer than allowed."""

    def __init__(self, seconds: float | None, workers: int) -> None:
        self._end = None if seconds is None else time.monotonic() + seconds
        self._workers = workers

    def solver(self) -> cp_model.CpSolver:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = self._workers
        solver.parameters.random_seed = 1
        solver.parameters.symmetry_level = 0
        if self._end is not None:
            solver.parameters.max_time_in_seconds = max(0.01, self._end - time.monotonic())
        return solver


def plan(evening: Evening, draw: Draw | None = None, *, seconds: float | None = 10.0, workers: int = 2) -> RunningOrder:
    """The running order of an evening: in drawn order when there is a draw, else composed.

    ``seconds`` bounds the search; with ``None`` and one worker the outcome is the same each time. ``bound`` of the
    result equals ``cost`` when no order costs less. Raises ``RunningOrderError`` when pinned talks cannot hold, the
    draw is for other presenters, or no order was found in time.
    """
    watch = _Clock(seconds, workers)
    if draw:
        check_entrants(evening, draw.entrants)
        talks, reasons = fit(evening, queue(evening, draw.order))
        parts, bound = _lay_breaks(evening, talks, watch)
    else:
        parts, bound = _compose(evening, watch)
        reasons = {}
    slots = slots_of(evening, parts)
    found = findings(evening, slots)
    return RunningOrder(
        programme=evening.programme,
        zone=evening.zone,
        evening_digest=evening.digest(),
        mode=Mode.DRAWN if draw else Mode.COMPOSED,
        slots=slots,
        left_out=_left_out(evening, parts, reasons),
        standing_by=standing_by(evening, draw.order if draw else None),
        findings=found,
        cost=sum(each.cost for each in found),
        bound=bound * evening.people,
    )


def _compose(evening: Evening, watch: _Clock) -> tuple[Parts, int]:
    """Who speaks first, then the order. Nearly always the count of talks tells how many can speak; else search."""
    bound = find_bound(evening, watch.solver())
    if bound is None:
        raise RunningOrderError(PINS_DO_NOT_FIT)
    model = OrderModel(evening)
    model.cp.add(model.left_out_cost == bound.left_out)
    found = _cheapest(model, bound.order, watch)
    if found is None:
        bound = _fewest_left_out(evening, bound, watch)
        model = OrderModel(evening)
        model.cp.add(model.left_out_cost == bound.left_out)
        found = _cheapest(model, 0, watch)
    if found is None:
        raise RunningOrderError(PINS_DO_NOT_FIT)
    return found[0], found[1] + bound.left_out


def _fewest_left_out(evening: Evening, bound: Bound, watch: _Clock) -> Bound:
    model = OrderModel(evening)
    solver = watch.solver()
    model.cp.add(model.left_out_cost >= bound.left_out)
    model.cp.minimize(model.left_out_cost)
    status = solver.solve(model.cp)
    _check_found(status)
    return Bound(round(solver.objective_value), 0)


def _lay_breaks(evening: Evening, talks: Sequence[Talk], watch: _Clock) -> tuple[Parts, int]:
    found = _cheapest(OrderModel(evening, talks), 0, watch)
    if found is None:
        raise RunningOrderError(PINS_DO_NOT_FIT)
    return found[0], found[1] + _cost_of_leaving_out(evening, talks)


def _cost_of_leaving_out(evening: Evening, talks: Sequence[Talk]) -> int:
    weights = LeftOutWeights.of(evening)
    missing = [talk for talk in evening.ordinary if talk not in talks]
    silent = {talk.presenter for talk in missing} - {talk.presenter for talk in talks}
    carried_over = sum(talk.carried_over for talk in missing)
    return weights.talk * len(missing) + weights.presenter * len(silent) + weights.carried_over * carried_over


def _cheapest(model: OrderModel, bound: int, watch: _Clock) -> tuple[Parts, int] | None:
    """The cheapest order found, and what none is cheaper than; ``None`` when there is none at all."""
    solver = watch.solver()
    # A domain that begins at the bound ends the search as soon as it is reached.
    cost = model.cp.new_int_var(bound, most_of_the_rest(model.evening), "")
    model.cp.add(cost >= model.order_cost)
    model.cp.minimize(cost)
    status = solver.solve(model.cp)
    if status == cp_model.INFEASIBLE:
        return None
    _check_found(status)
    return model.read(solver), round(solver.best_objective_bound)


def _check_found(status: cp_model.CpSolverStatus) -> None:
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise RunningOrderError("seconds: no order was found in the time allowed; allow more (--time-limit)")


def _left_out(evening: Evening, parts: Parts, reasons: dict[str, str]) -> tuple[LeftOut, ...]:
    placed = {name for part in parts for name in part}
    heard = {talk.presenter for talk in evening.ordinary if talk.id in placed}
    return tuple(
        LeftOut(
            talk=talk.id,
            presenter=talk.presenter,
            why=Why.DOES_NOT_FIT,
            reason=reasons.get(talk.id) or _why_nowhere(evening, parts, talk),
            first_next_time=talk.presenter not in heard,
        )
        for talk in evening.ordinary
        if talk.id not in placed
    )


def _why_nowhere(evening: Evening, parts: Parts, talk: Talk) -> str:
    """What stands against the place where least does, when all others stay where they are."""
    told = min((violations(evening, slots_of(evening, tried)) for tried in _with(parts, talk.id)), key=len)
    if not told:
        return f"There is a place for {talk.id}, but the search ended before it found it; allow it more seconds."
    return f"With {talk.id} ({talk.minutes} min) in the best place that is left: {' '.join(told)}"


def _with(parts: Parts, name: str) -> list[Parts]:
    return [
        (*parts[:number], (*part[:position], name, *part[position:]), *parts[number + 1 :])
        for number, part in enumerate(parts)
        for position in range(len(part) + 1)
    ]
