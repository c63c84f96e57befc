"""Growing delays, and what is worth another try."""

from __future__ import annotations

import nats.errors
import nats.js.errors
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bus.retry import growing_delay, is_transient


@given(st.integers(1, 10_000), st.floats(0.01, 10), st.floats(10, 1000))
def test_delays_grow_up_to_the_cap(attempt: int, first: float, cap: float) -> None:
    delay, later = growing_delay(attempt, first=first, cap=cap), growing_delay(attempt + 1, first=first, cap=cap)
    assert first <= delay <= later <= cap
    assert later == min(cap, 2 * delay)


def test_the_first_delay_is_the_first() -> None:
    assert growing_delay(1, first=0.5) == 0.5


@pytest.mark.parametrize(
    "error",
    [
        nats.errors.TimeoutError(),
        nats.errors.NoRespondersError(),
        nats.errors.ConnectionClosedError(),
        nats.js.errors.NoStreamResponseError(),
        nats.js.errors.ServiceUnavailableError(),
        TimeoutError(),
        ConnectionResetError(),
        OSError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_was_lost_on_the_way_is_tried_again(error: Exception) -> None:
    assert is_transient(error)


@pytest.mark.parametrize(
    "error",
    [
        nats.js.errors.BadRequestError(),
        nats.js.errors.NotFoundError(),
        nats.js.errors.APIError(code=400, err_code=10071),
        KeyError("x"),
        ValueError(),
        TypeError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_was_refused_or_is_a_fault_of_ours_is_not(error: Exception) -> None:
    assert not is_transient(error)
