"""What running searches tell: with each better plan, what every weighed rule costs there, by the scorer."""

from __future__ import annotations

import time
from dataclasses import replace

from services.scheduler.compiling import Compiled
from services.scheduler.placing import placements_of
from services.scheduler.scoring import score
from services.scheduler.search import OnProgress, SearchProgress

SECONDS_BETWEEN = 1.0
LARGEST_SHARE = 0.05
"""The scorer looks at most so often, and takes at most this share of the time."""


class Figures:
    """Passes progress on, and adds the rules' figures when that costs little."""

    def __init__(self, compiled: Compiled, told: OnProgress) -> None:
        self._compiled, self._told = compiled, told
        self._next = 0.0

    def __call__(self, progress: SearchProgress) -> None:
        begun = time.monotonic()
        if progress.plan is not None and begun >= self._next:
            placements = placements_of(self._compiled, progress.plan)
            judged = score(self._compiled.problem, placements, keep_published=self._compiled.board.keep_published)
            progress = replace(progress, rules=judged.weighed)
            took = time.monotonic() - begun
            self._next = begun + max(SECONDS_BETWEEN, took / LARGEST_SHARE)
        self._told(progress)
