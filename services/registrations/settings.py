"""Settings of the registrations service."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from pydantic import Field

from shared.settings import BusSettings


class RegistrationsSettings(BusSettings):
    user: str = "registrations"
    people_key_file: Path
    calendar_every: timedelta = Field(
        default=timedelta(hours=1), ge=timedelta(seconds=1), description="how often a connected calendar is read"
    )
    calendar_grace: timedelta = Field(
        default=timedelta(days=7),
        ge=timedelta(),
        description="how long what was read counts when the calendar cannot be read any more",
    )
    calendar_lease: timedelta = Field(
        default=timedelta(seconds=90),
        ge=timedelta(seconds=1),
        description="how long a process has for one reading, before another may try",
    )
    calendar_networks: tuple[IPv4Network | IPv6Network, ...] = Field(
        default=(), description="networks beside the public internet that calendars may be read from"
    )
    calendar_ports: tuple[int, ...] = (443, 80)
    calendar_http: bool = Field(default=False, description="also without encryption; never with a password")
    calendar_ca_file: Path | None = Field(
        default=None, description="authorities of the operator's own, beside the usual"
    )

    def people_key(self) -> bytes:
        """The HMAC key under which addresses are claimed."""
        return bytes.fromhex(self.people_key_file.read_text().strip())
