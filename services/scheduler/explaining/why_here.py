"""Why a session is where it is: what it gains there against the next best places, rule by rule."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.scheduler.explaining.difference import Version, costs, rule_differences, told, worth
from services.scheduler.explaining.names import Names
from services.scheduler.explaining.situation import Integers, Situation
from services.scheduler.kernel import place_costs
from shared.contract.commands.explaining import Comparison
from shared.contract.facts.scheduler import Placement

NEXT_BEST = 3


@dataclass(frozen=True)
class WhyHere:
    """The next best places with everybody else where they are, the best first, and all of it in a sentence."""

    comparisons: tuple[Comparison, ...]
    free_places: int
    sentence: str


def why_here(situation: Situation, name: str, names: Names) -> WhyHere:
    """Why a session that has a place is there. The search names the places, the rules themselves what they are worth.

    Raises ``UnknownSessionError``.
    """
    situation.session(name)
    here = situation.placed[name]
    tables_costs = place_costs(situation.tables, situation.at.copy(), situation.compiled.number[name])
    free = np.flatnonzero(tables_costs < 0)
    ordered = _best_of_each_start(situation, name, free, tables_costs)
    others = [place for number in ordered if (place := situation.chosen(name, number)) != here]
    found = [compared(situation, place, names) for place in others[:NEXT_BEST]]
    return WhyHere(tuple(sorted(found, key=lambda one: one.costs)), len(free), _sentence(here, names, found))


def _best_of_each_start(situation: Situation, name: str, free: Integers, cost: Integers) -> list[int]:
    """The cheapest room at each start, the cheapest first."""
    own = situation.compiled.choices[name]
    ordered = free[np.lexsort((own.start[free], cost[free]))]
    _, first = np.unique(own.start[ordered], return_index=True)
    return [int(ordered[number]) for number in sorted(first.tolist())]


def compared(situation: Situation, place: Placement, names: Names) -> Comparison:
    """What the plan would be worth with a session there instead."""
    before = Version(situation.problem, situation.plan_with())
    differences = rule_differences(before, Version(situation.problem, situation.plan_with(place)))
    total = costs(differences)
    sentence = f"{names.place(place)}: worth {worth(total)}{told(differences)}."
    return Comparison(place=place, costs=total, rules=differences, sentence=sentence)


def _sentence(here: Placement, names: Names, found: list[Comparison]) -> str:
    title = names.session(here.session)
    where = f"{title} is on {names.place(here)}"
    if not found:
        return f"{where}: the only place that the rules and the other sessions leave it."
    least = min(one.costs for one in found)
    if least < 0:
        return f"{where}, although a place that is free would be worth {-least} person-minutes more."
    if least == 0:
        return f"{where}: no free place is worth more, and others are worth as much."
    return f"{where}: any other free place would be worth at least {least} person-minutes less."
