"""Seats that go from one person to another as they are, because the other is who was meant."""

from __future__ import annotations

from services.registrations.seats.passing import is_in, without
from shared.contract.facts.registrations import Seating


def handed_on(seating: Seating, giver: str, taker: str, *, may_sit: bool) -> Seating:
    """The same with somebody in another's place: seated, offered a seat, or in line.

    Who is in it already, or may not sit there, stays as they are; then the other's place is nobody's.
    """
    is_seated = giver in seating.people
    if taker in seating.people or (is_in(seating, taker) and not is_seated) or (is_seated and not may_sit):
        gone = without(seating, giver)
    else:
        gone = _renamed(without(seating, taker), giver, taker)
    declined = tuple(dict.fromkeys(taker if each == giver else each for each in seating.presenters_declined))
    return gone.model_copy(update={"presenters_declined": declined})


def _renamed(seating: Seating, giver: str, taker: str) -> Seating:
    def named(person: str) -> str:
        return taker if person == giver else person

    return seating.model_copy(
        update={
            "people": tuple(sorted(map(named, seating.people))),
            "online": tuple(sorted(map(named, seating.online))),
            "waiting": tuple(each.model_copy(update={"person": named(each.person)}) for each in seating.waiting),
            "offers": tuple(each.model_copy(update={"person": named(each.person)}) for each in seating.offers),
            "let_go": tuple(each.model_copy(update={"person": named(each.person)}) for each in seating.let_go),
        }
    )
