"""The planning problem, version 1: everything a solve depends on, as plain data in canonical order.

The service builds it from facts, ``teachmeet solve-file`` reads it, benchmarks write it. Ids only: no names and no
addresses. Instants are UTC, durations are minutes, dates are local dates in the problem's zone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from services.scheduler.entities import (
    EARLIEST,
    LATEST,
    Carried,
    Person,
    Room,
    Session,
    Timeslot,
    Track,
    Wish,
    carried_order,
    id_of,
    in_order,
    wish_order,
)
from services.scheduler.rules.policy import Policy
from shared.contract.values import DateSpan, Id, Instant, Value, Zone
from shared.time.zones import zone

LONGEST_HORIZON_DAYS = 400


def _date_order(span: DateSpan) -> tuple[date, date]:
    return span.first, span.last


class Problem(Value):
    """A planning problem: one programme's sessions, rooms, people, wishes and rules."""

    model_config = ConfigDict(title="Planning problem", json_schema_extra=lambda schema: schema.update(_example()))

    version: Literal[1] = 1
    programme: Id
    zone: Zone
    first_day: date = Field(description="first local day on which a session may lie")
    last_day: date = Field(description="last local day on which a session may lie")
    grid_minutes: int = Field(default=15, ge=5, le=60, description="sessions start on this grid of local time")
    closures: Annotated[tuple[DateSpan, ...], AfterValidator(in_order(_date_order))] = ()
    policy: Policy
    rooms: Annotated[tuple[Room, ...], AfterValidator(in_order(id_of))]
    timeslots: Annotated[tuple[Timeslot, ...], AfterValidator(in_order(id_of))] = ()
    tracks: Annotated[tuple[Track, ...], AfterValidator(in_order(id_of))] = ()
    sessions: Annotated[tuple[Session, ...], AfterValidator(in_order(id_of))]
    people: Annotated[tuple[Person, ...], AfterValidator(in_order(id_of))]
    wishes: Annotated[tuple[Wish, ...], AfterValidator(in_order(wish_order))] = ()
    ledger: Annotated[tuple[Carried, ...], AfterValidator(in_order(carried_order))] = ()
    asked_at: Instant | None = Field(default=None, description="notice is counted from here; none: there is no notice")

    @model_validator(mode="after")
    def _dates_in_order(self) -> Problem:
        if not timedelta(0) <= self.last_day - self.first_day <= timedelta(days=LONGEST_HORIZON_DAYS):
            raise ValueError(
                f"last_day: {self.last_day} must be first_day ({self.first_day}) "
                f"or up to {LONGEST_HORIZON_DAYS} days later"
            )
        asked = [("asked_at", self.asked_at.date())] if self.asked_at else []
        for field, day in (("first_day", self.first_day), ("last_day", self.last_day), *asked):
            if not EARLIEST <= day <= LATEST:
                raise ValueError(f"{field}: {day} must lie between {EARLIEST} and {LATEST}")
        return self

    @model_validator(mode="after")
    def _timeslots_within_dates(self) -> Problem:
        for timeslot in self.timeslots:
            day = timeslot.start.astimezone(zone(self.zone)).date()
            if not self.first_day <= day <= self.last_day:
                raise ValueError(
                    f"timeslots.{timeslot.id}.start: {day} must be first_day ({self.first_day}), "
                    f"last_day ({self.last_day}) or between them"
                )
        return self

    @model_validator(mode="after")
    def _references_are_known(self) -> Problem:
        people = {person.id for person in self.people}
        sessions = {session.id for session in self.sessions}
        proposals = {session.proposal for session in self.sessions}
        timeslots, tracks = {timeslot.id for timeslot in self.timeslots}, {track.id for track in self.tracks}
        rooms = {room.id for room in self.rooms}
        for session in self.sessions:
            _known(f"sessions.{session.id}.presenters", session.presenters, people, "people")
            if session.after:
                _known(f"sessions.{session.id}.after", [session.after.session], sessions, "sessions")
            _known(f"sessions.{session.id}.prerequisites", session.prerequisites, sessions, "sessions")
            _known(f"sessions.{session.id}.timeslot_costs", session.timeslot_costs, timeslots, "timeslots")
            _known(f"sessions.{session.id}.room_costs", session.room_costs, rooms, "rooms")
            if session.track:
                _known(f"sessions.{session.id}.track", [session.track], tracks, "tracks")
            if session.pinned and session.pinned.room:
                _known(f"sessions.{session.id}.pinned.room", [session.pinned.room], rooms, "rooms")
        for track in self.tracks:
            _known(f"tracks.{track.id}.chairs", track.chairs, people, "people")
            _known(f"tracks.{track.id}.similar", track.similar, tracks, "tracks")
            _known(f"tracks.{track.id}.similarity", track.similarity, tracks, "tracks")
            _known(f"tracks.{track.id}.timeslot_costs", track.timeslot_costs, timeslots, "timeslots")
            _known(f"tracks.{track.id}.room_costs", track.room_costs, rooms, "rooms")
        for timeslot in self.timeslots:
            _known(f"timeslots.{timeslot.id}.room_costs", timeslot.room_costs, rooms, "rooms")
        for wish in self.wishes:
            _known(f"wishes.{wish.person}.{wish.proposal}.person", [wish.person], people, "people")
            _known(f"wishes.{wish.person}.{wish.proposal}.proposal", [wish.proposal], proposals, "sessions' proposals")
        return self

    @model_validator(mode="after")
    def _turns_are_taken_once(self) -> Problem:
        taken: dict[tuple[str, int], str] = {}
        for session in self.sessions:
            if part := session.weekly:
                other = taken.setdefault((part.series, part.number), session.id)
                if other != session.id:
                    raise ValueError(
                        f"sessions.{session.id}.weekly.number: {part.number} is the turn of {other!r} in the series "
                        f"{part.series!r}; each part needs its own"
                    )
        return self

    @model_validator(mode="after")
    def _parts_follow_without_a_circle(self) -> Problem:
        before = {session.id: tuple(_comes_after(session)) for session in self.sessions}
        settled: set[str] = set()
        for name in before:
            _require_no_circle(name, before, settled)
        return self

    def canonical_json(self) -> str:
        """The one JSON text of this problem: in order of id, keys sorted, no spaces."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    def digest(self) -> str:
        """SHA-256 of the canonical JSON without ``asked_at``, in hexadecimal: what is asked, not when."""
        timeless = self.model_copy(update={"asked_at": None})
        return hashlib.sha256(timeless.canonical_json().encode()).hexdigest()


def _comes_after(session: Session) -> Iterator[str]:
    yield from session.prerequisites
    if session.after:
        yield session.after.session


def _require_no_circle(first: str, before: dict[str, tuple[str, ...]], settled: set[str]) -> None:
    """Follow what comes before, without recursion. Raises ``ValueError``; ``settled`` keeps what is known to end."""
    path: list[tuple[str, Iterator[str]]] = [(first, iter(before[first]))]
    on_path = {first}
    while path:
        name, rest = path[-1]
        following = next((one for one in rest if one not in settled), None)
        if following is None:
            settled.add(name)
            on_path.discard(name)
            path.pop()
        elif following in on_path:
            raise ValueError(f"sessions.{name}: follows {following!r}, which follows it; parts must not form a circle")
        else:
            on_path.add(following)
            path.append((following, iter(before[following])))


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
