"""Settings of the scheduler."""

from __future__ import annotations

from pathlib import Path

from shared.settings import BusSettings


class SchedulerSettings(BusSettings):
    user: str = "scheduler"
    pack_folder: Path | None = None
