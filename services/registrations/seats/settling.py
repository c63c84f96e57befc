"""What the seats of one released session should be at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.registrations.seating import circumstances, seat_after_replies
from services.registrations.seats.book import Book
from services.registrations.seats.giving import Seats
from services.registrations.seats.known import newest_release, seating_inputs
from services.registrations.seats.passing import draw_is_due
from shared.bus.facts import Facts
from shared.bus.store import Write
from shared.contract.catalogue import SEATING
from shared.contract.facts.registrations import Seating

# What is over for so long changes no more.
_OVER = timedelta(days=1)


@dataclass(frozen=True)
class Settled:
    """What is to be written, and whether a draw must tell who is next."""

    programme: str
    writes: list[Write]
    draw_is_due: bool


def settle(facts: Facts, community: str, session: str, now: datetime) -> Settled | None:
    """What a session's seats should be; None where that is not to be said now: it is being seated, or long over."""
    seating = facts.state(SEATING, Seating, community, session)
    release = newest_release(facts, community, seating.programme) if seating is not None else None
    if seating is None or release is None or seating.release != release.number:
        return None
    inputs = seating_inputs(facts, community, release, now, only=[session])
    placement = next(iter(inputs.release.placements), None)
    if placement is None or (placement.start + _OVER < now and not seating.offers):
        return None
    after = seat_after_replies(inputs).get(session, seating)
    book = Book(facts, community, now)
    book.put(after, placement, inputs.presenters(placement))
    seats = Seats(inputs, {session: placement}, frozenset([session]))
    seats.hold(session, after)
    due = draw_is_due(after, circumstances(inputs, placement, seats))
    return Settled(seating.programme, book.writes(), due)
