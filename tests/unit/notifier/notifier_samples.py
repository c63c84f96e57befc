"""A community, a person and an entry for the notifier's tests, with whatever a test wants otherwise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from services.notifier.delivery.life import DeliveryPolicy
from services.notifier.planning.message import MessageDue
from shared.contract.facts.notifier import CalendarEntry, Method
from shared.contract.facts.registrations import Community, Contact

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
POLICY = DeliveryPolicy(claim_lasts=timedelta(minutes=1))
COMMUNITY = Community(
    community="northgate",
    name="Northgate Learning Alliance",
    zone="Europe/London",
    domain="northgate.example",
    organiser="Northgate sessions",
    mailbox="sessions@northgate.example",
)
PAGE = "https://northgate.example/me/to.ken"


def contact(**other: Any) -> Contact:
    """Built without checks, as a fact of another version might be."""
    fields = {"person": "p-001", "name": "Amara Osei", "address": "amara@hillside.example", "zone": "Europe/London"}
    return Contact.model_construct(**(fields | other))


def entry(**other: Any) -> CalendarEntry:
    fields = {
        "title": "Retrieval practice",
        "description": "Bring a pen.",
        "presenters": ("Bo Lind",),
        "start": datetime(2027, 1, 12, 15, 30, tzinfo=UTC),
        "minutes": 60,
        "zone": "Europe/London",
        "location": "Library, Hillside School",
        "join_url": None,
    }
    return CalendarEntry.model_construct(**(fields | other))


def message(**other: Any) -> MessageDue:
    fields = {
        "person": "p-001",
        "session": "retrieval",
        "n": 1,
        "method": Method.REQUEST,
        "sequence": 0,
        "entry": entry(),
    }
    return MessageDue(**(fields | other))
