"""How fast mail goes to one recipient's domain."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from services.notifier.delivery.rates import DomainLimits, DomainRates, domain_of


def test_without_limits_nothing_waits() -> None:
    rates = DomainRates(DomainLimits())
    for _ in range(1000):
        assert rates.wait("x.example", 0.0) == 0.0
        rates.start("x.example", 0.0)


@given(st.floats(min_value=0.5, max_value=600), st.lists(st.floats(min_value=0, max_value=20), max_size=60))
def test_in_any_stretch_of_time_no_more_start_than_the_rate_and_one_burst_allow(
    per_minute: float, gaps: list[float]
) -> None:
    rates, now, started = DomainRates(DomainLimits(per_minute=per_minute)), 0.0, []
    for gap in gaps:
        now += gap
        while rates.wait("x.example", now) == 0.0:
            rates.start("x.example", now)
            started.append(now)
    burst = max(1.0, per_minute * 5 / 60)
    for index, first in enumerate(started):
        for count, last in enumerate(started[index:], start=1):
            assert count <= burst + (last - first) * per_minute / 60 + 1e-6


def test_who_waits_as_long_as_told_may_start_then() -> None:
    rates = DomainRates(DomainLimits(per_minute=6))
    rates.start("x.example", 0.0)
    wait = rates.wait("x.example", 0.0)
    assert wait == 10.0
    assert rates.wait("x.example", wait) == 0.0
    assert rates.wait("y.example", 0.0) == 0.0


def test_no_more_at_a_time_than_allowed_and_an_end_makes_room() -> None:
    rates = DomainRates(DomainLimits(at_a_time=2))
    rates.start("x.example", 0.0)
    rates.start("x.example", 0.0)
    assert rates.wait("x.example", 99.0) == math.inf
    assert rates.wait("y.example", 99.0) == 0.0
    rates.end("x.example")
    assert rates.wait("x.example", 99.0) == 0.0


def test_domains_are_one_in_any_case_of_letters() -> None:
    assert domain_of("Amara@Hillside.EXAMPLE") == "hillside.example"
