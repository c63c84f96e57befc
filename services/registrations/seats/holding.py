"""In which sessions somebody has a seat."""

from __future__ import annotations

from shared.bus.facts import Facts
from shared.contract.catalogue import PERSON_SEATS, SEATING
from shared.contract.facts.registrations import Seating
from shared.contract.facts.seats import PersonSeats


def seated_sessions(facts: Facts, community: str, person: str) -> tuple[str, ...]:
    """The sessions in which that person has a seat, by what the person holds and what the sessions say."""
    held = facts.state(PERSON_SEATS, PersonSeats, community, person)
    seats = held.seats if held is not None else ()
    found = (facts.state(SEATING, Seating, community, each.session) for each in seats)
    return tuple(sorted(each.session for each in found if each is not None and person in each.people))
