"""What goes into weekly digests: asked of registrations, which alone knows interests and affiliations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from pydantic import Field, model_validator

from shared.contract.facts.managing import Team
from shared.contract.message import Command, Ids, Reply
from shared.contract.values import Id, Instant, Line, Value

_LONGEST = timedelta(days=92)


class AppointManager(Command):
    """Say whose teams a person answers for; replaces what was said before. Without teams they manage nobody."""

    person: Id
    teams: tuple[Team, ...] = Field(default=(), max_length=50)

    example: ClassVar[dict[str, Any]] = {
        "person": "p-001",
        "teams": [{"school": "Hillside School", "department": "Science"}],
    }


class _Span(Command):
    first: Instant
    until: Instant = Field(description="sessions that begin before")

    @model_validator(mode="after")
    def _in_order(self) -> _Span:
        if not timedelta() < self.until - self.first <= _LONGEST:
            raise ValueError("until must be after first, by at most 92 days")
        return self


_SPAN: dict[str, Any] = {"first": "2027-01-11T07:00:00Z", "until": "2027-01-25T07:00:00Z"}


class AskDigestMaterial(_Span):
    """Ask which released sessions of some days are people's own, and which others suit them."""

    people: Ids = Field(min_length=1, max_length=500)

    example: ClassVar[dict[str, Any]] = {"people": ["p-001"], **_SPAN}


class PersonsSessions(Value):
    """Sessions by id, the earliest first."""

    own: Ids = ()
    suiting: Ids = Field(default=(), description="best first: wanted, then of topics that the person wants; none full")


class DigestMaterial(Reply):
    """What the days hold for each person; people for whom they hold nothing are left out."""

    people: dict[Id, PersonsSessions]

    example: ClassVar[dict[str, Any]] = {"people": {"p-001": {"own": ["retrieval-practice"], "suiting": []}}}


class AskTeamCounts(_Span):
    """Ask for the counts of all managers' teams."""

    example: ClassVar[dict[str, Any]] = _SPAN


class TeamCounts(Value):
    """Counts of one group of people. A count of one to four is not told; neither is anything of a smaller group."""

    team: Line
    people: int = Field(ge=0)
    seated: int | None = Field(default=None, description="people with a seat in any session; none: one to four")
    seats: int | None = Field(default=None, description="their seats, over all sessions; none: of a few people")
    presenting: int | None = Field(default=None, description="people who present; none: one to four")


class ManagersTeams(Value):
    """What one manager is told. Teams too small to be told of are named without counts."""

    teams: tuple[TeamCounts, ...] = ()
    too_small: tuple[Line, ...] = ()


class ManagersCounts(Reply):
    """By manager."""

    managers: dict[Id, ManagersTeams]

    example: ClassVar[dict[str, Any]] = {
        "managers": {"p-001": {"teams": [{"team": "Hillside School, Science", "people": 9, "seated": 7, "seats": 11}]}}
    }
