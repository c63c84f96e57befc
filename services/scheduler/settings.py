"""Settings of the scheduler."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import SettingsConfigDict

from shared.settings import BusSettings


class SchedulerSettings(BusSettings):
    # TEACHMEET_PACK_FOLDER="" means no folder, not the current one.
    model_config = SettingsConfigDict(env_ignore_empty=True)

    user: str = "scheduler"
    pack_folder: Path | None = None
