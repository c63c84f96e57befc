"""Commands about when people can come, beside the plain statement: in words, from a file, from a calendar."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import Field, StringConstraints

from shared.contract.facts.calendars import CalendarKind, ReadProblem
from shared.contract.message import Command, Reply
from shared.contract.results import FieldError
from shared.contract.values import Id, Instant, Value, Window, Zone

CalendarName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9-]{1,40}$"),
    Field(description="what the person calls this calendar: 1-40 of a-z, 0-9 and '-'"),
]


class SayAvailability(Command):
    """Say in words when a person can come. Replaces what they said by hand before.

    Parts that are not understood are named in the answer; the others count.
    """

    person: Id
    text: str = Field(
        min_length=1,
        max_length=4000,
        description="such as: Mon 9-11, not Fri, Tue 15:30-17 if need be until 2027-04-30",
    )
    until: date | None = Field(default=None, description="last day of parts that name none; none given: in a year")

    example: ClassVar[dict[str, Any]] = {
        "person": "p-001",
        "text": "Mon 9-11, not Fri, Tue 15:30-17 if need be until 2027-04-30",
    }


class RenewAvailability(Command):
    """Say that a person's weekly pattern still holds, and until when."""

    person: Id
    until: date
    source: Id = Field(default="self", description="whose word is renewed; as in availability.state")

    example: ClassVar[dict[str, Any]] = {"person": "p-001", "until": "2027-12-31"}


class UploadCalendar(Command):
    """Give a calendar file. Its busy times alone are kept, never what they are about."""

    person: Id
    content: str = Field(
        min_length=1,
        max_length=480_000,
        pattern=r"^[A-Za-z0-9+/]+={0,2}$",
        repr=False,
        description="the iCalendar file in base64; it may be compressed with gzip",
    )
    source: Id = Field(default="upload", description="the name under which the busy times stand")

    example: ClassVar[dict[str, Any]] = {"person": "p-001", "content": "QkVHSU46VkNBTEVOREFSDQpFTkQ6VkNBTEVOREFSDQo="}


class Understood(Reply):
    """What became of words or a file: how many windows count now, and what was not understood."""

    status: str = Field(default="accepted", pattern=r"^accepted$")
    seq: int = Field(ge=0)
    windows: int = Field(ge=0)
    problems: tuple[FieldError, ...] = ()

    example: ClassVar[dict[str, Any]] = {
        "status": "accepted",
        "seq": 18,
        "windows": 3,
        "problems": [{"field": "text.2", "problem": "names no day", "allowed": "a weekday or a date"}],
    }


class ConnectCalendar(Command):
    """Have a calendar read again and again, for its busy times alone, or change how it is reached."""

    person: Id
    source: CalendarName
    kind: CalendarKind = CalendarKind.ICS
    url: str = Field(min_length=8, max_length=2000, repr=False, description="https or webcal address; kept secret")
    user: str | None = Field(default=None, min_length=1, max_length=300, repr=False)
    password: str | None = Field(default=None, min_length=1, max_length=300, repr=False)

    example: ClassVar[dict[str, Any]] = {
        "person": "p-001",
        "source": "work",
        "kind": "ics",
        "url": "https://calendars.example/private-2f6e/basic.ics",
    }


class DisconnectCalendar(Command):
    """Read a calendar no more; its busy times and its address are forgotten."""

    person: Id
    source: CalendarName

    example: ClassVar[dict[str, Any]] = {"person": "p-001", "source": "work"}


class ReadCalendar(Command):
    """Read a calendar as soon as may be, without waiting for its turn."""

    person: Id
    source: CalendarName

    example: ClassVar[dict[str, Any]] = {"person": "p-001", "source": "work"}


class AskCalendars(Command):
    """Ask which calendars are read for a person, and how that goes."""

    person: Id

    example: ClassVar[dict[str, Any]] = {"person": "p-001"}


class CalendarShown(Value):
    """A connected calendar, without its address."""

    source: Id
    kind: CalendarKind
    read_at: Instant | None = None
    unknown_since: Instant | None = Field(
        default=None, description="from when on nobody knows what the calendar says; none: it was read"
    )
    problem: ReadProblem | None = None
    advice: str | None = Field(default=None, description="what the problem means, and what to do about it")
    next_reading: Instant
    not_understood: int = Field(default=0, ge=0, description="entries that could not be read")
    until_day: date | None = Field(default=None, description="the busy times are known up to that day")


class Calendars(Reply):
    """A person's connected calendars."""

    calendars: tuple[CalendarShown, ...] = ()

    example: ClassVar[dict[str, Any]] = {
        "calendars": [
            {
                "source": "work",
                "kind": "ics",
                "read_at": "2026-12-01T09:00:02Z",
                "next_reading": "2026-12-01T10:04:10Z",
                "until_day": "2028-01-05",
            }
        ]
    }


class AskAvailability(Command):
    """Ask what is known of when a person can come, source by source."""

    person: Id

    example: ClassVar[dict[str, Any]] = {"person": "p-001"}


class SourceShown(Value):
    """What one source says of a person."""

    source: Id
    windows: tuple[Window, ...] = ()
    lasts_until: date | None = Field(default=None, description="the last day of which it says something")
    still_true: bool = Field(
        default=True, description="false: what was said has run out, or soon will; ask whether it still holds"
    )
    unknown_since: Instant | None = Field(default=None, description="the calendar cannot be read since then")


class AvailabilityShown(Reply):
    """A person's availability. Of times that no source names, nothing is known; unknown is not busy."""

    person: Id
    zone: Zone
    sources: tuple[SourceShown, ...] = ()
    calendars: tuple[CalendarShown, ...] = ()

    example: ClassVar[dict[str, Any]] = {
        "person": "p-001",
        "zone": "Europe/London",
        "sources": [
            {
                "source": "self",
                "windows": [
                    {
                        "kind": "weekly",
                        "answer": "yes",
                        "weekdays": ["mon"],
                        "start": "09:00",
                        "end": "11:00",
                        "zone": "Europe/London",
                        "first": "2026-12-01",
                        "last": "2027-04-30",
                    }
                ],
                "lasts_until": "2027-04-30",
            }
        ],
    }
