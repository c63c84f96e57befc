"""The one clock of the system.

Wall-clock time is a setting: real by default, or real plus a fixed offset (the demo and the fault tests start
every process at 2026-12-01T09:00Z). Deadlines within one process and retries use the monotonic clock instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True)
class Clock:
    """Tells UTC instants: the machine's time plus ``offset_seconds``."""

    offset_seconds: float = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.offset_seconds)

    @classmethod
    def starting_at(cls, instant: datetime) -> Clock:
        """A clock that shows ``instant`` (aware) at this moment and runs on from there."""
        return cls((instant - datetime.now(UTC)).total_seconds())
