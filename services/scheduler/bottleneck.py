"""Where only the largest overflow counts: how small it can be at least, from a matching of sessions to places.

A minimax aim gives linear relaxations nothing to hold on to. But whether all sessions could have a place with an
overflow of at most ``v``, were it not for conflicts of people, is a bipartite matching, and the least such ``v`` is a
bound that is nearly always reached: Burkard, Dell'Amico and Martello, *Assignment Problems* (SIAM, 2009), on
bottleneck assignment. The search then needs only a plan within that bound, which is pure feasibility.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import max_flow

from services.scheduler.choices import Choices
from services.scheduler.compiling import Compiled, Stated
from services.scheduler.terms import GroupTerm, Measure


@dataclass(frozen=True)
class Bottleneck:
    """The only aim of a problem: ``cost`` for each person of the largest overflow; below ``lowest`` nothing counts."""

    cost: int
    demands: Mapping[str, int]
    lowest: int

    def overflows(self, compiled: Compiled, choices: Choices) -> NDArray[np.int64]:
        """The overflow at each choice; the lowest for sessions without a demand."""
        demand = self.demands.get(choices.session.id)
        if demand is None:
            return np.full(len(choices), self.lowest, dtype=np.int64)
        return np.asarray(np.maximum(demand - compiled.board.capacities[choices.room], self.lowest))

    def within(self, compiled: Compiled, choices: Mapping[str, Choices], largest: int) -> dict[str, Choices]:
        """The choices with an overflow of at most ``largest``."""
        return {name: one.only(self.overflows(compiled, one) <= largest) for name, one in choices.items()}

    def values_from_least(self, compiled: Compiled, choices: Mapping[str, Choices]) -> list[int]:
        """The overflows that can be the largest of a full plan, from the matching bound up; none when there is none."""
        least = least_overflow(compiled, choices, self)
        if least is None:
            return []
        overflows = np.unique(np.concatenate([self.overflows(compiled, one) for one in choices.values()]))
        return [int(value) for value in overflows if value >= least]


def bottleneck_of(compiled: Compiled) -> Bottleneck | None:
    """The largest overflow, when it is all that the plan is weighed by; else nothing."""
    weighed: list[Stated[GroupTerm]] = [one for one in compiled.groups if not one.must and one.cost]
    if len(weighed) != 1 or weighed[0].term.measure is not Measure.LARGEST_OVERFLOW or weighed[0].cost < 0:
        return None
    if any(one.cost and not one.must for one in compiled.pairs) or any(
        one.cost.any() for one in compiled.choices.values()
    ):
        return None
    term = weighed[0].term
    *demands, lowest = term.table
    return Bottleneck(weighed[0].cost, dict(zip(term.members, demands, strict=True)), lowest)


def least_overflow(compiled: Compiled, choices: Mapping[str, Choices], bottleneck: Bottleneck) -> int | None:
    """The least overflow within which every session can be matched to a place of its own; ``None`` when none is."""
    names = [name for name, one in choices.items() if len(one)]
    if len(names) < len(choices):
        return None
    session = np.concatenate([np.full(len(choices[name]), row) for row, name in enumerate(names)])
    rooms = len(compiled.problem.rooms)
    cell = np.concatenate([choices[name].grid * rooms + choices[name].room for name in names])
    overflow = np.concatenate([bottleneck.overflows(compiled, choices[name]) for name in names])
    cells, node = np.unique(cell, return_inverse=True)
    values = np.unique(overflow)
    low, high = 0, len(values)
    while low < high:
        middle = (low + high) // 2
        kept = overflow <= values[middle]
        if _matched(session[kept], node[kept], len(names), len(cells)) == len(names):
            high = middle
        else:
            low = middle + 1
    return int(values[low]) if low < len(values) else None


def _matched(session: NDArray[np.int64], cell: NDArray[np.int64], sessions: int, cells: int) -> int:
    """How many sessions can have a cell of their own."""
    source, sink = sessions + cells, sessions + cells + 1
    tails = np.concatenate([np.full(sessions, source), session, sessions + np.arange(cells)]).astype(np.int32)
    heads = np.concatenate([np.arange(sessions), sessions + cell, np.full(cells, sink)]).astype(np.int32)
    flow = max_flow.SimpleMaxFlow()
    flow.add_arcs_with_capacity(tails, heads, np.ones(len(tails), dtype=np.int64))  # type: ignore[arg-type]  # its stub is wrong
    flow.solve(source, sink)  # type: ignore[no-untyped-call]  # the wrapper has no types for it
    return int(flow.optimal_flow())
