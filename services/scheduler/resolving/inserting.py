"""Putting some sessions into a plan while all others stay: hardest first, then out and in again."""

from __future__ import annotations

import random
import time
from collections.abc import Collection

from services.scheduler.annealing import best_place
from services.scheduler.explaining.situation import Integers, Situation
from services.scheduler.series_moves import insert

TAKEN_OUT = 3
ROUNDS = 8


def insert_all(situation: Situation, free: Collection[str], *, until: float) -> Integers:
    """The places of a plan (-1: none) in which nobody moves but these.

    Each goes where it costs least at its turn. While one has no place and there is time, it goes first and some others
    of these make room for it; a try that leaves more of them without a place is given up.
    """
    at = situation.at.copy()
    dice = random.Random(1)  # noqa: S311 - the same answer twice
    rows = sorted((situation.compiled.number[name] for name in free), key=lambda row: _hardness(situation, row))
    at[rows] = -1
    for row in rows:
        _insert(situation, at, row)
    for _ in range(ROUNDS * len(rows)):
        without = [row for row in rows if at[row] < 0 and _hardness(situation, row)]
        if not without or time.monotonic() > until or not _rearranged(situation, at, rows, without, dice):
            break
    return at


def _rearranged(situation: Situation, at: Integers, rows: list[int], without: list[int], dice: random.Random) -> bool:
    """One try to place one more; whether there was anything to try."""
    before, first = at.copy(), dice.choice(without)
    inside = [row for row in rows if at[row] >= 0]
    out = dice.sample(inside, min(TAKEN_OUT, len(inside)))
    at[out] = -1
    for row in (first, *out, *(row for row in without if row != first)):
        _insert(situation, at, row)
    if sum(at[row] < 0 for row in rows if _hardness(situation, row)) > len(without):
        at[:] = before
    return bool(out)


def _insert(situation: Situation, at: Integers, row: int) -> None:
    """Parts of a weekly series go in together, where none has a place."""
    if situation.series.of[row] < 0:
        at[row] = best_place(situation.tables, at, row)
    elif at[row] < 0:
        insert(situation.tables, situation.series, at, row)


def _hardness(situation: Situation, row: int) -> int:
    """How many places a session has; 0 when it can be nowhere."""
    return int(situation.tables.first[row + 1] - situation.tables.first[row])
