"""Small planning problems in one week of January 2027 (Monday the 11th to Friday the 15th, London)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from services.scheduler.board import Board
from services.scheduler.candidates import Candidates, find_candidates
from services.scheduler.entities import Person, Room, Session, Span
from services.scheduler.packs_reading.library import shipped_packs
from services.scheduler.policy import laid_over
from services.scheduler.problem import Problem
from services.scheduler.rules.policy import Policy
from shared.contract.facts.registrations import Programme
from shared.contract.facts.scheduler import Limits, Placement

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2027, 1, day) for day in range(11, 16))
DETERMINISTIC = Limits(deterministic=5.0)
NO_RULES = Policy(pack="none", version=1)


def default_policy(first: date = MONDAY, last: date = FRIDAY, nation: str | None = None) -> Policy:
    return laid_over(shipped_packs()["no-lunch-no-friday"], (), programme(first, last, nation))


def programme(first: date = MONDAY, last: date = FRIDAY, nation: str | None = None) -> Programme:
    return Programme(
        programme="week", title="A week", zone="Europe/London", first_day=first, last_day=last, nation=nation
    )


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A time of that day in UTC, which in January is London's."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def span(day: date, start: int, end: int) -> Span:
    """From hour to hour; 24 is midnight."""
    return Span(start=at(day, start), end=at(day, 23, 59) if end == 24 else at(day, end))


def candidates_of(made: Problem) -> Candidates:
    """Where each session could go, seen for itself."""
    return find_candidates(Board(made, keep_published=False))


def session(name: str, *presenters: str, minutes: int = 60, **more: Any) -> Session:
    more = {"proposal": name, "format": "workshop"} | more
    return Session(id=name, minutes=minutes, presenters=presenters or (f"{name}-presenter",), **more)


def room(name: str = "library", capacity: int = 20, **more: Any) -> Room:
    return Room(id=name, capacity=capacity, **more)


def problem(sessions: Iterable[Session], **more: Any) -> Problem:
    """A problem of that week on a grid of an hour with one room and no rules, unless said otherwise."""
    sessions = tuple(sessions)
    people = {person.id: person for person in more.pop("people", ())}
    presenters = {name for each in sessions for name in each.presenters} - people.keys()
    given: dict[str, Any] = {
        "programme": "week",
        "zone": "Europe/London",
        "first_day": MONDAY,
        "last_day": FRIDAY,
        "grid_minutes": 60,
        "policy": NO_RULES,
        "rooms": (room(),),
        "sessions": sessions,
        "people": (*people.values(), *(Person(id=name) for name in presenters)),
    }
    return Problem(**(given | more))


def placement(of: Session, start: datetime, where: str = "library") -> Placement:
    return Placement(session=of.id, proposal=of.proposal, room=where, start=start, minutes=of.minutes)


def busy_but(name: str, *free: Span) -> Person:
    """Somebody who is busy all week but for these spans, which are in order."""
    edges = [at(date(2027, 1, 1), 0), *(edge for one in free for edge in (one.start, one.end)), at(date(2027, 2, 1), 0)]
    gaps = zip(edges[::2], edges[1::2], strict=True)
    return Person(id=name, no=tuple(Span(start=start, end=end) for start, end in gaps if start < end))
