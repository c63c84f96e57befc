"""The seats of several sessions while they are given: how many are left, and who is free at which time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from services.registrations.seats.inputs import SeatingInputs, time_of
from services.registrations.seats.passing import POOLS
from shared.contract.facts.registrations import Seating
from shared.contract.facts.scheduler import Placement
from shared.contract.facts.seats import HeldSeat, Pool
from shared.time.intervals import Interval


class Seats:
    """The seats given so far. ``decided`` are the sessions whose seats are given here; others are as people hold
    them."""

    def __init__(self, inputs: SeatingInputs, placements: Mapping[str, Placement], decided: frozenset[str]) -> None:
        self._inputs = inputs
        self._times = {session: time_of(placement) for session, placement in placements.items()}
        self._presenters = {session: frozenset(inputs.presenters(each)) for session, each in placements.items()}
        self._capacity = {session: inputs.capacity(placement) for session, placement in placements.items()}
        self._drop_in = {session for session, placement in placements.items() if inputs.is_drop_in(placement)}
        self._people: dict[str, dict[str, Pool]] = {session: {} for session in placements}
        self._taken = {session: Counter[Pool]() for session in placements}
        self._offered = {session: Counter[Pool]() for session in placements}
        self._sessions: dict[str, list[str]] = {}
        self._decided = decided

    def give(self, session: str, person: str, pool: Pool | None = None) -> None:
        """Seat somebody there, in that pool if it is one of the session's, else where there is room first."""
        if person not in self._people[session]:
            self._people[session][person] = found = self._pool(session, pool)
            self._taken[session][found] += 1
            self._sessions.setdefault(person, []).append(session)

    def hold(self, session: str, seating: Seating) -> None:
        """The session's seats are these and no others: who has one, and which are held for an offer."""
        for person in self._people[session]:
            self._sessions[person].remove(session)
        self._people[session] = {}
        self._taken[session] = Counter()
        self._offered[session] = Counter(each.pool for each in seating.offers)
        for person in seating.people:
            self.give(session, person, Pool.ONLINE if person in seating.online else Pool.IN_PERSON)

    def has_room(self, session: str) -> bool:
        return session in self._drop_in or any(self._free(session, pool) > 0 for pool in POOLS)

    def has(self, session: str, person: str) -> bool:
        return person in self._people[session]

    def obstacle(self, person: str, session: str) -> str | None:
        """Why that person cannot have a seat in the session, in words; None: they can."""
        if self._inputs.is_erased(person):
            return "is not registered any more"
        if session in self._drop_in or person in self._presenters[session]:
            return None
        time = self._times[session]
        elsewhere = self._elsewhere(person, session)
        clash = next((name for name, other in elsewhere if other.overlaps(time)), None)
        if clash is not None:
            return f"has a seat in {clash} at that time"
        most = self._inputs.policy.most_per_person
        if most is not None and self._counted(person, session) >= most:
            return f"has {most} seats of this programme, which is the most for one person"
        return None

    def people(self, session: str) -> tuple[str, ...]:
        return tuple(sorted(self._people.get(session, ())))

    def online(self, session: str) -> tuple[str, ...]:
        given = self._people.get(session, {})
        return tuple(sorted(person for person, pool in given.items() if pool is Pool.ONLINE))

    def _pool(self, session: str, wanted: Pool | None) -> Pool:
        capacity = self._capacity[session]
        if wanted is not None and (wanted in capacity or not capacity):
            return wanted
        first = next((pool for pool in POOLS if self._free(session, pool) > 0), None)
        return first or next((pool for pool in POOLS if pool in capacity), Pool.IN_PERSON)

    def _free(self, session: str, pool: Pool) -> int:
        return self._capacity[session].get(pool, 0) - self._taken[session][pool] - self._offered[session][pool]

    def _elsewhere(self, person: str, session: str) -> list[tuple[str, Interval]]:
        given = [
            (each, self._times[each])
            for each in self._sessions.get(person, ())
            if each != session and each not in self._drop_in
        ]
        return given + [(each.session, each.time) for each in self._held_elsewhere(person, session)]

    def _held_elsewhere(self, person: str, session: str) -> list[HeldSeat]:
        return [
            each
            for each in self._inputs.held.get(person, ())
            if not each.drop_in and each.session != session and each.session not in self._decided
        ]

    def _counted(self, person: str, session: str) -> int:
        given = sum(
            1
            for each in self._sessions.get(person, ())
            if each != session and each not in self._drop_in and person not in self._presenters[each]
        )
        programme = self._inputs.release.programme
        held = self._held_elsewhere(person, session)
        return given + sum(1 for each in held if each.programme == programme and not each.presents)
