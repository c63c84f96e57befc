"""The evening, version 1: everything a running order depends on, as plain data.

A TeachMeet evening is one *programme*: parts with a break between each two of them, and talks of a few minutes.
Ids only: no names and no addresses. Instants are UTC and whole minutes, durations are minutes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import ConfigDict, Field, model_validator

from services.scheduler.entities import WholeMinute
from shared.contract.values import Id, Line, Minutes, Tag, Value, Zone

LONGEST_EVENING = timedelta(hours=12)
MOST_TALKS = 60
MOST_BREAKS = 6


class Break(Value):
    """A break between two parts. It is planned at its full length; the rest is what over-runs may take of it."""

    id: Id
    title: Line = Field(description="as it is spoken of, e.g. apathy break")
    minutes: Minutes = Field(description="planned minutes")
    shortest_minutes: int = Field(ge=0, le=1440, description="minutes that over-runs must leave of it")
    latest: WholeMinute | None = Field(default=None, description="it begins by then, e.g. because of the caterers")

    @model_validator(mode="after")
    def _shortest_is_not_longer(self) -> Break:
        if self.shortest_minutes > self.minutes:
            raise ValueError(f"shortest_minutes: must not be more than minutes ({self.minutes})")
        return self


class Talk(Value):
    """What one presenter wants to say."""

    id: Id
    presenter: Id
    format: Tag = Field(description="nano (2 minutes), micro (7), soapbox (15), ...")
    minutes: Minutes
    tags: tuple[Tag, ...] = Field(default=(), max_length=20, description="topics")
    first_timer: bool = Field(default=False, description="it is the presenter's first talk")
    carried_over: bool = Field(default=False, description="was left out last time, and so goes first")
    reserve: bool = Field(default=False, description="stands by, for no-shows and early finishes")
    remote: bool = Field(default=False, description="the presenter joins by video call")
    pinned: int | None = Field(
        default=None, ge=1, le=MOST_TALKS, description="position among the talks of the evening, from 1"
    )

    @model_validator(mode="after")
    def _reserves_wait(self) -> Talk:
        if self.reserve and (self.carried_over or self.pinned):
            raise ValueError("reserve: a talk that is carried over or pinned is no reserve; leave one of them out")
        return self


class Evening(Value):
    """One evening: when, which breaks, who wants to speak. With n breaks there are n + 1 parts."""

    model_config = ConfigDict(title="Evening", json_schema_extra=lambda schema: schema.update(examples=[EXAMPLE]))

    version: Literal[1] = 1
    programme: Id
    zone: Zone
    start: WholeMinute
    end: WholeMinute
    people: int = Field(default=40, ge=1, le=100_000, description="people expected; costs are person-minutes of theirs")
    changeover_minutes: int = Field(default=1, ge=0, le=60, description="minutes between two talks of a part")
    remote_changeover_minutes: int | None = Field(
        default=None, ge=0, le=60, description="minutes before a remote talk instead; the same when not given"
    )
    breaks: tuple[Break, ...] = Field(default=(), max_length=MOST_BREAKS, description="in their order")
    talks: tuple[Talk, ...] = Field(min_length=1, max_length=MOST_TALKS)

    @model_validator(mode="after")
    def _lasts_a_while(self) -> Evening:
        if not timedelta(0) < self.end - self.start <= LONGEST_EVENING:
            raise ValueError("end: must be after start, by 12 hours at most")
        if sum(each.minutes for each in self.breaks) >= self.minutes:
            raise ValueError("breaks: take the whole evening; shorten them, or let the evening end later")
        return self

    @model_validator(mode="after")
    def _somebody_is_planned(self) -> Evening:
        if not self.ordinary:
            raise ValueError("talks.reserve: all talks are reserves; at least one must not be")
        return self

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Evening:
        _once("breaks and talks", [*(each.id for each in self.breaks), *(each.id for each in self.talks)])
        _once("talks.carried_over: presenter", [each.presenter for each in self.talks if each.carried_over])
        return self

    @model_validator(mode="after")
    def _pins_are_possible(self) -> Evening:
        pinned = sorted((each for each in self.ordinary if each.pinned), key=lambda each: each.pinned or 0)
        _once("talks.pinned: position", [str(each.pinned) for each in pinned])
        for each in pinned:
            if (each.pinned or 0) > len(self.ordinary):
                raise ValueError(f"talks.{each.id}.pinned: must be from 1 to {len(self.ordinary)}, the talks there are")
        return self

    @property
    def minutes(self) -> int:
        return self.minutes_until(self.end)

    @property
    def ordinary(self) -> tuple[Talk, ...]:
        """The talks that are planned: all but the reserves."""
        return tuple(each for each in self.talks if not each.reserve)

    def minutes_until(self, instant: datetime) -> int:
        return (instant - self.start) // timedelta(minutes=1)

    def talk(self, id: str) -> Talk:
        """Raises ``KeyError`` when there is no such talk."""
        return {each.id: each for each in self.talks}[id]

    def changeover_before(self, talk: Talk) -> int:
        """Minutes between the talk before, in the same part, and this one. The first of a part needs none."""
        remote = self.remote_changeover_minutes
        return remote if talk.remote and remote is not None else self.changeover_minutes

    def digest(self) -> str:
        """SHA-256 of the canonical JSON (keys sorted, no spaces), in hexadecimal."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def _once(field: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"{field} {name!r} is there twice; each is allowed once")
        seen.add(name)


EXAMPLE: dict[str, Any] = {
    "version": 1,
    "programme": "teachmeet-march",
    "zone": "Europe/London",
    "start": "2027-03-04T17:30:00Z",
    "end": "2027-03-04T18:30:00Z",
    "people": 40,
    "changeover_minutes": 1,
    "remote_changeover_minutes": 3,
    "breaks": [{"id": "apathy", "title": "apathy break", "minutes": 15, "shortest_minutes": 5}],
    "talks": [
        {"id": "dice", "presenter": "amara", "format": "micro", "minutes": 7, "tags": ["maths"], "first_timer": True},
        {"id": "quiet", "presenter": "ben", "format": "micro", "minutes": 7, "tags": ["wellbeing"]},
        {"id": "maps", "presenter": "cai", "format": "nano", "minutes": 2, "tags": ["geography"], "carried_over": True},
        {"id": "marking", "presenter": "dora", "format": "soapbox", "minutes": 15, "tags": ["feedback"]},
        {"id": "fractions", "presenter": "eli", "format": "nano", "minutes": 2, "tags": ["maths"], "remote": True},
        {"id": "hexagons", "presenter": "fay", "format": "nano", "minutes": 2, "tags": ["talk"], "reserve": True},
    ],
}
