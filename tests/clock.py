"""The clock of all processes that the tests start: what they tell of lies ahead, whenever they run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from shared.time.clock import Clock

STARTS_AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
CLOCK = Clock.starting_at(STARTS_AT)


def ahead(**times: float) -> dict[str, str]:
    """The setting of a process whose clock is ahead by so many days or hours; without any, that of all others."""
    return {"TEACHMEET_CLOCK_OFFSET_SECONDS": str(CLOCK.offset_seconds + timedelta(**times).total_seconds())}
