"""How seats pass from one to the next: plain functions from one state of a session's seats to the next.

A seat is free when nobody has it and nobody is offered it. Whoever waits is offered a free seat in the order of the
line; an offer that is not taken up in time passes on. Nobody is thrown out because a room got smaller.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.registrations.seats.line import Order, in_line
from services.registrations.seats.offering import held_until
from shared.contract.facts.registrations import Seating
from shared.contract.facts.seats import LetGo, Offer, Pool, SeatPolicy, Waiting

POOLS = (Pool.IN_PERSON, Pool.ONLINE)


def _nothing_in_the_way(_: str) -> str | None:
    return None


def _greenwich(_: str) -> str:
    return "UTC"


@dataclass(frozen=True)
class Circumstances:
    """What a session's seats depend on beside themselves."""

    now: datetime
    start: datetime
    order: Order
    obstacle: Callable[[str], str | None] = _nothing_in_the_way
    """why a person cannot have a seat in this session now, in words; None: they can"""
    round: int = 1
    """of a lottery: the draw that who asks now is in"""
    zone_of: Callable[[str], str] = _greenwich
    """by which clock a person lives"""

    @property
    def policy(self) -> SeatPolicy:
        return self.order.policy

    @property
    def is_over(self) -> bool:
        return self.now >= self.start


def pool_of(seating: Seating, person: str) -> Pool:
    return Pool.ONLINE if person in seating.online else Pool.IN_PERSON


def taken(seating: Seating, pool: Pool) -> int:
    online = len(seating.online)
    return online if pool is Pool.ONLINE else len(seating.people) - online


def offered(seating: Seating, pool: Pool) -> int:
    return sum(1 for each in seating.offers if each.pool is pool)


def free(seating: Seating, pool: Pool) -> int:
    """Seats that nobody has and nobody is offered. Below 0 where a room got smaller."""
    return seating.capacity.get(pool, 0) - taken(seating, pool) - offered(seating, pool)


def free_pool(seating: Seating, wanted: Pool | None) -> Pool | None:
    """Where there is a free seat of the kind that is wanted: in the room before online."""
    pools = POOLS if wanted is None else (wanted,)
    return next((pool for pool in pools if free(seating, pool) > 0), None)


def passed_on(seating: Seating, given: Circumstances) -> Seating:
    """The same seats at this moment: what expired has ended, and what is free is offered to who waits."""
    seating = _without_expired(seating, given.now)
    seating = _within_capacity(seating)
    if seating.drop_in or given.is_over:
        return seating
    for each in in_line(seating.waiting, given.order):
        pool = free_pool(seating, each.pool)
        if pool is None or given.obstacle(each.person) is not None:
            continue
        if not given.order.is_drawn(each):
            break
        seating = _reach(seating, each, pool, given)
    return seating


def draw_is_due(seating: Seating, given: Circumstances) -> bool:
    """Whether a free seat waits for a draw to tell whose it is."""
    return (
        not seating.drop_in
        and not given.is_over
        and any(
            free_pool(seating, each.pool) is not None
            and not given.order.is_drawn(each)
            and given.obstacle(each.person) is None
            for each in seating.waiting
        )
    )


def asked(seating: Seating, person: str, wanted: Pool | None, given: Circumstances) -> Seating:
    """Somebody asks for a seat: they have one, take up the one that they are offered, or wait in line."""
    seating = passed_on(seating, given)
    if seating.drop_in:
        return seated(seating, person, Pool.IN_PERSON)
    if person in seating.people:
        return _moved(seating, person, wanted)
    if (offer := offer_to(seating, person)) is not None and wanted in {None, offer.pool}:
        return seated(seating, person, offer.pool)
    pool = free_pool(seating, wanted)
    if pool is not None and not draw_is_due(seating, given):
        return seated(seating, person, pool)
    known = next((each for each in seating.waiting if each.person == person), None)
    place = (
        known.model_copy(update={"pool": wanted})
        if known is not None
        else Waiting(person=person, pool=wanted, since=given.now, round=given.round)
    )
    gone = without(seating, person)
    return gone.model_copy(update={"waiting": (*gone.waiting, place)})


def left(seating: Seating, person: str, given: Circumstances) -> Seating:
    """Somebody gives back a seat, lets an offer go, or waits no more; what is free passes on."""
    seating = _without_expired(seating, given.now)
    if not is_in(seating, person):
        return passed_on(seating, given)
    gone = without(seating, person)
    gone = gone.model_copy(update={"let_go": (*gone.let_go, LetGo(person=person, at=given.now))})
    return passed_on(gone, given)


def is_in(seating: Seating, person: str) -> bool:
    """Whether somebody has a seat, is offered one, or waits."""
    return (
        person in seating.people
        or offer_to(seating, person) is not None
        or any(each.person == person for each in seating.waiting)
    )


def in_line_or_offered(seating: Seating) -> set[str]:
    """Everybody who waits or is offered a seat."""
    return {each.person for each in seating.waiting} | {each.person for each in seating.offers}


def offer_to(seating: Seating, person: str) -> Offer | None:
    return next((each for each in seating.offers if each.person == person), None)


def seated(seating: Seating, person: str, pool: Pool) -> Seating:
    """The same with that person in a seat of that kind, and nowhere else."""
    gone = without(seating, person)
    online = (*gone.online, person) if pool is Pool.ONLINE else gone.online
    update = {"people": tuple(sorted((*gone.people, person))), "online": tuple(sorted(online))}
    return gone.model_copy(update=update)


def without(seating: Seating, person: str) -> Seating:
    """The same without any trace of that person."""
    return seating.model_copy(
        update={
            "people": tuple(each for each in seating.people if each != person),
            "online": tuple(each for each in seating.online if each != person),
            "waiting": tuple(each for each in seating.waiting if each.person != person),
            "offers": tuple(each for each in seating.offers if each.person != person),
            "let_go": tuple(each for each in seating.let_go if each.person != person),
        }
    )


def _moved(seating: Seating, person: str, wanted: Pool | None) -> Seating:
    if wanted is None or wanted is pool_of(seating, person) or free(seating, wanted) <= 0:
        return seating
    return seated(seating, person, wanted)


def _reach(seating: Seating, each: Waiting, pool: Pool, given: Circumstances) -> Seating:
    if given.policy.offer_hours == 0:
        return seated(seating, each.person, pool)
    offer = Offer(
        person=each.person,
        pool=pool,
        offered_at=given.now,
        expires=held_until(given.now, given.start, given.policy, given.zone_of(each.person)),
        since=each.since,
        had_seat=each.had_seat,
    )
    gone = without(seating, each.person)
    return gone.model_copy(update={"offers": (*gone.offers, offer)})


def _without_expired(seating: Seating, now: datetime) -> Seating:
    ended = [each for each in seating.offers if each.expires <= now]
    for each in ended:
        gone = without(seating, each.person)
        seating = gone.model_copy(update={"let_go": (*gone.let_go, LetGo(person=each.person, at=each.expires))})
    return seating


def _within_capacity(seating: Seating) -> Seating:
    """The last offers are taken back where there is no seat for them any more; their people wait where they did."""
    for pool in POOLS:
        for offer in sorted(seating.offers, key=lambda each: (each.offered_at, each.person), reverse=True):
            if offer.pool is pool and free(seating, pool) < 0:
                seating = _back_in_line(seating, offer)
    return seating


def _back_in_line(seating: Seating, offer: Offer) -> Seating:
    gone = without(seating, offer.person)
    place = Waiting(person=offer.person, pool=offer.pool, since=offer.since, had_seat=True)
    return gone.model_copy(update={"waiting": (*gone.waiting, place)})
