"""Better plans within a budget of people-moves: what is gained for moving a few more."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np

from services.scheduler.explaining.situation import Situation
from services.scheduler.kernel import place_costs
from services.scheduler.resolving.fewest_moves import Resettled
from shared.contract.facts.scheduler import Placement


def within_budget(
    situation: Situation,
    found: Resettled,
    weights: Mapping[str, int],
    budget: int,
    *,
    frozen: Collection[str] = (),
    seconds: float = 5.0,
) -> Resettled:
    """Go on from a plan by the move that gains most for each person, for as long as one fits into the budget.

    Of sessions that moved already, further moves cost nothing. ``situation`` weighs plans without regard to what is
    published. Not proven to be the best.
    """
    until = time.monotonic() + seconds
    placed, moved = dict(found.placed), set(found.moved)
    at = _at(situation, placed)
    spare = budget - sum(weights[name] for name in moved)
    while time.monotonic() < until:
        best = _best_move(
            situation, at, placed, {name: 0 if name in moved else weights[name] for name in placed}, spare
        )
        if best is None or best[0] in frozen:
            break
        name, number = best
        spare -= 0 if name in moved or name not in situation.placed else weights[name]
        placed[name] = situation.chosen(name, number)
        at[situation.compiled.number[name]] = situation.tables.first[situation.compiled.number[name]] + number
        moved |= {name} & situation.placed.keys()
    really = frozenset(name for name, before in situation.placed.items() if placed.get(name) != before)
    return replace(found, placed=placed, moved=really, proven=found.proven and really == found.moved)


def _at(situation: Situation, placed: Mapping[str, Placement]) -> np.ndarray:
    at = np.full(len(situation.compiled.number), -1, dtype=np.int64)
    for name, placement in placed.items():
        number = situation.choice(placement)
        if number is not None:
            at[situation.compiled.number[name]] = situation.tables.first[situation.compiled.number[name]] + number
    return at


def _best_move(
    situation: Situation, at: np.ndarray, placed: Mapping[str, Placement], prices: Mapping[str, int], spare: int
) -> tuple[str, int] | None:
    """The move that gains most for each person-move, and gains at all; None when there is none that fits."""
    best: tuple[float, str, int] | None = None
    for name in placed:
        row, price = situation.compiled.number[name], prices[name] if name in situation.placed else 0
        if price > spare or at[row] < 0:
            continue
        costs = place_costs(situation.tables, at, row)
        number = int(costs.argmin())
        gain = int(costs[at[row] - situation.tables.first[row]] - costs[number])
        if gain > 0 and (best is None or gain / max(price, 1) > best[0]):
            best = gain / max(price, 1), name, number
    return None if best is None else (best[1], best[2])
