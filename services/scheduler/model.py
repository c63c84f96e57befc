"""The CP-SAT model: a literal for each session, start and room, and literals for sets of them.

Whatever one session breaks by itself is no choice in the first place (``candidates``); the model holds what sessions
do to one another (``encoding``, ``group_encoding``) and what a plan costs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from services.scheduler.choices import Choices, least_cost
from services.scheduler.compiling import Compiled

Literal = cp_model.IntVar
Plan = Mapping[str, int]
"""By session that has a place, the number of the choice it takes."""


@dataclass
class PlanningModel:
    """The model under construction, and the way back from its literals to a plan.

    The objective plus ``floor`` is the cost of a plan in person-minutes.
    """

    compiled: Compiled
    choices: Mapping[str, Choices]
    cp: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    picks: dict[str, list[Literal]] = field(default_factory=dict)
    placed: dict[str, Literal] = field(default_factory=dict)
    floor: int = 0
    _any: dict[tuple[str, tuple[int, ...]], Literal] = field(default_factory=dict)
    _extra: list[tuple[cp_model.LiteralT | Literal, int]] = field(default_factory=list)
    _hints: list[tuple[Literal, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for session in self.compiled.problem.sessions:
            self._add_session(session.id)

    def _add_session(self, name: str) -> None:
        """A literal for each choice of a session, of which it takes one or stays without a place."""
        choices, best = self.choices[name], least_cost(self.choices[name])
        literals = [self.cp.new_bool_var("") for _ in range(len(choices))]
        placed = self.cp.new_bool_var("")
        self.cp.add_exactly_one(*literals, ~placed)
        self.picks[name], self.placed[name] = literals, placed
        self.floor += best
        self._extra.append((~placed, self.compiled.unplaced - best))
        self._extra += [
            (literal, cost) for literal, cost in zip(literals, (choices.cost - best).tolist(), strict=True) if cost
        ]

    def any_of(self, name: str, numbers: Iterable[int]) -> Literal:
        """The literal that says that the session takes one of these choices."""
        key = name, tuple(numbers)
        if len(key[1]) == 1:
            return self.picks[name][key[1][0]]
        if len(key[1]) == len(self.picks[name]):
            return self.placed[name]
        if key not in self._any:
            chosen = self.cp.new_bool_var("")
            self.cp.add_exactly_one(*(self.picks[name][number] for number in key[1]), ~chosen)
            self._any[key] = chosen
        return self._any[key]

    def by_value(self, name: str, values: NDArray[np.int64]) -> Iterator[tuple[int, Literal]]:
        """For each value (one is given for each choice of the session), the literal that says that it is taken."""
        for value in np.unique(values).tolist():
            yield value, self.any_of(name, np.flatnonzero(values == value).tolist())

    def costs(self, literal: Literal, cost: int) -> None:
        """When this literal (or number) is true (or n), the plan costs so much (or n times so much) more."""
        if cost:
            self._extra.append((literal, cost))

    def aim(self) -> None:
        """Minimise what a plan costs beyond the cheapest choice of every session: a search knows its bound at once."""
        literals, costs = zip(*self._extra, strict=True) if self._extra else ((), ())
        self.cp.minimize(cp_model.LinearExpr.weighted_sum(literals, costs))

    def hint(self, plan: Plan) -> None:
        """Begin the search from this plan: each literal of a choice, and of a set of them, gets its value.

        What follows from them (costs, counts) is left to the solver's propagation.
        """
        for name, literals in self.picks.items():
            for number, literal in enumerate(literals):
                self.cp.add_hint(literal, plan.get(name) == number)
            self.cp.add_hint(self.placed[name], name in plan)
        for (name, numbers), literal in self._any.items():
            self.cp.add_hint(literal, plan.get(name) in numbers)
