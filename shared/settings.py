"""Settings that every process reads from its environment (``TEACHMEET_…``)."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.time.clock import Clock


class BusSettings(BaseSettings):
    """How a process reaches the broker, and what time it is."""

    model_config = SettingsConfigDict(env_prefix="TEACHMEET_", frozen=True, extra="ignore")

    nats: str = "nats://127.0.0.1:4222"
    user: str
    seed_file: Path
    clock_offset_seconds: float = 0.0
    partners: tuple[str, ...] = ()
    log_level: str = "INFO"

    @cached_property
    def clock(self) -> Clock:
        return Clock(self.clock_offset_seconds)

    def seed(self) -> str:
        """The nkey seed of this process's user."""
        return self.seed_file.read_text().strip()

    @property
    def inbox_prefix(self) -> str:
        return f"_INBOX_{self.user}"
