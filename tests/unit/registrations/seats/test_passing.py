"""How seats pass from one to the next."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.registrations.seats.passing import asked, left, offer_to, passed_on
from shared.contract.facts.registrations import Seating
from shared.contract.facts.seats import Offer
from tests.unit.registrations.seats.seat_samples import IN_PERSON, NOW, ONLINE, START, at, seating, waits


def waiting(of: Seating) -> list[str]:
    return [each.person for each in of.waiting]


def offers(of: Seating) -> list[str]:
    return [each.person for each in of.offers]


def offer(person: str, hours: float = 3, **other: object) -> Offer:
    made = NOW - timedelta(hours=1)
    return Offer.model_validate(
        {
            "person": person,
            "pool": IN_PERSON,
            "offered_at": made,
            "since": made,
            "expires": NOW + timedelta(hours=hours),
        }
        | other
    )


def test_who_asks_gets_a_free_seat_and_the_next_one_waits() -> None:
    one = asked(seating("chair"), "ann", None, at())
    two = asked(one, "ben", None, at())
    assert (two.people, waiting(two)) == (("ann", "chair"), ["ben"])


def test_asking_again_changes_nothing() -> None:
    full = asked(asked(seating("chair"), "ann", None, at()), "ben", None, at())
    later = at(NOW + timedelta(hours=1))
    assert asked(asked(full, "ben", None, later), "ann", None, later) == full


def test_a_seat_that_comes_back_is_offered_to_the_first_who_waits_and_to_nobody_else() -> None:
    full = seating("chair", "ann", waiting=(waits("cleo", 5), waits("ben", 1)))
    freed = left(full, "ann", at())
    assert (freed.people, offers(freed), waiting(freed)) == (("chair",), ["ben"], ["cleo"])
    assert freed.offers[0].expires == NOW + timedelta(hours=12)


def test_a_seat_that_is_held_for_an_offer_is_nobody_elses() -> None:
    held = seating("chair", offers=(offer("ben"),))
    assert waiting(asked(held, "dee", None, at())) == ["dee"]


def test_an_offer_that_nobody_takes_up_passes_on_and_its_person_must_ask_again() -> None:
    held = seating("chair", offers=(offer("ben", hours=1),), waiting=(waits("cleo"),))
    later = passed_on(held, at(NOW + timedelta(hours=1)))
    assert (offers(later), [each.person for each in later.let_go]) == (["cleo"], ["ben"])
    again = asked(later, "ben", None, at(NOW + timedelta(hours=2)))
    assert (waiting(again), again.let_go) == (["ben"], ())


def test_an_offer_holds_until_the_moment_at_which_it_ends() -> None:
    held = seating("chair", offers=(offer("ben", hours=1),), waiting=(waits("cleo"),))
    assert passed_on(held, at(NOW + timedelta(minutes=59))) == held


def test_who_asks_while_they_are_offered_a_seat_has_it() -> None:
    held = seating("chair", offers=(offer("ben"),))
    assert asked(held, "ben", None, at()).people == ("ben", "chair")


def test_with_no_hours_to_answer_in_the_next_is_seated_at_once() -> None:
    full = seating("chair", "ann", waiting=(waits("ben"),))
    assert left(full, "ann", at(offer_hours=0)).people == ("ben", "chair")


def test_who_cannot_come_is_passed_over_and_keeps_the_place() -> None:
    full = seating("chair", "ann", waiting=(waits("ben", 1), waits("cleo", 2)))
    freed = left(full, "ann", at(obstacles={"ben": "has a seat in reading at that time"}))
    assert (offers(freed), waiting(freed)) == (["cleo"], ["ben"])


@pytest.mark.parametrize(
    ("before_start", "held_for"),
    [
        (timedelta(days=7), timedelta(hours=12)),
        (timedelta(hours=4), timedelta(hours=2)),
        (timedelta(minutes=20), timedelta(minutes=15)),
        (timedelta(minutes=10), timedelta(minutes=10)),
    ],
)
def test_close_to_the_session_an_offer_is_shorter_so_that_it_can_pass_on(
    before_start: timedelta, held_for: timedelta
) -> None:
    now = START - before_start
    made = passed_on(seating("chair", waiting=(waits("ben"),)), at(now, quiet_hours="none")).offers[0]
    assert made.expires - now == held_for


def test_an_offer_does_not_grow_older_at_night_by_the_clock_of_whom_it_is_made_to() -> None:
    evening = NOW + timedelta(hours=11)
    line = seating("chair", waiting=(waits("ben"),))
    assert passed_on(line, at(evening)).offers[0].expires == evening + timedelta(hours=12 + 9)
    assert passed_on(line, at(evening, zone="Asia/Tokyo")).offers[0].expires == evening + timedelta(hours=12 + 1)


def test_nothing_is_offered_once_the_session_has_begun() -> None:
    assert offers(passed_on(seating("chair", waiting=(waits("ben"),)), at(START))) == []


def test_nobody_is_thrown_out_of_a_room_that_got_smaller_and_nothing_is_offered_there() -> None:
    small = seating("ann", "ben", "chair", seats=1, waiting=(waits("dee"),))
    assert passed_on(small, at()) == small
    assert offers(left(small, "ann", at())) == []


def test_offers_for_which_there_is_no_seat_any_more_are_taken_back_the_last_first() -> None:
    early, late = offer("ben"), offer("cleo", offered_at=NOW - timedelta(minutes=1), since=NOW - timedelta(hours=3))
    held = seating("chair", seats=2, offers=(early, late))
    smaller = passed_on(held, at())
    assert (offers(smaller), waiting(smaller)) == (["ben"], ["cleo"])
    assert smaller.waiting[0].since == late.since
    bigger = smaller.model_copy(update={"capacity": {IN_PERSON: 3}, "waiting": (waits("ann"), *smaller.waiting)})
    assert offers(passed_on(bigger, at())) == ["ben", "cleo"]


def test_more_seats_go_to_who_waits() -> None:
    full = seating("ann", "chair", waiting=(waits("ben", 1), waits("cleo", 2)))
    assert offers(passed_on(full.model_copy(update={"capacity": {IN_PERSON: 3}}), at())) == ["ben"]


def test_a_hybrid_session_fills_the_room_first_and_then_goes_online() -> None:
    hybrid = asked(seating("chair", seats=2, online=1), "ann", None, at())
    hybrid = asked(hybrid, "ben", None, at())
    assert (hybrid.people, hybrid.online, hybrid.waiting) == (("ann", "ben", "chair"), ("ben",), ())


def test_who_wants_to_sit_in_the_room_waits_although_there_are_seats_online() -> None:
    hybrid = asked(seating("ann", "chair", seats=2, online=1), "ben", IN_PERSON, at())
    assert waiting(hybrid) == ["ben"]
    assert (offers(left(hybrid, "ann", at())), hybrid.online) == (["ben"], ())


def test_who_sits_online_moves_into_the_room_while_there_is_a_seat() -> None:
    hybrid = seating("ann", "chair", seats=2, online=1)
    hybrid = hybrid.model_copy(update={"online": ("ann",)})
    assert asked(hybrid, "ann", IN_PERSON, at()).online == ()
    full = hybrid.model_copy(update={"capacity": {IN_PERSON: 1, ONLINE: 1}})
    assert asked(full, "ann", IN_PERSON, at()).online == ("ann",)


def test_who_waits_no_more_is_out_of_the_line() -> None:
    full = seating("ann", "chair", waiting=(waits("ben", 1), waits("cleo", 2)))
    assert waiting(left(full, "ben", at())) == ["cleo"]


def test_a_drop_in_has_no_seats_and_everybody_who_asks_has_it_in_the_calendar() -> None:
    drop_in = seating("chair", drop_in=True, capacity={})
    for person in ("ann", "ben", "cleo"):
        drop_in = asked(drop_in, person, None, at())
    assert (drop_in.people, drop_in.waiting) == (("ann", "ben", "chair", "cleo"), ())
    assert offer_to(passed_on(drop_in, at()), "ann") is None
