"""A limit on the time that one piece of reading may take, for rules that repeat for ever and never match."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_AGAIN_AFTER = 0.25


class TookTooLongError(Exception):
    """The limit has passed."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TookTooLongError in the block once it has computed for that long.

    Only the main thread of a process on Unix can be stopped so; elsewhere the block has no limit of its own.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _stop)
    # It fires again, as a library may take the first one for an error of its own and go on.
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, _AGAIN_AFTER)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise TookTooLongError
