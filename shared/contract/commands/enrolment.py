"""Commands about enrolment by rule, and about who manages whom."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from shared.contract.facts.managing import Team
from shared.contract.groups import Group
from shared.contract.message import Command, Reply
from shared.contract.values import Id, Value


class SetEnrolmentRule(Command):
    """Enrol everybody of a group in a programme, whoever joins the group later, too. Replaces the rule of that id."""

    rule: Id
    programme: Id
    group: Group

    example: ClassVar[dict[str, Any]] = {
        "rule": "hillside-in-spring",
        "programme": "spring-2027",
        "group": {"school": "Hillside School"},
    }


class RemoveEnrolmentRule(Command):
    """End a rule. Whom it alone enrolled is enrolled no more; seats that people have they keep."""

    rule: Id

    example: ClassVar[dict[str, Any]] = {"rule": "hillside-in-spring"}


class LeaveEnrolment(Command):
    """Leave a programme in which a rule enrolled the person. The same rule never enrols them again."""

    person: Id
    programme: Id

    example: ClassVar[dict[str, Any]] = {"person": "p-002", "programme": "spring-2027"}


class AskEnrolmentRules(Command):
    """Ask for the rules, and how many people each enrols."""

    example: ClassVar[dict[str, Any]] = {}


class RuleShown(Value):
    """One rule and what it did."""

    rule: Id
    programme: Id
    group: Group
    enrolled: int = Field(ge=0, description="people whom it enrols now")
    left: int = Field(ge=0, description="people who left it")


class EnrolmentRules(Reply):
    """The rules in force, by id."""

    rules: tuple[RuleShown, ...] = ()

    example: ClassVar[dict[str, Any]] = {
        "rules": [
            {
                "rule": "hillside-in-spring",
                "programme": "spring-2027",
                "group": {"school": "Hillside School"},
                "enrolled": 31,
                "left": 2,
            }
        ]
    }


class AskManagers(Command):
    """Ask who manages which teams."""

    example: ClassVar[dict[str, Any]] = {}


class ManagerShown(Value):
    """One manager, and how many people their teams have."""

    person: Id
    teams: tuple[Team, ...]
    members: int = Field(ge=0, description="people in all those teams together")


class Managers(Reply):
    """Everybody who answers for a team, by id."""

    managers: tuple[ManagerShown, ...] = ()

    example: ClassVar[dict[str, Any]] = {
        "managers": [{"person": "p-001", "teams": [{"school": "Hillside School"}], "members": 31}]
    }
