"""Seats that people hold by their own fact although the session's does not say so.

They are left when a process dies, or has to plan anew, while a session of more people than a batch holds is seated.
"""

from __future__ import annotations

from collections.abc import Iterator

from shared.bus.facts import Facts
from shared.bus.store import Write
from shared.contract.catalogue import PERSON_SEATS, SEATING
from shared.contract.facts.registrations import Seating
from shared.contract.facts.seats import PersonSeats


def stale_holds(facts: Facts, community: str) -> Iterator[Write | None]:
    """For each person what has to be written so that they hold what sessions say; None where that is so already.

    Only right while every release is seated.
    """
    for ids in list(facts.all(PERSON_SEATS, community)):
        stored = facts.get(PERSON_SEATS.ref(community, *ids))
        if stored is None or not isinstance(stored.state, PersonSeats):
            continue
        known: PersonSeats = stored.state
        kept = tuple(each for each in known.seats if _is_theirs(facts, community, each.session, known.person))
        state = known.model_copy(update={"seats": kept})
        yield Write(stored.ref, "changed", state, stored.seq) if kept != known.seats else None


def _is_theirs(facts: Facts, community: str, session: str, person: str) -> bool:
    seating = facts.state(SEATING, Seating, community, session)
    return seating is not None and person in seating.people
