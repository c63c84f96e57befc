"""Changes in words. They name sessions, times and rooms, and no person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.scheduler.exports.difference import Change
from services.scheduler.exports.edition import Venue
from shared.contract.commands.scheduler import ChangeKind
from shared.contract.facts.scheduler import Placement
from shared.time.zones import zone


@dataclass(frozen=True)
class Wording:
    """Titles by session, places by room, and the IANA zone in which times are told."""

    titles: Mapping[str, str]
    places: Mapping[str, str]
    zone: str

    def title(self, session: str) -> str:
        return self.titles.get(session, session)

    def place(self, placement: Placement) -> str:
        return self.places.get(placement.room, placement.room)

    def time(self, instant: datetime) -> str:
        """``Tue 12 Jan 15:30``."""
        local = instant.astimezone(zone(self.zone))
        return f"{local:%a} {local.day} {local:%b %H:%M}"

    def slot(self, placement: Placement) -> str:
        """``Tue 12 Jan 15:30, Library``."""
        return f"{self.time(placement.start)}, {self.place(placement)}"


def places(venues: Iterable[Venue]) -> dict[str, str]:
    """What rooms are called, by id: by their name, and their site as well when there are several."""
    known = tuple(venues)
    if len({each.site for each in known}) <= 1:
        return {each.id: each.name for each in known}
    return {each.id: f"{each.name} ({each.site})" if each.site else each.name for each in known}


def sentence(change: Change, wording: Wording) -> str:
    """What becomes of a session, as one or two sentences."""
    title, was, now = wording.title(change.session), change.was, change.now
    if was is None:
        return f"{title} is new: {wording.slot(change.placement)}."
    if now is None:
        return f"{title} is no longer in the programme; it was {wording.slot(was)}."
    length = f" It lasts {now.minutes} minutes, not {was.minutes}." if now.minutes != was.minutes else ""
    return _move(title, was, now, wording, change.kind) + length


def _move(title: str, was: Placement, now: Placement, wording: Wording, kind: ChangeKind) -> str:
    if was.start == now.start:
        if kind is ChangeKind.MOVED_IN_TIME:
            return f"{title} stays at {wording.slot(was)}."
        return f"{title} on {wording.time(was.start)} moves from {wording.place(was)} to {wording.place(now)}."
    if was.room == now.room:
        return (
            f"{title} moves from {wording.time(was.start)} to {wording.time(now.start)} "
            f"and stays in {wording.place(now)}."
        )
    return f"{title} moves from {wording.slot(was)} to {wording.slot(now)}."
