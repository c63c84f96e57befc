"""How far a spot lies outside the rules, and what it is worth: which of many spots an exception should be made for."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from services.scheduler.entities import Session
from services.scheduler.explaining.objections import Against, Spots
from services.scheduler.explaining.situation import Integers, Situation
from services.scheduler.rules.base import UnaryRule
from shared.time.zones import zone

MIDDAY = 12.5


def mildest_first(situation: Situation, against: Against, columns: Integers) -> Integers:
    """The order of these spots: least outside the rules first, then best by the weighed rules, then nearest midday."""
    spots = against.spots.only(columns)
    rules = [one for one in situation.problem.policy.in_force() if isinstance(one, UnaryRule)]
    outside = _total(situation, against.session, spots, [one for one in rules if one.must_hold()], weighed=False)
    costs = _total(situation, against.session, spots, [one for one in rules if not one.must_hold()], weighed=True)
    return np.lexsort((_from_midday(situation, spots), costs, outside))


def _total(situation: Situation, session: Session, spots: Spots, rules: list[UnaryRule], *, weighed: bool) -> Integers:
    used, column = np.unique(spots.at, return_inverse=True)
    shape = (len(situation.problem.rooms), len(used))
    total = np.zeros(len(spots), dtype=np.int64)
    for rule in rules if len(spots) else ():
        if rule.scope.covers(session):
            amounts = np.broadcast_to(rule.amounts(session, used, situation.board), shape)
            total += (rule.weight if weighed else 1) * amounts[spots.room, column]
    return total


def _from_midday(situation: Situation, spots: Spots) -> Integers:
    """Minutes of local time between midday and each start."""
    local = zone(situation.problem.zone)
    used, column = np.unique(spots.at, return_inverse=True)
    walls = [datetime.fromtimestamp(int(one), UTC).astimezone(local) for one in situation.board.grid.starts[used]]
    minutes = [abs(60 * (wall.hour - MIDDAY) + wall.minute) for wall in walls]
    return np.array(minutes, dtype=np.int64)[column]
