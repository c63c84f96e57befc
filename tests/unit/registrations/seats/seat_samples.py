"""Sessions and circumstances for tests of seats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from services.registrations.seats.line import Order
from services.registrations.seats.passing import Circumstances
from shared.contract.facts.registrations import Seating
from shared.contract.facts.seats import Pool, SeatPolicy, Waiting

NOW = datetime(2026, 12, 4, 10, tzinfo=UTC)
START = datetime(2026, 12, 11, 15, tzinfo=UTC)
IN_PERSON, ONLINE = Pool


def seating(*people: str, seats: int = 2, online: int | None = None, **other: Any) -> Seating:
    capacity = {IN_PERSON: seats} | ({ONLINE: online} if online is not None else {})
    return Seating.model_validate(Seating.example | {"people": people, "place": None, "capacity": capacity} | other)


def waits(person: str, minutes: int = 0, **other: Any) -> Waiting:
    return Waiting(person=person, since=NOW - timedelta(hours=9) + timedelta(minutes=minutes), **other)


def at(
    now: datetime = NOW,
    *,
    start: datetime = START,
    ranks: Mapping[str, int] | None = None,
    tickets: Callable[[Waiting], str | None] = lambda _: None,
    obstacles: Mapping[str, str] | None = None,
    zone: str = "UTC",
    **policy: Any,
) -> Circumstances:
    """Circumstances at some moment; people without an obstacle can sit."""
    order = Order(SeatPolicy.model_validate(policy), lambda person: (ranks or {}).get(person, 9), tickets)
    return Circumstances(now=now, start=start, order=order, obstacle=(obstacles or {}).get, zone_of=lambda _: zone)
