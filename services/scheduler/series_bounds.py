"""What weekly series cost at least, and the lines that no good plan has them on.

All placed parts of a series share one line (``SeriesTables``), or the rule is broken. So a series costs at least what
its parts cost by themselves on its cheapest line, parts without a place there included.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.scheduler.cadence import grid_cadence
from services.scheduler.choices import Choices
from services.scheduler.compiling import Compiled

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class SeriesCosts:
    """``line`` has, by part, the line of each of its choices; ``total`` what the whole series costs on each line."""

    line: Mapping[str, Integers]
    total: Integers

    @property
    def least(self) -> int:
        return int(self.total.min())


def series_costs(compiled: Compiled, choices: Mapping[str, Choices]) -> Iterator[SeriesCosts]:
    """Of every series that is bound to one line, as far as its parts have choices at all."""
    for members in compiled.series:
        if any(len(choices[name]) for name in members):
            yield _costs(compiled, {name: choices[name] for name in members})


def _costs(compiled: Compiled, parts: Mapping[str, Choices]) -> SeriesCosts:
    rooms, board = len(compiled.problem.rooms), compiled.board
    keys = {name: grid_cadence(board, one.session)[one.grid] * rooms + one.room for name, one in parts.items()}
    distinct, numbers = np.unique(np.concatenate([*keys.values()]), return_inverse=True)
    ends = np.cumsum([len(key) for key in keys.values()])[:-1]
    line = dict(zip(keys, np.split(numbers.ravel(), ends), strict=True))
    total = np.zeros(len(distinct), dtype=np.int64)
    for name, one in parts.items():
        own = np.full(len(distinct), compiled.unplaced, dtype=np.int64)
        np.minimum.at(own, line[name], one.cost)
        total += own
    return SeriesCosts(line, total)
