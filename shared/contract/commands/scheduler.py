"""Commands of the scheduler, and the questions it answers."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from shared.contract.facts.scheduler import Limits, Plan, PlanMode, Release
from shared.contract.message import Command, Ids, Reply
from shared.contract.values import Id, Line, Value


class RequestPlan(Command):
    """Ask for a schedule. It becomes a draft; nothing is released by itself."""

    programme: Id
    at_least_seq: int = Field(
        default=0,
        ge=0,
        description="highest sequence of your accepted commands; what is stored by then goes in anyway",
    )
    limits: Limits = Limits()
    mode: PlanMode = PlanMode.FRESH

    example: ClassVar[dict[str, Any]] = {"programme": "spring-2027", "at_least_seq": 412}


class CancelPlan(Command):
    """Stop a running solve. The programme keeps its last release."""

    programme: Id

    example: ClassVar[dict[str, Any]] = {"programme": "spring-2027"}


class AskPlan(Command):
    """Ask for the present plan of a programme."""

    programme: Id

    example: ClassVar[dict[str, Any]] = {"programme": "spring-2027"}


class PlanShown(Reply):
    """The present plan. An outdated draft was solved from facts that have changed since."""

    plan: Plan | None = None
    outdated: bool = False
    releases: int = Field(default=0, ge=0, description="number of the last release; 0 when there is none")
    titles: dict[Id, str] = Field(default={}, description="title by proposal")
    rooms: dict[Id, str] = Field(default={}, description="name and site by room")
    zone: str | None = None

    example: ClassVar[dict[str, Any]] = {"plan": Plan.example, "releases": 1}


class PublishRelease(Command):
    """Release a draft: the programme as everybody will see it, with the next number."""

    programme: Id
    request: Id = Field(description="the request whose draft is released")
    accept_outdated: bool = False

    example: ClassVar[dict[str, Any]] = {"programme": "spring-2027", "request": "01jd3v7q2m8f4k6n9r1t5w7y0z"}


class AskRelease(Command):
    """Ask for a release; the last one when no number is given."""

    programme: Id
    number: int | None = Field(default=None, ge=1)

    example: ClassVar[dict[str, Any]] = {"programme": "spring-2027"}


class ReleaseShown(Reply):
    """A release, or none."""

    release: Release | None = None

    example: ClassVar[dict[str, Any]] = {"release": Release.example}


class AskAttendance(Command):
    """Ask who can attend how much of the last release."""

    programme: Id

    example: ClassVar[dict[str, Any]] = {"programme": "spring-2027"}


class GroupAttendance(Value):
    """How much of what a group wants its people can attend, in counts of (person, session) wishes."""

    school: Line
    department: Line | None = None
    people: int
    wishes: int
    can_attend: int
    if_need_be: int


class SessionAttendance(Value):
    """How many of the people who want a session can attend it."""

    session: Id
    wishes: int
    can_attend: int
    if_need_be: int


class Attendance(Reply):
    """Who can attend how much. Computed when asked, never stored."""

    groups: tuple[GroupAttendance, ...]
    sessions: tuple[SessionAttendance, ...]
    people_without_any: Ids = Field(description="people with wishes who can attend none of them")

    example: ClassVar[dict[str, Any]] = {
        "groups": [
            {
                "school": "Hillside School",
                "department": "Science",
                "people": 9,
                "wishes": 21,
                "can_attend": 18,
                "if_need_be": 2,
            }
        ],
        "sessions": [{"session": "retrieval-practice", "wishes": 12, "can_attend": 11, "if_need_be": 1}],
        "people_without_any": [],
    }
