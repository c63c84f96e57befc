"""Who gets a seat in a release: presenters, who sat there before, who waits, and then everyone who wants to and can
come, best interest first.

Nobody gets seats in two sessions at the same time, of whatever programme, and no session more people than it has
seats. People keep their seats when a session moves, as far as they can come. Who declined a session at its present
time gets no seat in it, and who accepted it wants one; presenters keep theirs, and a decline of theirs is noted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from services.registrations.joining import join_url
from services.registrations.seats.giving import Seats
from services.registrations.seats.inputs import SeatingInputs
from services.registrations.seats.passing import (
    Circumstances,
    draw_is_due,
    in_line_or_offered,
    is_in,
    passed_on,
    pool_of,
    without,
)
from services.registrations.seats.wishes import Wish, Wishes
from shared.contract.facts.registrations import Place, Seating
from shared.contract.facts.scheduler import Placement
from shared.contract.facts.seats import Waiting


def seat(inputs: SeatingInputs) -> dict[str, Seating]:
    """The seating of every session of the release, and an empty one for each session that left the programme.

    Sessions that have a seating of this release keep it.
    """
    placements = {each.session: each for each in inputs.release.placements}
    done = {session for session, known in inputs.seatings.items() if known.release == inputs.release.number}
    seats = Seats(inputs, placements, frozenset({*placements, *inputs.seatings}))
    for session in sorted(done & placements.keys()):
        seats.hold(session, inputs.seatings[session])
    undecided = {session: placement for session, placement in placements.items() if session not in done}
    for session in sorted(undecided):
        for presenter in inputs.presenters(undecided[session]):
            seats.give(session, presenter)
    displaced = _keep(inputs, undecided, seats)
    seatings = {
        session: _reached(inputs, placement, seats, _seating(inputs, placement, seats, displaced.get(session, [])))
        for session, placement in sorted(undecided.items())
    }
    _give(inputs, undecided, undecided, seats, seatings)
    gone = {session: _left_programme(inputs, session) for session in inputs.seatings.keys() - placements.keys() - done}
    kept = {session: inputs.seatings[session] for session in done}
    return dict(sorted({**kept, **gone, **seatings}.items()))


def seat_after_replies(inputs: SeatingInputs) -> dict[str, Seating]:
    """The seatings of a release that is seated already, where answers, rooms or time have changed them since.

    Everybody keeps their seat but who declined. A seat that comes back is offered to who waits; where nobody does, it
    goes to the next who wants it. Who accepts without a seat gets one while there is room.
    """
    placements = {
        each.session: each
        for each in inputs.release.placements
        if each.session in inputs.seatings and inputs.seatings[each.session].release == inputs.release.number
    }
    seats = Seats(inputs, placements, frozenset(placements))
    seatings = {session: _without_gone(inputs, placement) for session, placement in sorted(placements.items())}
    for session, seating in seatings.items():
        seats.hold(session, seating)
    for session, seating in seatings.items():
        seatings[session] = _reached(inputs, placements[session], seats, seating)
    coming_back = {
        session: placements[session]
        for session, seating in seatings.items()
        if came_back(inputs.seatings[session], seating)
    }
    _give(inputs, coming_back, placements, seats, seatings)
    return {session: seating for session, seating in seatings.items() if _differs(seating, inputs.seatings[session])}


def refilled(inputs: SeatingInputs, placement: Placement, seats: Seats, seating: Seating) -> Seating:
    """The same after the seats that are left were given to who wants them and is not in line."""
    session = placement.session
    seats.hold(session, seating)
    seatings = {session: seating}
    _give(inputs, {session: placement}, {session: placement}, seats, seatings)
    return seatings[session]


def _keep(inputs: SeatingInputs, placements: Mapping[str, Placement], seats: Seats) -> dict[str, list[Waiting]]:
    """Leave people where they sit. Gives who finds no seat any more, because the room is smaller: they wait."""
    wishes = Wishes(inputs)
    displaced: dict[str, list[Waiting]] = {}
    for wish in sorted(each for placement in placements.values() for each in wishes.kept(placement)):
        if seats.has(wish.session, wish.person) or seats.obstacle(wish.person, wish.session) is not None:
            continue
        before = inputs.seatings[wish.session]
        if seats.has_room(wish.session):
            seats.give(wish.session, wish.person, pool_of(before, wish.person))
        elif inputs.now is not None:
            place = Waiting(person=wish.person, since=inputs.now, round=inputs.round, had_seat=True)
            displaced.setdefault(wish.session, []).append(place)
    return displaced


def _reached(inputs: SeatingInputs, placement: Placement, seats: Seats, seating: Seating) -> Seating:
    """The same after free seats were offered to those who wait."""
    if inputs.now is not None:
        seating = passed_on(seating, circumstances(inputs, placement, seats))
        seats.hold(placement.session, seating)
    return seating


def circumstances(inputs: SeatingInputs, placement: Placement, seats: Seats) -> Circumstances:
    """What the seats of a session depend on at this moment."""
    assert inputs.now is not None, "seats are offered at some moment"
    return Circumstances(
        now=inputs.now,
        start=placement.start,
        order=inputs.order(placement.session),
        obstacle=lambda person: seats.obstacle(person, placement.session),
        round=inputs.round,
        zone_of=inputs.zone_of,
    )


def _give(
    inputs: SeatingInputs,
    open_to_interest: Mapping[str, Placement],
    placements: Mapping[str, Placement],
    seats: Seats,
    seatings: dict[str, Seating],
) -> None:
    """Give the seats that are left to who wants them; who is in line waits for their turn."""
    wishes = Wishes(replace(inputs, seatings={**inputs.seatings, **seatings}))
    waits_for_draw = {session for session in placements if _draw_is_due(inputs, placements[session], seats, seatings)}
    for wish in sorted([*wishes.interested(open_to_interest), *wishes.accepting(placements)]):
        if wish.session not in waits_for_draw and _may_have(wish, seats, seatings[wish.session]):
            seats.give(wish.session, wish.person)
    for session in placements:
        update = {"people": seats.people(session), "online": seats.online(session)}
        if (seatings[session].people, seatings[session].online) != (update["people"], update["online"]):
            seatings[session] = seatings[session].model_copy(update=update)


def _may_have(wish: Wish, seats: Seats, seating: Seating) -> bool:
    return (
        seats.has_room(wish.session)
        and not is_in(seating, wish.person)
        and seats.obstacle(wish.person, wish.session) is None
    )


def _draw_is_due(inputs: SeatingInputs, placement: Placement, seats: Seats, seatings: Mapping[str, Seating]) -> bool:
    return inputs.now is not None and draw_is_due(seatings[placement.session], circumstances(inputs, placement, seats))


def _without_gone(inputs: SeatingInputs, placement: Placement) -> Seating:
    """The seating as it is, without who declined or is no longer registered, and with the seats that its room has."""
    seating = inputs.seatings[placement.session]
    presenters = inputs.presenters(placement)
    for person in seating.people:
        if inputs.is_erased(person) or (person not in presenters and _gives_back(inputs, placement, person)):
            seating = without(seating, person)
    for person in in_line_or_offered(seating) | {each.person for each in seating.let_go}:
        if inputs.is_erased(person):
            seating = without(seating, person)
    update = {
        "presenters_declined": inputs.presenters_declined(placement),
        # A room that is not known (any more) says nothing about its seats.
        "capacity": inputs.capacity(placement) if placement.room in inputs.rooms else seating.capacity,
        "input_seq": inputs.input_seq,
    }
    return seating.model_copy(update=update)


def _gives_back(inputs: SeatingInputs, placement: Placement, person: str) -> bool:
    return inputs.declines(placement, person) or inputs.is_not_for(placement, person)


def came_back(before: Seating, now: Seating) -> bool:
    """Whether a seat that somebody had, or was offered, is theirs no more."""
    had = {*before.people, *(each.person for each in before.offers)}
    return bool(had - {*now.people, *(each.person for each in now.offers), *(each.person for each in now.waiting)})


def _differs(seating: Seating, before: Seating) -> bool:
    return seating.model_copy(update={"input_seq": before.input_seq}) != before


def _seating(inputs: SeatingInputs, placement: Placement, seats: Seats, displaced: list[Waiting]) -> Seating:
    session, known = placement.session, inputs.seatings.get(placement.session)
    seating = Seating(
        session=session,
        proposal=placement.proposal,
        programme=inputs.release.programme,
        release=inputs.release.number,
        people=seats.people(session),
        place=_place(inputs, placement),
        presenters_declined=inputs.presenters_declined(placement),
        input_seq=inputs.input_seq,
        online=seats.online(session),
        capacity=inputs.capacity(placement),
        drop_in=inputs.is_drop_in(placement),
    )
    if known is None:
        return seating
    moved = inputs.has_moved(placement)
    # An offer was about a time: who has one is asked anew, in their place.
    again = [
        Waiting(person=each.person, pool=each.pool, since=each.since, round=inputs.round, had_seat=each.had_seat)
        for each in known.offers
        if moved
    ]
    there = set(seating.people)
    kept = {
        "waiting": tuple(each for each in (*displaced, *again, *known.waiting) if each.person not in there),
        "offers": tuple(each for each in known.offers if not moved and each.person not in there),
        "let_go": () if moved else tuple(each for each in known.let_go if each.person not in there),
    }
    return seating.model_copy(update=kept)


def _left_programme(inputs: SeatingInputs, session: str) -> Seating:
    return Seating(
        session=session,
        proposal=inputs.seatings[session].proposal,
        programme=inputs.release.programme,
        release=inputs.release.number,
        input_seq=inputs.input_seq,
    )


def _place(inputs: SeatingInputs, placement: Placement) -> Place | None:
    room = inputs.rooms.get(placement.room)
    if room is None:
        return None
    # The dates of a series are one entry in people's calendars, with one way in.
    session = placement.proposal if inputs.is_of_series(placement) else placement.session
    link = join_url(room, session=session, proposal=placement.proposal, programme=inputs.release.programme)
    return Place(name=room.name, site=room.site, join_url=link)
