"""The costs of blocks as arrays for the annealing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from services.scheduler.blocks.pairing import Pairing
from services.scheduler.blocks.programme import IMPOSSIBLE, Programme
from services.scheduler.blocks.state import Costs
from services.scheduler.compiling import Stated
from services.scheduler.terms import GroupTerm, Key, Measure, PairTerm

Integers = NDArray[np.int64]


def costs_of(programme: Programme) -> Costs:
    """Pair terms that ask for another session's having a place are left to the model."""
    sessions, tracks = len(programme.cost), len(programme.tracks)
    cells = programme.timeslots * programme.rooms
    lengths = [len(rows) for rows in programme.tracks]
    costs = Costs(
        track=np.array([programme.track_of[row] for row in range(sessions)], dtype=np.int64),
        need=programme.need,
        steps=programme.steps,
        rooms=programme.rooms,
        cost=programme.cost.reshape(sessions, cells),
        impossible=IMPOSSIBLE,
        unplaced=programme.compiled.unplaced,
        used=np.zeros((tracks, cells), dtype=np.int64),
        apart=np.zeros((tracks, tracks), dtype=np.int64),
        away=np.zeros(tracks, dtype=np.int64),
        beside=np.zeros(tracks, dtype=np.int64),
        gap=np.zeros(tracks, dtype=np.int64),
        order=np.zeros(tracks, dtype=np.int64),
        wanted=np.zeros(sessions, dtype=np.int64),
        member_first=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        member=np.array([row for rows in programme.tracks for row in rows], dtype=np.int64),
        **_pair_arrays(programme),
    )
    for stated in programme.compiled.groups:
        tracks_of = None if stated.must else programme.whole_tracks(stated.term)
        if tracks_of:
            _add(costs, stated, tracks_of)
    return costs


def _add(costs: Costs, stated: Stated[GroupTerm], tracks: tuple[int, ...]) -> None:
    term, cost, track = stated.term, stated.cost, tracks[0]
    if term.measure is Measure.USED:
        costs.used[track] += cost * _by_cell(costs, term)
    elif term.measure is Measure.DISTINCT and term.key is Key.ALL:
        costs.away[track] += cost
    elif term.measure is Measure.DISTINCT:
        costs.beside[track] += cost
    elif term.measure is Measure.GAPS_IN_TIMESLOTS:
        costs.gap[track] += cost
    elif term.measure is Measure.SEQUENCE:
        costs.order[track] += cost
        costs.wanted[costs.member[costs.member_first[track] : costs.member_first[track + 1]]] = term.table
    else:
        costs.apart[tracks] += cost
        costs.apart[tracks[::-1]] += cost


def _by_cell(costs: Costs, term: GroupTerm) -> Integers:
    table = np.array(term.table, dtype=np.int64)
    timeslots = len(costs.steps)
    if term.inner is Key.TIMESLOT:
        return np.repeat(table, costs.rooms)
    return np.tile(table, timeslots) if term.inner is Key.ROOM else table


def _pair_arrays(programme: Programme) -> dict[str, Integers]:
    pairing, number = Pairing(programme), programme.compiled.number
    matrices: dict[bytes, int] = {}
    distinct: list[Integers] = []
    sides: list[list[tuple[int, int, int, int]]] = [[] for _ in programme.cost]
    for term, cost in _counting(programme):
        matrix = pairing.least(term)
        if not matrix.any():
            continue
        kind = matrices.setdefault(matrix.tobytes(), len(matrices))
        if kind == len(distinct):
            distinct.append(matrix)
        one, other = number[term.one], number[term.other]
        sides[one].append((other, 1, cost, kind))
        sides[other].append((one, 0, cost, kind))
    columns = np.array([side for of in sides for side in of], dtype=np.int64).reshape(-1, 4).T.copy()
    shape = (len(distinct), programme.timeslots, programme.timeslots)
    return {
        "pair_first": np.concatenate([[0], np.cumsum([len(side) for side in sides])]).astype(np.int64),
        "pair_other": columns[0],
        "pair_is_one": columns[1],
        "pair_cost": columns[2],
        "pair_matrix": columns[3],
        "matrices": np.array(distinct, dtype=np.int64).reshape(shape),
    }


def _counting(programme: Programme) -> Iterator[tuple[PairTerm, int]]:
    for stated in programme.compiled.pairs:
        if stated.must or stated.cost:
            yield stated.term, programme.compiled.too_much if stated.must else stated.cost
