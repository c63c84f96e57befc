"""The rules that must hold: those of a policy pack, as data, and those that every programme has.

A new kind of pack rule is a class here and a member of ``Rule``; a new built-in one is a member of ``MustHold``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from shared.contract.values import DateSpan, Id, Line, Tag, Value, Weekday, Zone
from shared.time.intervals import Interval, days, local_interval
from shared.time.zones import zone

MIDNIGHT = time(0)


class MustHold(StrEnum):
    """What holds in every programme, whatever its policy pack says."""

    PROGRAMME_DATES = "programme-dates"
    PRESENTER_UNAVAILABLE = "presenter-unavailable"
    ROOM_UNAVAILABLE = "room-unavailable"
    ROOM_CAPACITY = "room-capacity"
    ROOM_FEATURES = "room-features"
    PRESENTER_CONFLICT = "presenter-conflict"
    ROOM_CONFLICT = "room-conflict"
    PREREQUISITE = "prerequisite"


class Exemption(Value):
    """A rule of its own: formats that another rule does not bind."""

    id: Id
    formats: tuple[Tag, ...] = Field(min_length=1)
    sentence: Line


class PackRule(Value):
    id: Id
    sentence: Line = Field(description="the rule in one plain sentence")
    source: Line = Field(description="who asks for it, and where it is written down")


class LocalTimes(PackRule):
    """A rule about the same local time on some weekdays, in the programme's zone."""

    weekdays: tuple[Weekday, ...] = Field(default=tuple(Weekday), min_length=1)
    start: time = Field(default=MIDNIGHT, description="local time; 00:00 to 00:00 is the whole day")
    end: time = Field(default=MIDNIGHT, description="local time; not after start means the next day")

    def intervals(self, first: date, last: date, zone_name: Zone) -> Iterator[Interval]:
        """One interval for each day of ``first`` to ``last`` on which these times fall."""
        local = zone(zone_name)
        for day in days(first, last):
            if Weekday.of(day) in self.weekdays:
                yield local_interval(day, self.start, self.end, local)


class ProhibitedTimes(LocalTimes):
    """No session overlaps these times, but for exempt formats."""

    kind: Literal["prohibited-times"] = "prohibited-times"
    where: Line = Field(description="completes 'the session lies ...': in the lunch window, on a Friday")
    exemptions: tuple[Exemption, ...] = ()

    def binds(self, session_format: Tag) -> bool:
        return self.exemption(session_format) is None

    def exemption(self, session_format: Tag) -> Exemption | None:
        """The exemption that frees this format, if there is one."""
        return next((exemption for exemption in self.exemptions if session_format in exemption.formats), None)


class RequiredTimes(LocalTimes):
    """A session lies wholly within these times."""

    kind: Literal["required-times"] = "required-times"
    formats: tuple[Tag, ...] = Field(default=(), description="the formats it binds; none named means all")

    def binds(self, session_format: Tag) -> bool:
        return not self.formats or session_format in self.formats


class ProhibitedDates(PackRule):
    """No session overlaps these days."""

    kind: Literal["prohibited-dates"] = "prohibited-dates"
    where: Line
    spans: tuple[DateSpan, ...]

    def binds(self, session_format: Tag) -> bool:  # noqa: ARG002 -- every rule is asked; this one has no exemptions
        return True

    def intervals(self, first: date, last: date, zone_name: Zone) -> Iterator[Interval]:
        """One interval for each closed day of ``first`` to ``last``."""
        return closed_days(self.spans, first, last, zone_name)


Rule = Annotated[ProhibitedTimes | RequiredTimes | ProhibitedDates, Field(discriminator="kind")]


class Policy(Value):
    """The rules of one version of a policy pack, with everything in them that depends on the programme filled in."""

    pack: Id
    version: int = Field(ge=1)
    rules: tuple[Rule, ...] = Field(default=(), max_length=40)

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Policy:
        require_unique_rule_ids(self.rules)
        return self

    def name(self) -> str:
        return f"pack {self.pack}, version {self.version}"


def require_unique_rule_ids(rules: tuple[PackRule, ...]) -> None:
    """Raises ``ValueError`` for an id that two rules share, or that belongs to a rule every programme has."""
    taken = {str(rule) for rule in MustHold}
    for rule in rules:
        exemptions = rule.exemptions if isinstance(rule, ProhibitedTimes) else ()
        for name in (rule.id, *(exemption.id for exemption in exemptions)):
            if name in taken:
                raise ValueError(f"the rule id {name!r} is taken already; each rule and exemption needs its own")
            taken.add(name)


def closed_days(spans: tuple[DateSpan, ...], first: date, last: date, zone_name: Zone) -> Iterator[Interval]:
    """The local days of ``spans`` between ``first`` and ``last``, from midnight to midnight."""
    local = zone(zone_name)
    for span in spans:
        for day in days(max(first, span.first), min(last, span.last)):
            yield local_interval(day, MIDNIGHT, MIDNIGHT, local)
