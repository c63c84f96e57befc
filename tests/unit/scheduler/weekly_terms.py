"""Small terms with weekly series: Tuesdays and Wednesdays from nine to twelve, from January 2027 on."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from services.scheduler.entities import Person, Pinned, Published, Room, Session, Span, Weekly
from services.scheduler.problem import Problem
from services.scheduler.rules.base import Level
from services.scheduler.rules.catalogue import AnyRule
from services.scheduler.rules.policy import Policy
from services.scheduler.rules.weekly_series import WeeklySeries
from services.scheduler.rules.windows import RequiredTimes
from shared.contract.facts.scheduler import Placement
from shared.contract.values import DateSpan, Weekday
from shared.time.intervals import local_instant
from shared.time.zones import zone

LONDON = zone("Europe/London")
TUESDAY = date(2027, 1, 5)
HOURS = RequiredTimes(
    id="hours",
    sentence="Everything lies on Tuesday or Wednesday morning",
    source="test",
    start=time(9),
    end=time(12),
    weekdays=(Weekday.TUE, Weekday.WED),
)
OFF = WeeklySeries(level=Level.IGNORE)


def tuesday(week: int, hour: int = 9, *, first: date = TUESDAY) -> datetime:
    """A local time on the Tuesday of that week, from 0."""
    return local_instant(first + timedelta(weeks=week), time(hour), LONDON)


def wednesday(week: int, hour: int = 9) -> datetime:
    return tuesday(week, hour, first=TUESDAY + timedelta(days=1))


def hour_from(start: datetime) -> Span:
    return Span(start=start, end=start + timedelta(hours=1))


def closed(week: int, days: int = 7) -> DateSpan:
    """From the Monday of that week."""
    monday = TUESDAY + timedelta(weeks=week, days=-1)
    return DateSpan(first=monday, last=monday + timedelta(days=days - 1), reason="half-term")


def part(number: int, *, series: str = "drawing", **more: Any) -> Session:
    given = {"proposal": series, "format": "workshop", "minutes": 60, "presenters": ("p-001",)} | more
    return Session(id=f"{series}-part-{number}", weekly=Weekly(series=series, number=number), **given)


def parts(count: int, **more: Any) -> list[Session]:
    return [part(number, **more) for number in range(1, count + 1)]


def single(name: str, *presenters: str, **more: Any) -> Session:
    return Session(id=name, proposal=name, format="workshop", minutes=60, presenters=presenters or (name,), **more)


def pinned(session: Session, start: datetime | None = None, room: str | None = None) -> Session:
    return session.model_copy(update={"pinned": Pinned(start=start, room=room)})


def published(session: Session, start: datetime, room: str = "library") -> Session:
    return session.model_copy(update={"published": Published(start=start, room=room)})


def term(
    sessions: list[Session],
    *,
    weeks: int,
    rules: tuple[AnyRule, ...] = (),
    people: tuple[Person, ...] = (),
    rooms: tuple[str | Room, ...] = ("library",),
    first: date = TUESDAY,
    **more: Any,
) -> Problem:
    known = {person.id: person for person in people}
    names = {name for session in sessions for name in session.presenters} - known.keys()
    given = {
        "programme": "term",
        "zone": "Europe/London",
        "first_day": first - timedelta(days=1),
        "last_day": first + timedelta(weeks=weeks, days=-2),
        "grid_minutes": 60,
        "policy": Policy(pack="term", version=1, rules=(HOURS, *rules)),
        "rooms": tuple(one if isinstance(one, Room) else Room(id=one, capacity=20) for one in rooms),
        "sessions": tuple(sessions),
        "people": (*known.values(), *(Person(id=name) for name in sorted(names))),
    }
    return Problem(**(given | more))


def at(session: Session, start: datetime, room: str = "library") -> Placement:
    return Placement(session=session.id, proposal=session.proposal, room=room, start=start, minutes=session.minutes)
