"""Making room by moving one other session: where it would go, with everybody else where they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from services.scheduler.explaining.objections import Against
from services.scheduler.explaining.situation import Integers, Situation
from services.scheduler.kernel import place_costs
from shared.contract.facts.scheduler import Placement

SPOTS_TRIED = 3
"""How many of a session's spots are tried for each other session that stands in its way there."""


@dataclass(frozen=True)
class Relocation:
    """The session's own place, and where the others went to make room for it."""

    place: Placement
    moves: tuple[Placement, ...]


def best_free_choices(situation: Situation, name: str, at: Integers) -> Integers:
    """The numbers of a session's choices that break nothing beside this plan, the cheapest first."""
    costs = place_costs(situation.tables, at, situation.compiled.number[name])
    # Measured from being without a place: what breaks a rule that must hold costs more than a place is worth.
    free = np.flatnonzero(costs < 0)
    return free[np.argsort(costs[free], kind="stable")]


def single_relocations(situation: Situation, against: Against) -> Iterator[Relocation]:
    """For each session that alone stands in the way at some spot: the spot, and the best other place for that session.

    Those whose move affects fewest people come first.
    """
    in_the_way = _alone_in_the_way(situation, against)
    for other in sorted(in_the_way, key=lambda one: (len(situation.people(one)), one)):
        found = _making_room(situation, against.session.id, other, in_the_way[other])
        if found is not None:
            yield found


def _alone_in_the_way(situation: Situation, against: Against) -> dict[str, list[Placement]]:
    """By session, the spots where it is the only one that stands in the way, and nothing else does."""
    others = np.array([bool(one.sessions) for one in against.objections], dtype=np.bool_)
    only_others = against.matrix.any(axis=0) & ~against.matrix[~others].any(axis=0)
    starts = situation.board.grid.starts
    found: dict[str, list[Placement]] = {}
    for column in np.flatnonzero(only_others):
        names = {name for one in against.at_spot(int(column)) for name in one.sessions}
        if len(names) == 1:
            at, room = int(against.spots.at[column]), int(against.spots.room[column])
            spot = situation.placement(against.session.id, int(starts[at]), room)
            found.setdefault(names.pop(), []).append(spot)
    return found


def _making_room(situation: Situation, name: str, other: str, spots: list[Placement]) -> Relocation | None:
    """The session at the cheapest of these spots for which the other finds another place."""
    row, other_row = situation.compiled.number[name], situation.compiled.number[other]
    at = situation.at.copy()
    at[row], at[other_row] = -1, -1
    numbered = [(number, spot) for spot in spots if (number := situation.choice(spot)) is not None]
    costs = place_costs(situation.tables, at, row)
    for number, spot in sorted(numbered, key=lambda one: int(costs[one[0]]))[:SPOTS_TRIED]:
        at[row] = situation.tables.first[row] + number
        elsewhere = best_free_choices(situation, other, at)
        if len(elsewhere):
            return Relocation(spot, (situation.chosen(other, int(elsewhere[0])),))
    return None
