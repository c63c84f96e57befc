"""A place in a session goes from one person to another, and nobody else's is touched."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.registrations.seats.handing_on import handed_on
from services.registrations.seats.passing import POOLS, is_in, offered, taken
from shared.contract.facts.registrations import Seating
from shared.contract.facts.seats import LetGo, Offer
from tests.unit.registrations.seats.seat_samples import IN_PERSON, NOW, seating, waits

GIVER, TAKER = "ann", "ben"
PLACES = st.sampled_from(["seat", "online", "offer", "waiting", "let go", "nowhere"])


def session(places: dict[str, str]) -> Seating:
    """A session in which these people have these places, beside its presenter."""

    def at(place: str) -> list[str]:
        return [person for person, where in places.items() if where == place]

    moment = {"pool": IN_PERSON, "offered_at": NOW, "expires": NOW + timedelta(hours=12), "since": NOW}
    return seating(
        "chair",
        *at("seat"),
        *at("online"),
        online=3,
        seats=4,
        waiting=[waits(person) for person in at("waiting")],
        offers=[Offer(person=person, **moment) for person in at("offer")],
        let_go=[LetGo(person=person, at=NOW) for person in at("let go")],
    ).model_copy(update={"online": tuple(at("online"))})


@given(st.fixed_dictionaries({GIVER: PLACES, TAKER: PLACES, "cleo": PLACES}), st.booleans())
def test_whatever_places_two_people_have_one_of_them_has_at_most_one_in_the_end(
    places: dict[str, str], may_sit: bool
) -> None:
    before = session(places)
    after = handed_on(before, GIVER, TAKER, may_sit=may_sit)
    named = [*after.people, *(each.person for each in (*after.waiting, *after.offers, *after.let_go))]
    assert GIVER not in named
    assert len(named) == len(set(named))
    assert set(after.online) <= set(after.people)
    for pool in POOLS:
        assert taken(after, pool) + offered(after, pool) <= taken(before, pool) + offered(before, pool)
    # Nobody loses a seat by it, and a seat is handed on where it may be.
    assert {TAKER} & set(before.people) <= set(after.people)
    if GIVER in before.people and may_sit:
        assert TAKER in after.people
    if is_in(before, TAKER):
        assert is_in(after, TAKER)
    assert _without(after, TAKER) == _without(_without(before, GIVER), TAKER)


def _without(of: Seating, person: str) -> Seating:
    return Seating.model_validate(
        of.model_dump()
        | {
            "people": [each for each in of.people if each != person],
            "online": [each for each in of.online if each != person],
            "waiting": [each for each in of.waiting if each.person != person],
            "offers": [each for each in of.offers if each.person != person],
            "let_go": [each for each in of.let_go if each.person != person],
        }
    )
