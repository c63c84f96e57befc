"""The small types that every message is made of: ids, texts, instants, zones, windows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from ulid import ULID

from shared.time.intervals import Interval, days, local_interval
from shared.time.zones import known_zones, zone


def new_id() -> str:
    """A fresh id: a ULID in lower case."""
    return str(ULID()).lower()


def _printable(text: str) -> str:
    for character in text:
        if character not in "\n\t" and unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}:
            raise ValueError(f"holds the control character U+{ord(character):04X}; only printable text is allowed")
    return text


def _one_line(text: str) -> str:
    if "\n" in text or "\t" in text:
        raise ValueError("holds a line break or tab; one line of printable text is allowed")
    return _printable(text)


def _known_zone(name: str) -> str:
    if name not in known_zones():
        raise ValueError("is not an IANA time zone")
    return name


def _to_utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise ValueError("lies outside the years 1 to 9999") from None


Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,64}$"), Field(description="1-64 of a-z, 0-9 and '-'")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_one_line)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000), AfterValidator(_printable)]
Address = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        max_length=254,
        pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$",
    ),
    Field(description="an e-mail address: local-part@domain"),
]
Domain = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", max_length=253)]
Zone = Annotated[str, AfterValidator(_known_zone), Field(description="IANA time zone, e.g. Europe/London")]
Language = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$"),
    Field(description="a language and perhaps a country: de, en-GB"),
]
Instant = Annotated[AwareDatetime, AfterValidator(_to_utc), Field(description="UTC instant, RFC 3339")]
TAG_PATTERN = re.compile(r"[a-z0-9-]{1,40}")
Tag = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]
Minutes = Annotated[int, Field(ge=1, le=1440, description="minutes")]


class Value(BaseModel):
    """A frozen value inside messages. Writers may not add fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Answer(StrEnum):
    """What a person says of a window. Where nothing is said, the time is unknown, and unknown is not busy."""

    YES = "yes"
    IF_NEED_BE = "if-need-be"
    NO = "no"


class Weekday(StrEnum):
    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"

    @classmethod
    def of(cls, day: date) -> Weekday:
        return _WEEK[day.weekday()]


_WEEK = tuple(Weekday)


class DatedWindow(Value):
    """One stretch of time, from instant to instant."""

    kind: Literal["dated"] = "dated"
    answer: Answer
    start: Instant
    end: Instant

    @model_validator(mode="after")
    def _ends_after_start(self) -> DatedWindow:
        if self.end <= self.start:
            raise ValueError("end must be after start")
        return self

    def intervals(self, first: date, last: date) -> Iterator[Interval]:
        """This window's interval if it lies, at least in part, within a day of ``first`` to ``last``."""
        if self.end.date() >= first - timedelta(days=1) and self.start.date() <= last + timedelta(days=1):
            yield Interval(self.start, self.end)


class WeeklyWindow(Value):
    """The same local time on some weekdays, between two dates (both included)."""

    kind: Literal["weekly"] = "weekly"
    answer: Answer
    weekdays: tuple[Weekday, ...] = Field(min_length=1)
    start: time = Field(description="local time; 00:00 to 00:00 is the whole day")
    end: time = Field(description="local time; not after start means the next day")
    zone: Zone
    first: date
    last: date
    except_dates: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _local_and_in_order(self) -> WeeklyWindow:
        if self.start.tzinfo or self.end.tzinfo:
            raise ValueError("start and end are local times without an offset; the zone is its own field")
        if self.last < self.first:
            raise ValueError("last must not be before first")
        return self

    def intervals(self, first: date, last: date) -> Iterator[Interval]:
        """One interval for each day of ``first`` to ``last`` that this window falls on."""
        local = zone(self.zone)
        for day in days(max(first, self.first), min(last, self.last)):
            if Weekday.of(day) in self.weekdays and day not in self.except_dates:
                yield local_interval(day, self.start, self.end, local)


Window = Annotated[DatedWindow | WeeklyWindow, Field(discriminator="kind")]


class InterestLevel(StrEnum):
    COMING = "coming"
    INTERESTED = "interested"
    NOT_ME = "not-me"


class DateSpan(Value):
    """Dates on which nothing is placed, and why; both ends included."""

    first: date
    last: date
    reason: Line

    @model_validator(mode="after")
    def _in_order(self) -> DateSpan:
        if self.last < self.first:
            raise ValueError("last must not be before first")
        return self
