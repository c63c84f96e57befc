"""Minimal sets of objections that leave a session no spot, found and confirmed by exhaustive count.

Each spot is forbidden by the objections that stand against it. A set of objections leaves no spot exactly when every
spot has one of them: a hitting set. It is minimal when each of its members is the only one of the set at some spot,
which would be free if that member were gone. Both are counted anew over all spots before a set is reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.scheduler.explaining.objections import Against
from shared.contract.commands.explaining import Objection

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Core:
    """Objections that together leave no spot, the one that forbids most first; without any one of them, some is left.

    ``witnesses`` holds for each member a spot (a column) that only this member forbids.
    """

    members: tuple[Objection, ...]
    witnesses: tuple[int, ...]


def minimal_cores(against: Against, most: int) -> Iterator[Core]:
    """Up to ``most`` minimal sets that share no member; none when some spot is free.

    Whoever wants the session there has to give way in each of them.
    """
    if not len(against.spots):
        return
    signatures = _distinct_columns(against.matrix)
    left = np.arange(len(against.objections), dtype=np.int64)
    for _ in range(most):
        rows = _minimal_rows(signatures, left)
        if rows is None:
            return
        yield confirmed(against, rows)
        left = np.setdiff1d(left, rows)


def _distinct_columns(matrix: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Each different column once."""
    packed = np.ascontiguousarray(np.packbits(matrix, axis=0).T)
    keys = packed.view(np.dtype((np.void, packed.shape[1]))).ravel() if packed.shape[1] else np.zeros(len(packed))
    _, first = np.unique(keys, return_index=True)
    return matrix[:, first]


def _minimal_rows(signatures: NDArray[np.bool_], allowed: Rows) -> Rows | None:
    """Rows that together hit every column, none of them in vain; None when these rows do not."""
    if not len(allowed) or not signatures[allowed].any(axis=0).all():
        return None
    chosen = _greedy_rows(signatures[allowed])
    hits = signatures[allowed[chosen]].sum(axis=0)
    kept = []
    for row in allowed[chosen[::-1]]:
        if (hits[signatures[row]] > 1).all():
            hits = hits - signatures[row]
        else:
            kept.append(row)
    return np.array(kept[::-1], dtype=np.int64)


def _greedy_rows(matrix: NDArray[np.bool_]) -> Rows:
    """Again and again the row that hits most of what is not hit yet."""
    chosen: list[int] = []
    open_columns = np.ones(matrix.shape[1], dtype=np.bool_)
    while open_columns.any():
        row = int(matrix[:, open_columns].sum(axis=1).argmax())
        chosen.append(row)
        open_columns &= ~matrix[row]
    return np.array(chosen, dtype=np.int64)


def confirmed(against: Against, rows: Rows) -> Core:
    """The core of these rows, after a count over all spots. Raises ``AssertionError`` for what is no minimal core."""
    hits = against.matrix[rows].sum(axis=0)
    if not (hits > 0).all():
        raise AssertionError("a spot is left; this is no core")
    witnesses = []
    for row in rows:
        alone = np.flatnonzero(against.matrix[row] & (hits == 1))
        if not len(alone):
            raise AssertionError("a member forbids nothing by itself; this core is not minimal")
        witnesses.append(int(alone[0]))
    order = np.argsort(-against.matrix[rows].sum(axis=1), kind="stable")
    return Core(tuple(against.objections[rows[one]] for one in order), tuple(witnesses[one] for one in order))
