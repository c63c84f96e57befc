"""Which groups of sessions, bound by a rule that must hold, a session would break at each of some places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numba import njit

from services.scheduler.explaining.situation import Situation, place_of
from services.scheduler.measuring import group_cost
from services.scheduler.relating import Places
from services.scheduler.timeline import Flags


def broken_groups(situation: Situation, name: str, own: Places) -> Iterator[tuple[str, tuple[str, ...], Flags]]:
    """Rule, the other members that have a place, and at which of these places of the session the rule is broken."""
    concerned = [
        (number, stated)
        for number, stated in enumerate(situation.compiled.groups)
        if stated.must and name in stated.term.members
    ]
    if not concerned:
        return
    others = [one for one in situation.placed if one != name]
    stood = [_place(situation, one) for one in others]
    places = Places(*(np.concatenate(arrays) for arrays in zip(own, *stood, strict=True)))
    tables = situation.tables._replace(places=places)
    at = np.full(len(situation.compiled.number), -1, dtype=np.int64)
    for offset, one in enumerate(others):
        at[situation.compiled.number[one]] = len(own.start) + offset
    row = situation.compiled.number[name]
    for number, stated in concerned:
        costs = _group_costs(tables, at, number, row, len(own.start))
        members = tuple(one for one in stated.term.members if one in situation.placed and one != name)
        yield stated.rule, members, np.asarray(costs[1:] > max(0, int(costs[0])))


def _place(situation: Situation, name: str) -> Places:
    placement = situation.placed[name]
    room = situation.room_number(placement.room)
    return place_of(situation.board, situation.board.sessions[name], placement, room)


@njit(cache=True, nogil=True)
def _group_costs(tables: Any, at: Any, g: int, i: int, places: int) -> Any:
    """What group ``g`` costs without session ``i``, and with it at each of the first so many places."""
    costs = np.empty(places + 1, dtype=np.int64)
    for k in range(places + 1):
        at[i] = k - 1
        costs[k] = group_cost(tables, at, g)
    at[i] = -1
    return costs
