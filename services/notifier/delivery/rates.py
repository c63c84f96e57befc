"""How fast and over how many connections mail goes to each recipient's domain: a token bucket for each."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

_BURST_SECONDS = 5.0


@dataclass(frozen=True)
class DomainLimits:
    """For each recipient's domain: messages a minute, and messages on their way at a time. None: no limit."""

    per_minute: float | None = None
    at_a_time: int | None = None


class DomainRates:
    """What goes to which domain. Times are seconds of a monotonic clock.

    A restart forgets what was sent in the last seconds, so a limit may be passed by one burst (5 seconds' worth, at
    least one message) for each start.
    """

    def __init__(self, limits: DomainLimits) -> None:
        self._limits = limits
        self._tokens: dict[str, tuple[float, float]] = {}
        self._under_way: Counter[str] = Counter()

    def wait(self, domain: str, now: float) -> float:
        """Seconds until a message to that domain may start; 0.0: now. Infinite: when one on its way has ended."""
        if self._limits.at_a_time is not None and self._under_way[domain] >= self._limits.at_a_time:
            return math.inf
        if self._limits.per_minute is None:
            return 0.0
        missing = 1.0 - self._tokens_at(domain, now)
        return max(0.0, missing * 60.0 / self._limits.per_minute)

    def start(self, domain: str, now: float) -> None:
        """A message to that domain is on its way."""
        self._under_way[domain] += 1
        if self._limits.per_minute is not None:
            self._tokens[domain] = (self._tokens_at(domain, now) - 1.0, now)

    def end(self, domain: str) -> None:
        """A message that had started has ended, however."""
        self._under_way[domain] -= 1
        if not self._under_way[domain]:
            del self._under_way[domain]

    def _tokens_at(self, domain: str, now: float) -> float:
        assert self._limits.per_minute is not None, "tokens are counted under a limit only"
        burst = max(1.0, self._limits.per_minute * _BURST_SECONDS / 60.0)
        tokens, since = self._tokens.get(domain, (burst, now))
        return min(burst, tokens + (now - since) * self._limits.per_minute / 60.0)


def domain_of(address: str) -> str:
    """The domain of an address, in lower case."""
    return address.rpartition("@")[2].lower()
