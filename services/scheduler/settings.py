"""Settings of the scheduler."""

from __future__ import annotations

from shared.settings import BusSettings


class SchedulerSettings(BusSettings):
    user: str = "scheduler"
