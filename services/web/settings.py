"""Settings of the front desk."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from shared.settings import BusSettings


class WebSettings(BusSettings):
    user: str = "web"
    link_key_file: Path
    web_host: str = "127.0.0.1"
    web_port: int = Field(default=8080, ge=1, le=65535)
