"""Settings of the registrations service."""

from __future__ import annotations

from pathlib import Path

from shared.settings import BusSettings


class RegistrationsSettings(BusSettings):
    user: str = "registrations"
    people_key_file: Path

    def people_key(self) -> bytes:
        """The HMAC key under which addresses are claimed."""
        return bytes.fromhex(self.people_key_file.read_text().strip())
