"""How a service tells that it is reachable and caught up."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from shared.contract.message import Command, Reply
from shared.contract.values import Instant, Value


class CheckHealth(Command):
    """Ask a service whether it is reachable and caught up."""

    example: ClassVar[dict[str, Any]] = {}


class ConsumerHealth(Value):
    """One consumer or replay of a service."""

    name: str
    pending: int = Field(ge=0, description="messages not yet delivered to it")
    problem: str | None = None


class Health(Reply):
    """A service's own account of itself."""

    service: str
    ready: bool
    now: Instant
    consumers: tuple[ConsumerHealth, ...]
    storage_percent: float | None = Field(default=None, description="how full its stream is")
    problems: tuple[str, ...] = ()

    example: ClassVar[dict[str, Any]] = {
        "service": "registrations",
        "ready": True,
        "now": "2026-12-01T09:00:00Z",
        "consumers": [{"name": "registrations", "pending": 0}],
        "storage_percent": 0.1,
    }
