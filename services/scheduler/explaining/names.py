"""What things are called in a sentence. The engine knows ids; whoever asks may know titles and names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.scheduler.wording import WEEKDAYS
from shared.contract.facts.scheduler import Placement
from shared.time.zones import zone

MOST_NAMES = 6


@dataclass(frozen=True)
class Names:
    """Titles by session, names by room, and the zone in which times are told."""

    zone: str
    sessions: Mapping[str, str] = field(default_factory=dict)
    rooms: Mapping[str, str] = field(default_factory=dict)

    def session(self, name: str) -> str:
        return self.sessions.get(name, name)

    def room(self, name: str) -> str:
        return self.rooms.get(name, f"room {name}")

    def when(self, instant: datetime) -> str:
        """``Tuesday 12 January 2027 at 15:30``."""
        local = instant.astimezone(zone(self.zone))
        return f"{WEEKDAYS[local.weekday()]} {local.day} {local:%B %Y} at {local:%H:%M}"

    def stretch(self, placement: Placement) -> str:
        """``from 15:30 to 16:30``."""
        first = placement.start.astimezone(zone(self.zone))
        last = (placement.start + timedelta(minutes=placement.minutes)).astimezone(zone(self.zone))
        return f"from {first:%H:%M} to {last:%H:%M}"

    def place(self, placement: Placement) -> str:
        """``Tuesday 12 January 2027 at 15:30 in Library``."""
        return f"{self.when(placement.start)} in {self.room(placement.room)}"


def listed(words: Iterable[str], most: int = MOST_NAMES) -> str:
    """``a``, ``a and b``, ``a, b and 7 others``."""
    named = list(words)
    if len(named) > most:
        rest = len(named) - most + 1
        named = [*named[: most - 1], f"{rest} others"]
    *firsts, last = named
    return f"{', '.join(firsts)} and {last}" if firsts else last


def people(count: int) -> str:
    return "nobody" if count == 0 else "1 person" if count == 1 else f"{count} people"
