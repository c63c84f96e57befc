"""Since when the seats are what they are, as far as one person's calendar entry is concerned.

A seating is one fact for all who sit there. Who has held a seat for hours does not wait because somebody else gives
theirs back: what counts is when this person's seat came or went, or when the session last got another time or place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.bus.facts import Facts, Stored
from shared.contract.catalogue import RELEASE, SEATING
from shared.contract.facts.registrations import Seating
from shared.contract.facts.scheduler import Placement, Release

LONGEST = timedelta(days=1)
"""Nothing has to settle for longer, so older changes are forgotten."""
_RELEASES_AT_HAND = 8


@dataclass
class _Session:
    """What is remembered of one session: its last seating, and its recent changes."""

    seating: Seating
    people: dict[str, datetime] = field(default_factory=dict)
    """when a person's seat came or went"""
    everybody: datetime | None = None
    """when it got another place"""
    released: list[tuple[int, int, datetime]] = field(default_factory=list)
    """from which release to which its seats went, and when"""


class Settling:
    """Follows the seatings. What was there before it began counts from the last change of the seating."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._sessions: dict[tuple[str, str], _Session] = {}
        self._of_proposals: dict[tuple[str, str], set[str]] = {}
        """the sessions that have seats, by community and proposal: a series is told as one entry"""
        self._placements: dict[tuple[str, str, int], dict[str, Placement]] = {}
        for community in facts.communities(SEATING):
            for stored in facts.all(SEATING, community).values():
                self._notice(stored)
        facts.listen(self._notice)

    def changed_at(self, community: str, person: str, session: str) -> datetime | None:
        """When what that person's calendar should hold of the session, or series, last changed; None: long ago."""
        found: list[datetime | None] = []
        for each in (session, *self._of_proposals.get((community, session), ())):
            known = self._sessions.get((community, each))
            if known is not None:
                found += (known.everybody, known.people.get(person), self._moved_at(community, known))
        return max((each for each in found if each is not None), default=None)

    def _notice(self, stored: Stored) -> None:
        if stored.ref.entity != SEATING.entity or not isinstance(stored.state, Seating) or stored.at is None:
            return
        key, at = (stored.ref.community, stored.ref.ids[0]), stored.at
        known = self._sessions.get(key)
        self._of_proposals.setdefault((key[0], stored.state.proposal), set()).add(key[1])
        if known is None:
            self._sessions[key] = _Session(stored.state, everybody=at)
            return
        before, known.seating = known.seating, stored.state
        known.people = {person: since for person, since in known.people.items() if since > at - LONGEST}
        known.people |= dict.fromkeys({*before.people} ^ {*stored.state.people}, at)
        if before.place != stored.state.place:
            known.everybody = at
        if before.release != stored.state.release:
            known.released = [each for each in known.released if each[2] > at - LONGEST]
            known.released.append((before.release, stored.state.release, at))

    def _moved_at(self, community: str, session: _Session) -> datetime | None:
        """When its seats last went to a release that has it at another time or in another room."""
        for before, after, at in reversed(session.released):
            was, is_now = (self._placement(community, session.seating, number) for number in (before, after))
            if was != is_now:
                return at
        return None

    def _placement(self, community: str, seating: Seating, number: int) -> Placement | None:
        key = (community, seating.programme, number)
        if key not in self._placements:
            release = self._facts.state(RELEASE, Release, community, seating.programme, str(number))
            if release is None:
                return None
            if len(self._placements) >= _RELEASES_AT_HAND:
                self._placements.clear()
            self._placements[key] = {each.session: each for each in release.placements}
        return self._placements[key].get(seating.session)
