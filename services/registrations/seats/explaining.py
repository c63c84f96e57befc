"""Where somebody stands in a session, and why: one sentence for each."""

from __future__ import annotations

from datetime import datetime

from services.registrations.seats.line import in_line
from services.registrations.seats.open_session import OpenSession
from services.registrations.seats.passing import offer_to, pool_of
from shared.contract.commands.seats import PersonStands, Standing
from shared.contract.facts.seats import Pool, Waiting, WaitingOrder
from shared.time.zones import zone

_WHERE = {Pool.IN_PERSON: "in the room", Pool.ONLINE: "online"}
_SHOWN_DIGITS = 8


def stands(session: OpenSession, person: str) -> PersonStands:
    """Where that person stands."""
    seating = session.seating
    if person in seating.people:
        return _seated(session, person)
    offer = offer_to(seating, person)
    if offer is not None:
        why = (
            f"a seat {_WHERE[offer.pool]} is held until {_told(session, offer.expires)}; "
            f"asked on {_told(session, offer.since)}"
        )
        return PersonStands(person=person, standing=Standing.OFFERED, pool=offer.pool, expires=offer.expires, why=why)
    line = in_line(seating.waiting, session.inputs.order(seating.session))
    for place, each in enumerate(line, start=1):
        if each.person == person:
            return _waiting(session, each, place, len(line))
    gone = next((each.at for each in seating.let_go if each.person == person), None)
    if gone is not None:
        why = f"has no seat: gave one back, or let an offer go, on {_told(session, gone)}; asking again is possible"
    elif seating.drop_in:
        why = "has it not in the calendar; it is a drop-in, to which everybody just comes"
    else:
        why = "has no seat and has not asked for one"
    return PersonStands(person=person, standing=Standing.NONE, why=why)


def everybody(session: OpenSession) -> list[PersonStands]:
    """Who has a seat, then who is offered one, then who waits, in line."""
    seating = session.seating
    line = in_line(seating.waiting, session.inputs.order(seating.session))
    offers = sorted(seating.offers, key=lambda each: (each.offered_at, each.since, each.person))
    return [
        *(_seated(session, person) for person in seating.people),
        *(stands(session, each.person) for each in offers),
        *(_waiting(session, each, place, len(line)) for place, each in enumerate(line, start=1)),
    ]


def _seated(session: OpenSession, person: str) -> PersonStands:
    pool = pool_of(session.seating, person)
    held = next((each for each in session.inputs.held.get(person, ()) if each.session == session.seating.session), None)
    if person in session.presenters:
        why = "presents this session"
    elif session.seating.drop_in:
        return PersonStands(person=person, standing=Standing.SEATED, why="has this drop-in in the calendar")
    else:
        since = f" since {_told(session, held.since)}" if held is not None else ""
        how = "asked for it" if held is not None and held.asked else "by interest"
        why = f"has a seat {_WHERE[pool]}{since}: {how}"
    return PersonStands(person=person, standing=Standing.SEATED, pool=pool, why=why)


def _waiting(session: OpenSession, each: Waiting, place: int, length: int) -> PersonStands:
    why = f"{ordinal(place)} of {length}: asked on {_told(session, each.since)}; {_rule(session, each)}"
    obstacle = session.seats.obstacle(each.person, session.seating.session)
    if obstacle is not None:
        why += f"; passed over for now: {obstacle}"
    return PersonStands(person=each.person, standing=Standing.WAITING, pool=each.pool, place=place, why=why)


def _rule(session: OpenSession, each: Waiting) -> str:
    if each.had_seat:
        return "lost a seat, or an offer, to a smaller room, and so goes first"
    policy = session.inputs.policy
    match policy.waiting:
        case WaitingOrder.FIRST_COME:
            return "first come"
        case WaitingOrder.PRIORITY:
            rank = session.inputs.rank_of(each.person)
            if rank == len(policy.priority_groups):
                return "behind the groups that go first; first come"
            return f"group {rank + 1} of those that go first ({policy.priority_groups[rank].words()}); first come"
        case WaitingOrder.LOTTERY:
            ticket = session.inputs.order(session.seating.session).ticket_of(each)
            if ticket is None:
                return f"draw {each.round} has not been yet"
            return f"draw {each.round}, ticket {ticket[:_SHOWN_DIGITS]}…; the lowest is first"


def _told(session: OpenSession, at: datetime) -> str:
    local = at.astimezone(zone(session.inputs.release.zone))
    return f"{local.day} {local:%b %Y %H:%M} {local.tzname()}"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, ..., 11th, ..., 21st."""
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
