"""Sessions in which a person waits for a seat, or is offered one: what their own page shows of them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from services.web.asking import UnavailableError
from services.web.desk import Desk
from services.web.released import released_session
from services.web.seats import moment
from shared.bus.facts import Facts
from shared.contract.catalogue import SEATING
from shared.contract.commands.seats import AskSeat, PersonStands, SeatShown
from shared.contract.facts.registrations import Seating
from shared.contract.results import Rejection
from shared.links import LinkClaims

_MOST_ASKED = 20


@dataclass(frozen=True)
class WaitingView:
    """One session that a person has no seat in yet. ``why`` explains their place in the line."""

    session: str
    title: str
    day: str
    offered: bool
    why: str | None = None
    until: str | None = None


def sessions_waited_for(facts: Facts, community: str, person: str) -> tuple[str, ...]:
    """Offers first, then where they wait; each by id."""
    seatings = facts.states(SEATING, Seating, community).values()
    offered = sorted(each.session for each in seatings if any(offer.person == person for offer in each.offers))
    waiting = sorted(each.session for each in seatings if any(entry.person == person for entry in each.waiting))
    return tuple(dict.fromkeys((*offered, *waiting)))


async def waiting(desk: Desk, claims: LinkClaims, own_zone: str) -> tuple[WaitingView, ...]:
    """What the person waits for. Where registrations does not say more, only that they wait."""
    found = sessions_waited_for(desk.facts, claims.community, claims.person)
    stands = await asyncio.gather(*(_stands(desk, claims, each) for each in found[:_MOST_ASKED]))
    known = dict(zip(found, stands, strict=False))
    views = (_view(desk, claims, session, own_zone, known.get(session)) for session in found)
    return tuple(view for view in views if view is not None)


async def _stands(desk: Desk, claims: LinkClaims, session: str) -> PersonStands | None:
    try:
        question = AskSeat(session=session, person=claims.person)
        return (await desk.spokesman.ask_again(claims, question, SeatShown)).you
    except (Rejection, UnavailableError):
        return None


def _view(
    desk: Desk, claims: LinkClaims, session: str, own_zone: str, stands: PersonStands | None
) -> WaitingView | None:
    released = released_session(desk.facts, claims.community, session)
    if released is None or released[0].time.start <= desk.clock.now():
        return None
    until = stands.expires if stands is not None else None
    return WaitingView(
        session=session,
        title=released[0].title,
        day=moment(released[0].time.start, own_zone),
        offered=until is not None,
        why=stands.why if stands is not None else None,
        until=moment(until, own_zone) if until is not None else None,
    )
