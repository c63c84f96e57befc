"""An annealing in a thread of its own, beside a solver that proves: the compiled loops leave the other core free."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType

from services.scheduler.incumbent import LocalSearch


class Cooling:
    """Cools ``local`` while the ``with`` block runs; ends when the block does, or when ``enough`` says so."""

    def __init__(self, local: LocalSearch, share_done: Callable[[], float], enough: Callable[[int], bool]) -> None:
        self._over = threading.Event()
        self._thread = threading.Thread(
            target=local.anneal,
            args=(share_done, lambda least: self._over.is_set() or enough(least)),
            name="solve-anneal",
            daemon=True,
        )

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
