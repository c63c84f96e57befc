"""Ends a running solver soon after somebody cancels."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ortools.sat.python import cp_model

SECONDS_BETWEEN_LOOKS = 0.05


@contextmanager
def stopped_by(cancel: threading.Event | None, solver: cp_model.CpSolver) -> Iterator[None]:
    """Stops the solver when the event is set. A stop before its search has begun is lost, so it repeats."""
    if cancel is None:
        yield
        return
    over = threading.Event()

    def watch() -> None:
        while not over.wait(SECONDS_BETWEEN_LOOKS):
            if cancel.is_set():
                solver.stop_search()

    watcher = threading.Thread(target=watch, name="solve-cancel", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
