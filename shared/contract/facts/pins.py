"""The fact about where an organiser fixed a session."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from shared.contract.message import Fact
from shared.contract.values import Id, Instant


class Pin(Fact):
    """Where an organiser fixed a session: a start, a room, or both. With neither, it is free again."""

    session: Id
    programme: Id
    room: Id | None = None
    start: Instant | None = Field(default=None, description="one of the programme's starts")

    example: ClassVar[dict[str, Any]] = {
        "session": "retrieval-practice",
        "programme": "spring-2027",
        "room": "library",
        "start": "2027-01-12T15:30:00Z",
    }

    @property
    def holds(self) -> bool:
        return self.room is not None or self.start is not None
