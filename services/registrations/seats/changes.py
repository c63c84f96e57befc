"""Which sessions' seats may have to change: noticed from facts, so that not all are looked at each time."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime

from shared.bus.facts import Facts, Stored
from shared.contract.catalogue import (
    DRAW,
    ENROLMENT,
    INTEREST,
    PERSON_SEATS,
    PROGRAMME,
    PROPOSAL,
    RELEASE,
    REPLY,
    ROOM,
    SEATING,
)
from shared.contract.facts.registrations import Proposal, Seating
from shared.contract.facts.seats import PersonSeats

_Session = tuple[str, str]
_OF_RELEASES = frozenset({RELEASE.entity, PROGRAMME.entity, DRAW.entity})


class ChangedSessions:
    """The sessions to look at, by community and id."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._sessions: set[_Session] = set()
        self._releases = True
        self._follows = False
        self._something = asyncio.Event()
        self._expiries: dict[_Session, datetime] = {}
        self._lines: dict[_Session, frozenset[str]] = {}
        self._waits: defaultdict[_Session, set[str]] = defaultdict(set)
        facts.listen(self._notice)

    def all(self) -> None:
        """Every session, and every release. What comes from now on is noticed; what came before is in the facts."""
        self._follows = True
        for community in self._facts.communities(SEATING):
            for stored in list(self._facts.all(SEATING, community).values()):
                self._note_line(community, stored.state)
                self._sessions.add((community, stored.ref.ids[0]))
        self.releases()

    def releases(self) -> None:
        """Look at the releases again."""
        self._releases = True
        self._something.set()

    def add(self, community: str, session: str) -> None:
        self._sessions.add((community, session))
        self._something.set()

    def take(self, now: datetime) -> list[_Session]:
        """The sessions to look at now, also those of which an offer has ended; they are not given again."""
        ended = {session for session, expiry in self._expiries.items() if expiry <= now}
        found, self._sessions = self._sessions | ended, set()
        return sorted(found)

    def take_releases(self) -> bool:
        """Whether releases are to be looked at; they are not told again."""
        found, self._releases = self._releases, False
        return found

    def next_expiry(self) -> datetime | None:
        return min(self._expiries.values(), default=None)

    async def wait(self, seconds: float) -> None:
        """Until something has changed, or so many seconds have passed."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._something.wait()
        self._something.clear()

    def _notice(self, stored: Stored) -> None:
        if not self._follows:
            return
        community, entity = stored.ref.community, stored.ref.entity
        if entity == SEATING.entity:
            self._note_line(community, stored.state)
        for session in self._concerned(stored):
            self.add(community, session)
        if entity in _OF_RELEASES:
            self.releases()

    def _concerned(self, stored: Stored) -> Iterable[str]:
        """The sessions whose seats may depend on that fact."""
        community, entity, ids = stored.ref.community, stored.ref.entity, stored.ref.ids
        if entity == SEATING.entity:
            return ids
        if entity == REPLY.entity:
            return ids[1:]
        if entity == PERSON_SEATS.entity:
            return self._waits.get((community, ids[0]), ())
        if entity == INTEREST.entity:
            return self._of_proposal(community, ids[1])
        if entity == ENROLMENT.entity and stored.what == "left":
            return self._of_person(community, ids[0])
        if entity in {ROOM.entity, PROGRAMME.entity}:
            return [session for (session,) in self._facts.all(SEATING, community)]
        return ()

    def _of_proposal(self, community: str, proposal: str) -> Iterator[str]:
        known = self._facts.state(PROPOSAL, Proposal, community, proposal)
        for session in known.sessions() if known is not None else ():
            if self._facts.get(SEATING.ref(community, session)) is not None:
                yield session

    def _of_person(self, community: str, person: str) -> Iterator[str]:
        known = self._facts.state(PERSON_SEATS, PersonSeats, community, person)
        yield from (seat.session for seat in known.seats) if known is not None else ()

    def _note_line(self, community: str, seating: Seating) -> None:
        session = (community, seating.session)
        expiry = min((each.expires for each in seating.offers), default=None)
        if expiry is not None:
            self._expiries[session] = expiry
        else:
            self._expiries.pop(session, None)
        line = frozenset(each.person for each in seating.waiting)
        for person in self._lines.pop(session, frozenset()) - line:
            self._waits[community, person].discard(seating.session)
        for person in line:
            self._waits[community, person].add(seating.session)
        if line:
            self._lines[session] = line
