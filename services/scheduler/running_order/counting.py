"""A bound for the path model: how many talks of each kind are in each part, whatever their order.

It leaves the order out, so no order costs less than what it finds; and it has so few numbers that it is solved in a
few hundredths of a second. In a part, n talks of one length among m others leave n - m - 1 pairs of equally long
neighbours at least. Mostly there is an order that costs just that, and then nothing is left to prove: of 30 talks for
which there is no room, the path model alone proved a third within 5 seconds, with this bound nearly all within one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from services.scheduler.running_order.evening import Evening, Talk
from services.scheduler.running_order.weights import LOAD, LOAD_TOLERANCE, SAME_LENGTH, LeftOutWeights

Expression = cp_model.LinearExpr | int


@dataclass(frozen=True)
class Kind:
    """Talks that are alike for how much fits: length, change-over, and what it costs to leave one out."""

    minutes: int
    changeover: int
    carried_over: bool
    pinned: bool
    presenter: str | None
    """Set for presenters of several talks: the first left out costs less than the last."""


@dataclass(frozen=True)
class Bound:
    """What leaving talks out costs at least, and the order of an evening that leaves out no more (see ``weights``)."""

    left_out: int
    order: int


def kinds(evening: Evening) -> dict[Kind, tuple[Talk, ...]]:
    """The planned talks by kind."""
    talks_of = Counter(talk.presenter for talk in evening.ordinary)
    found: dict[Kind, list[Talk]] = {}
    for talk in evening.ordinary:
        kind = Kind(
            minutes=talk.minutes,
            changeover=evening.changeover_before(talk),
            carried_over=talk.carried_over,
            pinned=bool(talk.pinned),
            presenter=talk.presenter if talks_of[talk.presenter] > 1 else None,
        )
        found.setdefault(kind, []).append(talk)
    return {kind: tuple(talks) for kind, talks in found.items()}


def find_bound(evening: Evening, solver: cp_model.CpSolver) -> Bound | None:
    """Leaving out first, then order. ``None`` when even the pinned talks do not fit, or the time is up."""
    model = _CountingModel(evening)
    model.cp.minimize(model.left_out_cost)
    if solver.solve(model.cp) != cp_model.OPTIMAL:
        return None
    left_out = round(solver.objective_value)
    model.cp.add(model.left_out_cost == left_out)
    model.cp.minimize(model.order_cost)
    if solver.solve(model.cp) != cp_model.OPTIMAL:
        return None
    return Bound(left_out, round(solver.objective_value))


class _CountingModel:
    def __init__(self, evening: Evening) -> None:
        self.evening, self.kinds = evening, kinds(evening)
        self.parts = range(len(evening.breaks) + 1)
        self.cp = cp_model.CpModel()
        self.counts = {
            (kind, part): self.cp.new_int_var(0, len(talks), "")
            for kind, talks in self.kinds.items()
            for part in self.parts
        }
        self.left_out = {kind: self._left_out(kind, len(talks)) for kind, talks in self.kinds.items()}
        self.load = [self._load(part) for part in self.parts]
        self._hold_times()
        self._carried_over_first()
        self.left_out_cost = self._left_out_cost()
        self.order_cost = LOAD * self._imbalance() + SAME_LENGTH * sum(self._pairs(part) for part in self.parts)

    def _left_out(self, kind: Kind, talks: int) -> cp_model.IntVar:
        left_out = self.cp.new_int_var(0, 0 if kind.pinned else talks, "")
        self.cp.add(left_out + sum(self.counts[kind, part] for part in self.parts) == talks)
        return left_out

    def _load(self, part: int) -> Expression:
        """Minutes of a part. Which talk is its first, and so needs no change-over, is left open."""
        changeovers = [kind.changeover for kind in self.kinds]
        saved = self.cp.new_int_var(0, max(changeovers), "")
        anybody = self.cp.new_bool_var("")
        talks = sum(self.counts[kind, part] for kind in self.kinds)
        self.cp.add(talks >= anybody)
        self.cp.add(talks <= len(self.evening.ordinary) * anybody)
        self.cp.add(saved <= max(changeovers) * anybody)
        self.cp.add(saved >= min(changeovers) * anybody)
        return sum((kind.minutes + kind.changeover) * self.counts[kind, part] for kind in self.kinds) - saved

    def _hold_times(self) -> None:
        evening, passed = self.evening, 0
        for part, pause in enumerate(evening.breaks):
            if pause.latest:
                self.cp.add(sum(self.load[: part + 1]) + passed <= evening.minutes_until(pause.latest))
            passed += pause.minutes
        self.cp.add(sum(self.load) + passed <= evening.minutes)

    def _carried_over_first(self) -> None:
        """Who was left out last time is in no part after one in which others are."""
        carried = [kind for kind in self.kinds if kind.carried_over and not kind.pinned]
        others = [kind for kind in self.kinds if not kind.carried_over and not kind.pinned]
        most = len(self.evening.ordinary)
        for part in self.parts[:-1]:
            over = self.cp.new_bool_var("")
            self.cp.add(sum(self.counts[kind, part] for kind in others) <= most * over)
            late = sum(self.counts[kind, later] for kind in carried for later in self.parts[part + 1 :])
            self.cp.add(late == 0).only_enforce_if(over)

    def _left_out_cost(self) -> Expression:
        weights = LeftOutWeights.of(self.evening)
        cost: Expression = 0
        talks_of: dict[str, list[Kind]] = {}
        for kind, left_out in self.left_out.items():
            cost += (weights.talk + weights.carried_over * kind.carried_over) * left_out
            if kind.presenter is None:
                cost += weights.presenter * left_out
            else:
                talks_of.setdefault(kind.presenter, []).append(kind)
        for of_one in talks_of.values():
            silent = self.cp.new_bool_var("")
            self.cp.add(sum(self.counts[kind, part] for kind in of_one for part in self.parts) + silent >= 1)
            cost += weights.presenter * silent
        return cost

    def _pairs(self, part: int) -> Expression:
        """Pairs of equally long neighbours that a part has at least. Who is carried over speaks before the others."""
        if any(kind.pinned for kind in self.kinds):
            return self._pairs_among(list(self.kinds), part)
        carried = [kind for kind in self.kinds if kind.carried_over]
        others = [kind for kind in self.kinds if not kind.carried_over]
        pairs = self._pairs_among(list(self.kinds), part)
        self.cp.add(pairs >= self._pairs_among(carried, part) + self._pairs_among(others, part))
        return pairs

    def _pairs_among(self, kinds: Sequence[Kind], part: int) -> cp_model.IntVar:
        pairs = self.cp.new_int_var(0, len(self.evening.talks), "")
        talks = sum(self.counts[kind, part] for kind in kinds)
        for length in {kind.minutes for kind in kinds}:
            alike = sum(self.counts[kind, part] for kind in kinds if kind.minutes == length)
            self.cp.add(pairs >= 2 * alike - talks - 1)
        return pairs

    def _imbalance(self) -> Expression:
        most, least, beyond = (self.cp.new_int_var(0, self.evening.minutes, "") for _ in range(3))
        for load in self.load:
            self.cp.add(most >= load)
            self.cp.add(least <= load)
        self.cp.add(beyond >= most - least - LOAD_TOLERANCE)
        return beyond
