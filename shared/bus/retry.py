"""Growing delays, and which errors are worth another try."""

from __future__ import annotations

from nats.errors import Error as NatsError
from nats.js.errors import APIError, ServiceUnavailableError

# A batch that the broker forgot when it restarted, and one too many at a time: nothing of them is stored.
_LOST_BATCHES = frozenset({10176, 10210})


def growing_delay(attempt: int, *, first: float = 0.2, cap: float = 600.0) -> float:
    """Seconds to wait before attempt ``attempt`` + 1 (the first attempt is 1): doubles up to ``cap``."""
    return min(cap, first * 2.0 ** min(attempt - 1, 32))


def is_transient(error: Exception) -> bool:
    """Whether the same thing may work later. A refusal by the broker's API will not; everything lost on the way may."""
    if isinstance(error, APIError):
        return isinstance(error, ServiceUnavailableError) or error.err_code in _LOST_BATCHES
    return isinstance(error, NatsError | OSError | TimeoutError)
