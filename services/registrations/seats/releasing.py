"""Seating a release in steps that the broker takes.

A batch has at most 1,000 messages, so a large release is seated some sessions at a time. Each step is atomic: the
seatings of its sessions together with what their people hold. Between two steps some sessions belong to the new
release and the others still to the one before; the notifier tells people of a session once its seating belongs to the
newest release, so nobody is told anything that does not hold. A process that dies goes on with the sessions that are
left, and leaves those alone that are seated.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from datetime import datetime

from services.registrations.seating import seat
from services.registrations.seats.book import Book, batches
from services.registrations.seats.inputs import SeatingInputs, time_of
from services.registrations.seats.known import seating_inputs
from services.registrations.seats.passing import without
from shared.bus.batch import MAX_BATCH
from shared.bus.facts import Facts
from shared.bus.store import Write
from shared.contract.catalogue import INTEREST, RELEASE, REPLY, SEATING
from shared.contract.facts.registrations import Interest, Seating
from shared.contract.facts.replies import Answered
from shared.contract.facts.scheduler import Placement, Release, newest_releases
from shared.contract.facts.seats import HeldSeat


def unseated(facts: Facts, community: str) -> list[Release]:
    """The newest releases of which some session is not seated yet."""
    newest = newest_releases(facts.states(RELEASE, Release, community).values())
    seatings = facts.states(SEATING, Seating, community)
    behind = {each.programme for each in seatings.values() if _is_behind(each, newest.get(each.programme))}
    return [
        release
        for programme, release in sorted(newest.items())
        if programme in behind or any((each.session,) not in seatings for each in release.placements)
    ]


def _is_behind(seating: Seating, release: Release | None) -> bool:
    return release is not None and seating.release < release.number


async def release_steps(facts: Facts, community: str, release: Release, now: datetime) -> AsyncIterator[list[Write]]:
    """The batches that seat a release, each made from the facts as they are once the one before is stored."""
    inputs = seating_inputs(facts, community, release, now)
    # The thread only looks things up; indexes are made here, where facts are taken in.
    facts.states(INTEREST, Interest, community, session="-")
    facts.states(REPLY, Answered, community, session="-")
    plan = await asyncio.to_thread(seat, inputs)
    placements = {each.session: each for each in release.placements}
    left = [each for each in plan.values() if inputs.seatings.get(each.session) is not each]
    while left:
        book = Book(facts, community, now)
        count = 0
        for seating in left:
            if count and book.size + 1 + len(seating.people) > MAX_BATCH:
                break
            _put(book, inputs, seating, placements.get(seating.session))
            count += 1
        left = left[count:]
        for batch in batches(book.writes(), MAX_BATCH):
            yield batch


def _put(book: Book, inputs: SeatingInputs, seating: Seating, placement: Placement | None) -> None:
    if placement is None:
        book.put(seating, None)
        return
    presenters = inputs.presenters(placement)
    for person in seating.people:
        # Since the plan was made, they may have got another seat.
        if person not in presenters and not seating.drop_in and _sits_elsewhere(book, inputs, person, placement):
            seating = without(seating, person)
    book.put(seating, placement, presenters)
    _free_presenters(book, inputs, presenters, placement)


def _sits_elsewhere(book: Book, inputs: SeatingInputs, person: str, placement: Placement) -> bool:
    time = time_of(placement)
    return any(
        _stands_beside(book, inputs, each, placement) and not each.drop_in and each.time.overlaps(time)
        for each in book.held(person).values()
    )


def _stands_beside(book: Book, inputs: SeatingInputs, seat: HeldSeat, placement: Placement) -> bool:
    """Whether a seat holds whatever this step does: of another programme, or of a session that is seated already.

    The others of this programme are as the release before had them.
    """
    if seat.programme != inputs.release.programme:
        return True
    seating = book.seating(seat.session)
    return seat.session != placement.session and seating is not None and seating.release == inputs.release.number


def _free_presenters(book: Book, inputs: SeatingInputs, presenters: Iterable[str], placement: Placement) -> None:
    """Who presents gives up another seat that they have at that time."""
    for person in presenters:
        for seat_held in list(book.held(person).values()):
            elsewhere = book.seating(seat_held.session)
            if (
                elsewhere is not None
                and _stands_beside(book, inputs, seat_held, placement)
                and not (seat_held.presents or seat_held.drop_in)
                and seat_held.time.overlaps(time_of(placement))
            ):
                book.put(without(elsewhere, person), None)
