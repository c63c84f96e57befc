"""The days that an import of dated things is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from shared.time.intervals import Interval, local_instant
from shared.time.zones import zone

MAX_DAYS = 800


@dataclass(frozen=True)
class Horizon:
    """First to last day, both included, in an IANA zone."""

    first: date
    last: date
    zone: str

    def __post_init__(self) -> None:
        if not 0 <= (self.last - self.first).days < MAX_DAYS:
            raise ValueError(f"a horizon has 1 to {MAX_DAYS} days, not {self.first} to {self.last}")

    def interval(self) -> Interval:
        """From the first midnight to the one after the last day."""
        local = zone(self.zone)
        after = self.last + timedelta(days=1)
        return Interval(local_instant(self.first, time(), local), local_instant(after, time(), local))
