"""Facts of a small community for the front desk's tests, with whatever a test wants otherwise."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from shared.bus.facts import Facts
from shared.contract.catalogue import FACTS
from shared.contract.facts.registrations import Community, Place, Programme, Proposal, Room, Seating
from shared.contract.facts.scheduler import Placement, Release
from shared.contract.message import Fact
from shared.contract.subjects import FactSubject
from shared.time.intervals import Interval

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
NORTHGATE = Community.model_validate(Community.example)
JOIN = "https://meet.northgate.example/secret-room"


def at(text: str) -> datetime:
    """An instant from its UTC text."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def between(start: str, end: str) -> Interval:
    return Interval(at(start), at(end))


def programme(**other: Any) -> Programme:
    return Programme.model_validate(Programme.example | other)


def proposal(**other: Any) -> Proposal:
    return Proposal.model_validate(Proposal.example | other)


def room(**other: Any) -> Room:
    return Room.model_validate(Room.example | {"join_url": JOIN} | other)


def placement(**other: Any) -> Placement:
    return Placement.model_validate(Release.example["placements"][0] | other)


def release(*placements: Placement, **other: Any) -> Release:
    return Release.model_validate(Release.example | {"placements": placements or (placement(),)} | other)


def seating(**other: Any) -> Seating:
    place = Place(name="Upper library", site="Hillside School", join_url=JOIN)
    return Seating.model_validate(Seating.example | {"place": place} | other)


def facts(*states: Fact, community: str = "northgate") -> Facts:
    """A view that has seen these facts in this order."""
    view = Facts()
    for seq, state in enumerate(states, start=1):
        kind = next(each for each in FACTS if each.model is type(state))
        ids = [str(getattr(state, name)) for name in kind.ids]
        view.apply(FactSubject(kind.ref(community, *ids), kind.whats[0]), state, seq)
    return view


def northgate(*states: Fact) -> Facts:
    """Northgate with its programme, one room and one proposal, then these facts."""
    return facts(NORTHGATE, programme(), room(), proposal(), *states)
