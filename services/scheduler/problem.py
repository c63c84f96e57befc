"""The planning problem, version 1: everything a solve depends on, as plain data in canonical order.

The service builds it from facts, ``teachmeet solve-file`` reads it, benchmarks write it. Ids only: no names and no
addresses. Instants are UTC, durations are minutes, dates are local dates in the problem's zone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from services.scheduler.rules import Policy
from shared.contract.values import DateSpan, Id, Instant, Minutes, Tag, Value, Zone
from shared.time.intervals import Interval

LONGEST_HORIZON_DAYS = 400

Item = TypeVar("Item")


def _in_order(key: Callable[[Any], Any]) -> Callable[[tuple[Item, ...]], tuple[Item, ...]]:
    """Canonical order. Raises ``ValueError`` for a key that occurs twice."""

    def ordered(items: tuple[Item, ...]) -> tuple[Item, ...]:
        by_key = {key(item): item for item in items}
        if len(by_key) < len(items):
            keys = [key(item) for item in items]
            twice = next(name for name in keys if keys.count(name) > 1)
            raise ValueError(f"{twice!r} is there twice; each is allowed once")
        return tuple(by_key[name] for name in sorted(by_key))

    return ordered


def _id(item: Any) -> str:
    return str(item.id)


def _itself(item: Any) -> Any:
    return item


SortedIds = Annotated[tuple[Id, ...], AfterValidator(_in_order(_itself))]
SortedTags = Annotated[tuple[Tag, ...], AfterValidator(_in_order(_itself))]


class Span(Value):
    """A stretch of time, from instant to instant; the end is not part of it."""

    start: Instant
    end: Instant

    @model_validator(mode="after")
    def _ends_after_start(self) -> Span:
        if self.end <= self.start:
            raise ValueError("end must be after start")
        return self

    def interval(self) -> Interval:
        return Interval(self.start, self.end)


def _span_order(span: Span) -> tuple[Any, Any]:
    return span.start, span.end


Spans = Annotated[tuple[Span, ...], AfterValidator(_in_order(_span_order))]


class Room(Value):
    """Where sessions can happen."""

    id: Id
    capacity: int = Field(ge=1, description="people, presenters included")
    features: SortedTags = ()
    unavailable: Spans = ()


class After(Value):
    """The session that comes before, and how many local days lie between the two."""

    session: Id
    fewest_days: int = Field(default=1, ge=0)
    most_days: int = Field(default=21, ge=0)

    @model_validator(mode="after")
    def _fewest_first(self) -> After:
        if self.most_days < self.fewest_days:
            raise ValueError("most_days must not be less than fewest_days")
        return self


class Published(Value):
    """Where the last release put a session. The room may be gone since."""

    room: Id
    start: Instant


class Session(Value):
    """What is to be placed."""

    id: Id
    proposal: Id
    format: Tag
    minutes: Minutes
    presenters: SortedIds = Field(min_length=1)
    needs: SortedTags = Field(default=(), description="features that the room must have")
    seats: int = Field(default=1, ge=1, description="the room must hold at least so many people")
    after: After | None = None
    published: Published | None = None


class Person(Value):
    """When somebody can come. Where spans overlap, the most cautious answer holds; a time in none is unknown."""

    id: Id
    no: Spans = ()
    if_need_be: Spans = ()
    yes: Spans = ()


class Wish(Value):
    """Somebody wants to come to a proposal, and so to each of its sessions."""

    person: Id
    proposal: Id
    level: Literal["coming", "interested"]


def _wish_order(wish: Wish) -> tuple[str, str]:
    return wish.person, wish.proposal


class Problem(Value):
    """A planning problem: one programme's sessions, rooms, people, wishes and rules."""

    model_config = ConfigDict(title="Planning problem", json_schema_extra=lambda schema: schema.update(_example()))

    version: Literal[1] = 1
    programme: Id
    zone: Zone
    first_day: date = Field(description="first local day on which a session may lie")
    last_day: date = Field(description="last local day on which a session may lie")
    grid_minutes: int = Field(default=15, ge=5, le=60, description="sessions start on this grid of local time")
    closures: Annotated[tuple[DateSpan, ...], AfterValidator(_in_order(lambda span: (span.first, span.last)))] = ()
    policy: Policy
    rooms: Annotated[tuple[Room, ...], AfterValidator(_in_order(_id))]
    sessions: Annotated[tuple[Session, ...], AfterValidator(_in_order(_id))]
    people: Annotated[tuple[Person, ...], AfterValidator(_in_order(_id))]
    wishes: Annotated[tuple[Wish, ...], AfterValidator(_in_order(_wish_order))] = ()

    @model_validator(mode="after")
    def _dates_in_order(self) -> Problem:
        if not timedelta(0) <= self.last_day - self.first_day <= timedelta(days=LONGEST_HORIZON_DAYS):
            raise ValueError(
                f"last_day: {self.last_day} must be first_day ({self.first_day}) "
                f"or up to {LONGEST_HORIZON_DAYS} days later"
            )
        return self

    @model_validator(mode="after")
    def _references_are_known(self) -> Problem:
        people = {person.id for person in self.people}
        sessions = {session.id for session in self.sessions}
        proposals = {session.proposal for session in self.sessions}
        for session in self.sessions:
            _known(f"sessions.{session.id}.presenters", session.presenters, people, "people")
            if session.after:
                _known(f"sessions.{session.id}.after", [session.after.session], sessions, "sessions")
        for wish in self.wishes:
            _known(f"wishes.{wish.person}.{wish.proposal}.person", [wish.person], people, "people")
            _known(f"wishes.{wish.person}.{wish.proposal}.proposal", [wish.proposal], proposals, "sessions' proposals")
        return self

    @model_validator(mode="after")
    def _parts_follow_without_a_circle(self) -> Problem:
        before = {session.id: session.after.session for session in self.sessions if session.after}
        for name in before:
            seen, at = {name}, name
            while at in before:
                at = before[at]
                if at in seen:
                    raise ValueError(f"sessions.{name}.after: leads back to {at!r}; parts must not form a circle")
                seen.add(at)
        return self

    def canonical_json(self) -> str:
        """The one JSON text of this problem: everything in order of id, keys sorted, no spaces."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    def digest(self) -> str:
        """SHA-256 of the canonical JSON, in hexadecimal."""
        return hashlib.sha256(self.canonical_json().encode()).hexdigest()


def _known(field: str, given: Iterable[str], known: set[str], where: str) -> None:
    for name in given:
        if name not in known:
            raise ValueError(f"{field}: {name!r} is not among the {where}; add it there or leave it out here")


def _example() -> dict[str, Any]:
    return {"examples": [EXAMPLE]}


EXAMPLE: dict[str, Any] = {
    "version": 1,
    "programme": "spring-2027",
    "zone": "Europe/London",
    "first_day": "2027-01-05",
    "last_day": "2027-01-29",
    "grid_minutes": 15,
    "closures": [{"first": "2027-01-11", "last": "2027-01-11", "reason": "training day"}],
    "policy": {
        "pack": "no-friday",
        "version": 1,
        "rules": [
            {
                "id": "no-friday",
                "kind": "prohibited-times",
                "where": "on a Friday",
                "weekdays": ["fri"],
                "sentence": "Nothing is placed on a Friday",
                "source": "Staff meeting of 3 November",
            },
            {
                "id": "working-hours",
                "kind": "required-times",
                "start": "09:00",
                "end": "17:00",
                "sentence": "Every session lies between 09:00 and 17:00",
                "source": "Staff handbook",
            },
        ],
    },
    "rooms": [{"id": "library", "capacity": 24, "features": ["projector"]}],
    "sessions": [
        {
            "id": "retrieval-practice",
            "proposal": "retrieval-practice",
            "format": "workshop",
            "minutes": 60,
            "presenters": ["p-001"],
            "needs": ["projector"],
            "seats": 12,
        }
    ],
    "people": [
        {"id": "p-001", "no": [{"start": "2027-01-12T09:00:00Z", "end": "2027-01-12T10:00:00Z"}]},
        {"id": "p-002"},
    ],
    "wishes": [{"person": "p-002", "proposal": "retrieval-practice", "level": "coming"}],
}
