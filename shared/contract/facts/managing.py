"""Facts about line managers: whose teams somebody answers for. They are told counts, never names."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from shared.contract.groups import Affiliated
from shared.contract.message import Fact
from shared.contract.values import Id, Line, Value


class Team(Value):
    """Everybody of a school, or of one department there."""

    school: Line
    department: Line | None = None

    def has(self, person: Affiliated) -> bool:
        """Whether somebody who works there belongs to the team."""
        return person.school == self.school and self.department in {None, person.department}


class Manager(Fact):
    """Whose teams a person answers for. Without a team they manage nobody (any more)."""

    person: Id
    teams: tuple[Team, ...] = Field(default=(), max_length=50)

    example: ClassVar[dict[str, Any]] = {
        "person": "p-001",
        "teams": [{"school": "Hillside School", "department": "Science"}],
    }
