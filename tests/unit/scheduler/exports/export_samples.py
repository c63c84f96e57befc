"""A small programme for exports: two sites, a session in two parts, and a name or two that may be shown."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from services.scheduler.exports.edition import Edition, EditionSession, Host, Presenter, Venue, in_order

HOST = Host("Northgate Learning Alliance", "northgate.example", "Northgate sessions", "sessions@northgate.example")
LIBRARY = Venue("library", "Library", "Hillside School", 24)
HALL = Venue("hall", "Hall", "Eastgate College", 80)
AMARA = Presenter("p-001", "Amara Osei")
PUBLISHED = datetime(2026, 12, 1, 9, 20, tzinfo=UTC)


def at(day: int, hour: int, minute: int = 0, *, month: int = 1) -> datetime:
    """A UTC instant of 2027, in January unless said otherwise."""
    return datetime(2027, month, day, hour, minute, tzinfo=UTC)


def session(id: str, start: datetime, **other: Any) -> EditionSession:
    fields: dict[str, Any] = {
        "proposal": id,
        "title": id.replace("-", " ").capitalize(),
        "abstract": "What it is about.",
        "format": "workshop",
        "minutes": 60,
        "venue": LIBRARY,
    }
    return EditionSession(id=id, start=start, **fields | other)


def edition(*sessions: EditionSession, **other: Any) -> Edition:
    fields: dict[str, Any] = {
        "host": HOST,
        "programme": "spring-2027",
        "title": "Spring term 2027",
        "zone": "Europe/London",
        "first_day": date(2027, 1, 5),
        "grid_minutes": 15,
        "number": 2,
        "published_at": PUBLISHED,
    }
    return Edition(sessions=in_order(sessions), **fields | other)


SPRING = edition(
    session("retrieval-practice", at(12, 15, 30), presenters=(AMARA,)),
    session("light-lunch", at(12, 12, 15), minutes=45, venue=HALL, format="light-lunch"),
    session("enquiry-part-1", at(13, 16), proposal="enquiry", title="Enquiry", part=(1, 2)),
    session("enquiry-part-2", at(27, 16), proposal="enquiry", title="Enquiry", part=(2, 2), venue=HALL),
)
