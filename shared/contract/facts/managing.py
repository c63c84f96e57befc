"""Facts about line managers: whose teams somebody answers for. They are told counts, never names."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from shared.contract.message import Fact
from shared.contract.values import Id, Line, Value


class Team(Value):
    """Everybody of a school, or of one department there."""

    school: Line
    department: Line | None = None


class Manager(Fact):
    """Whose teams a person answers for. Without a team they manage nobody (any more)."""

    person: Id
    teams: tuple[Team, ...] = Field(default=(), max_length=50)

    example: ClassVar[dict[str, Any]] = {
        "person": "p-001",
        "teams": [{"school": "Hillside School", "department": "Science"}],
    }
