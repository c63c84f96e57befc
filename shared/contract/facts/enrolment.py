"""Facts about enrolment by rule: the rules, and what they did to each person."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from shared.contract.groups import Group
from shared.contract.message import Fact, Ids
from shared.contract.values import Id, Instant


class EnrolmentRule(Fact):
    """Everybody of a group is enrolled in a programme, whoever joins the group later, too."""

    rule: Id
    programme: Id
    group: Group
    removed: bool = False

    example: ClassVar[dict[str, Any]] = {
        "rule": "hillside-in-spring",
        "programme": "spring-2027",
        "group": {"school": "Hillside School"},
    }


class Enrolment(Fact):
    """By which rules a person is enrolled in a programme: they count as interested in all its sessions.

    Who left is never enrolled again by a rule that they left.
    """

    person: Id
    programme: Id
    rules: Ids = Field(default=(), description="that enrol them now; none: they are not enrolled (any more)")
    enrolled_at: Instant | None = Field(default=None, description="when they were enrolled: they are told of it then")
    left: Ids = Field(default=(), description="rules that they left: these never enrol them again")
    left_at: Instant | None = None

    example: ClassVar[dict[str, Any]] = {
        "person": "p-002",
        "programme": "spring-2027",
        "rules": ["hillside-in-spring"],
        "enrolled_at": "2026-12-04T10:02:00Z",
    }
