"""The CP-SAT model: one path through the talks and breaks of an evening.

The path leads from the start through the talks of the first part to the first break, and so on to the end. Talks that
are not on it are left out. Given a sequence, the talks keep it and all are in; only the breaks are free.

The times are the planned ones: breaks in full, so that there is something left to give when talks over-run.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, permutations

from ortools.sat.python import cp_model

from services.scheduler.running_order.evening import Evening, Talk
from services.scheduler.running_order.weights import (
    FIRST_TIMER_ENDS_EVENING,
    FIRST_TIMER_ENDS_PART,
    LOAD,
    LOAD_TOLERANCE,
    LeftOutWeights,
    neighbour_cost,
)

Literal = cp_model.IntVar
Expression = cp_model.LinearExpr | int
Parts = tuple[tuple[str, ...], ...]


class OrderModel:
    """Literals for what follows what, and which part a talk is in; what must hold; what it costs.

    ``left_out_cost`` and ``order_cost`` are expressions in minutes of each person (see ``weights``).
    """

    def __init__(self, evening: Evening, sequence: Sequence[Talk] | None = None) -> None:
        self.evening, self.kept = evening, sequence is not None
        self.talks = evening.ordinary if sequence is None else tuple(sequence)
        self.numbers = range(len(self.talks))
        self.parts = range(len(evening.breaks) + 1)
        self.cp = cp_model.CpModel()
        self.follow = {pair: self.cp.new_bool_var("") for pair in self._neighbours()}
        self.member = {(talk, part): self.cp.new_bool_var("") for talk in self.numbers for part in self.parts}
        self.first = {each: self.cp.new_bool_var("") for each in self.member}
        self.last = {each: self.cp.new_bool_var("") for each in self.member}
        self.empty = [self.cp.new_bool_var("") for _ in self.parts]
        self.left_out = [self.cp.new_bool_var("") for _ in self.numbers]
        self._hold_together()
        self._hold_times()
        self._carried_over_first()
        self._hold_pins()
        self.left_out_cost = self._left_out_cost()
        self.order_cost = self._order_cost()

    def _neighbours(self) -> list[tuple[int, int]]:
        """Which talk may follow which in the same part: never two talks of one presenter back to back."""
        pairs = pairwise(self.numbers) if self.kept else permutations(self.numbers, 2)
        return [(i, j) for i, j in pairs if self.talks[i].presenter != self.talks[j].presenter]

    def _hold_together(self) -> None:
        """One path, on which a talk is in the part of its neighbours."""
        arcs = [(1 + i, 1 + j, literal) for (i, j), literal in self.follow.items()]
        arcs += [(self._border(part), 1 + i, literal) for (i, part), literal in self.first.items()]
        arcs += [(1 + i, self._border(part + 1), literal) for (i, part), literal in self.last.items()]
        arcs += [(self._border(part), self._border(part + 1), self.empty[part]) for part in self.parts]
        arcs += [(1 + i, 1 + i, literal) for i, literal in enumerate(self.left_out)]
        self.cp.add_circuit(arcs)
        for i in self.numbers:
            self.cp.add_exactly_one(self.left_out[i], *(self.member[i, part] for part in self.parts))
            if self.kept or self.talks[i].pinned:
                self.cp.add(self.left_out[i] == 0)
        if self.kept:
            for (i, part), member in self.member.items():
                if i:
                    self.cp.add_bool_or(~member, *(self.member[i - 1, earlier] for earlier in range(part + 1)))
        for each, member in self.member.items():
            self.cp.add_implication(self.first[each], member)
            self.cp.add_implication(self.last[each], member)
            self.cp.add_implication(member, ~self.empty[each[1]])
        for (i, j), literal in self.follow.items():
            for part in self.parts:
                self.cp.add_bool_or(~literal, ~self.member[i, part], self.member[j, part])

    def _border(self, part: int) -> int:
        """The node before a part: a break, or the one node that is both start and end of the evening."""
        return len(self.talks) + part if 0 < part < len(self.parts) else 0

    def _hold_times(self) -> None:
        """Breaks in full, each by its latest start, and all by the end."""
        evening, passed = self.evening, 0
        self.load = [self._load(part) for part in self.parts]
        for part, pause in enumerate(evening.breaks):
            if pause.latest:
                before = sum(self.load[: part + 1]) + passed
                self.cp.add(before <= evening.minutes_until(pause.latest))
            passed += pause.minutes
        self.cp.add(sum(self.load) + passed <= evening.minutes)

    def _load(self, part: int) -> Expression:
        """Minutes of a part: its talks, with a change-over before each but the first."""
        changeover = [self.evening.changeover_before(talk) for talk in self.talks]
        return sum(
            (self.talks[i].minutes + changeover[i]) * self.member[i, part] - changeover[i] * self.first[i, part]
            for i in self.numbers
        )

    def _carried_over_first(self) -> None:
        """Who was left out last time speaks before all others, but for pinned talks.

        Each node has a phase, carried over (0) or others (1), and no phase is followed by a lower one.
        """
        if self.kept or len({talk.carried_over for talk in self.talks if not talk.pinned}) <= 1:
            return
        border: list[Expression] = [0, *(self.cp.new_bool_var("") for _ in self.evening.breaks), 1]
        for one, next_one in pairwise(border):
            self.cp.add(one <= next_one)
        phase: list[Expression] = [
            self.cp.new_bool_var("") if each.pinned else int(not each.carried_over) for each in self.talks
        ]
        for (i, j), literal in self.follow.items():
            self.cp.add(phase[i] <= phase[j]).only_enforce_if(literal)
        for (i, part), literal in self.member.items():
            self.cp.add(border[part] <= phase[i]).only_enforce_if(literal)
            self.cp.add(phase[i] <= border[part + 1]).only_enforce_if(literal)

    def _hold_pins(self) -> None:
        """A pinned talk has its position; with fewer talks than that, it is as late as later pinned ones let it be."""
        pinned = sorted((i for i in self.numbers if self.talks[i].pinned), key=lambda i: self.talks[i].pinned or 0)
        if self.kept or not pinned:
            return
        position = [self.cp.new_int_var(0, len(self.talks), "") for _ in self.numbers]
        for (i, j), literal in self.follow.items():
            self.cp.add(position[j] == position[i] + 1).only_enforce_if(literal)
        for i, part in self.member:
            before = sum(self.member[j, earlier] for j in self.numbers for earlier in range(part))
            self.cp.add(position[i] == before + 1).only_enforce_if(self.first[i, part])
        placed = len(self.talks) - sum(self.left_out)
        for later, i in enumerate(reversed(pinned)):
            self.cp.add_min_equality(position[i], [self.talks[i].pinned or 0, placed - later])

    def _left_out_cost(self) -> Expression:
        weights = LeftOutWeights.of(self.evening)
        by_presenter: dict[str, list[int]] = {}
        for i, talk in enumerate(self.talks):
            by_presenter.setdefault(talk.presenter, []).append(i)
        silent = [self._all([self.left_out[i] for i in of_one]) for of_one in by_presenter.values()]
        carried = [self.left_out[i] for i in self.numbers if self.talks[i].carried_over]
        return weights.talk * sum(self.left_out) + weights.presenter * sum(silent) + weights.carried_over * sum(carried)

    def _order_cost(self) -> Expression:
        neighbours = sum(
            neighbour_cost(self.talks[i], self.talks[j]) * literal for (i, j), literal in self.follow.items()
        )
        return neighbours + self._first_timers_cost() + LOAD * self._imbalance()

    def _first_timers_cost(self) -> Expression:
        cost: Expression = 0
        for part in self.parts:
            nobody_later = self._all(self.empty[part + 1 :])
            for i in self.numbers:
                if self.talks[i].first_timer:
                    ends_evening = self._all([self.last[i, part], nobody_later])
                    cost += FIRST_TIMER_ENDS_PART * self.last[i, part]
                    cost += (FIRST_TIMER_ENDS_EVENING - FIRST_TIMER_ENDS_PART) * ends_evening
        return cost

    def _imbalance(self) -> Expression:
        if len(self.parts) == 1:
            return 0
        most, least, beyond = (self.cp.new_int_var(0, self.evening.minutes, "") for _ in range(3))
        for load in self.load:
            self.cp.add(most >= load)
            self.cp.add(least <= load)
        self.cp.add(beyond >= most - least - LOAD_TOLERANCE)
        return beyond

    def _all(self, literals: list[Literal]) -> Literal:
        """A literal that is true when all of these are. It only ever costs, so nothing holds it down but the aim."""
        if len(literals) == 1:
            return literals[0]
        every = self.cp.new_bool_var("")
        self.cp.add_bool_or(every, *(~literal for literal in literals))
        return every

    def read(self, solver: cp_model.CpSolver) -> Parts:
        """The talks' ids by part, as the solver has put them."""
        after = {i: j for (i, j), literal in self.follow.items() if solver.boolean_value(literal)}
        parts = []
        for part in self.parts:
            at = next((i for i in self.numbers if solver.boolean_value(self.first[i, part])), None)
            found = []
            while at is not None:
                found.append(self.talks[at].id)
                at = after.get(at)
            parts.append(tuple(found))
        return tuple(parts)
