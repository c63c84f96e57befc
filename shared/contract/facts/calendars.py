"""Calendars that are read for a person: where they are, and how the last reading went. Read by registrations only."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field

from shared.contract.message import Fact
from shared.contract.values import Id, Instant, Zone


class CalendarKind(StrEnum):
    ICS = "ics"
    CALDAV = "caldav"


class ReadProblem(StrEnum):
    """Why a calendar could not be read."""

    UNREACHABLE = "unreachable"
    TOO_SLOW = "too-slow"
    CLOSED_ADDRESS = "closed-address"
    SIGN_IN = "sign-in"
    GONE = "gone"
    REFUSED = "refused"
    SERVER_TROUBLE = "server-trouble"
    REDIRECTS = "redirects"
    TOO_LARGE = "too-large"
    TOO_COSTLY = "too-costly"
    NO_CALENDAR = "no-calendar"
    NO_FREE_BUSY = "no-free-busy"
    UNSEALABLE = "unsealable"


class CalendarSource(Fact):
    """A calendar that is read again and again, for its busy times alone."""

    person: Id
    source: Id = Field(description="what the person calls this calendar")
    kind: CalendarKind
    sealed: str | None = Field(
        default=None,
        max_length=8000,
        repr=False,
        description="address and credentials, encrypted with a key that registrations alone has; none: disconnected",
    )
    connected: Instant
    due: Instant = Field(description="when it is to be read next")
    not_before: Instant | None = Field(
        default=None, description="until then its server asked to be left alone; nobody makes it be read sooner"
    )
    claimed_until: Instant | None = Field(default=None, description="somebody reads it now, and has until then")
    read_at: Instant | None = Field(default=None, description="when it was last read")
    failures: int = Field(default=0, ge=0, description="readings that failed since then")
    problem: ReadProblem | None = Field(default=None, description="of the last reading")
    unknown_since: Instant | None = Field(
        default=None, description="from when on nobody knows what the calendar says; none: it was read"
    )
    etag: str | None = Field(default=None, max_length=500)
    modified: str | None = Field(default=None, max_length=100, description="Last-Modified, as the server said it")
    content: str | None = Field(default=None, max_length=64, description="digest of what was read")
    from_day: date | None = Field(default=None, description="first day of the busy times that are kept")
    until_day: date | None = Field(default=None, description="last day of the busy times that are kept")
    read_in: Zone | None = Field(default=None, description="zone by which times without one were read")
    not_understood: int = Field(default=0, ge=0, description="entries that could not be read")

    example: ClassVar[dict[str, Any]] = {
        "person": "p-001",
        "source": "work",
        "kind": "ics",
        "sealed": "kq3…",
        "connected": "2026-12-01T09:00:00Z",
        "due": "2026-12-01T10:04:10Z",
        "read_at": "2026-12-01T09:00:02Z",
        "from_day": "2026-11-16",
        "until_day": "2028-01-05",
    }

    @property
    def stated_as(self) -> str:
        """The name under which the busy times of this calendar stand in the person's availability."""
        return stated_as(self.source)


def stated_as(source: str) -> str:
    """The name under which the busy times of a calendar stand in a person's availability."""
    return f"{CALENDAR_PREFIX}{source}"


CALENDAR_PREFIX = "calendar-"
