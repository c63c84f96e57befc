"""Who gets a seat in a release under a programme's own policy, and beside other programmes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from test_seating import INTERESTED, NINE, NOT_ME, after, inputs, placement, proposal, says, wants

from services.registrations.seating import seat, seat_after_replies
from services.registrations.seats.inputs import SeatingInputs
from shared.contract.facts.registrations import Affiliation, Seating
from shared.contract.facts.replies import Answered, PartStat
from shared.contract.facts.seats import Draws, HeldSeat, Pool, SeatPolicy, Waiting
from shared.contract.values import Answer

NOW = NINE - timedelta(days=9)


def policy(**fields: Any) -> SeatPolicy:
    return SeatPolicy.model_validate(fields)


def with_rooms(given: SeatingInputs, **changed: Any) -> SeatingInputs:
    return replace(given, rooms={name: room.model_copy(update=changed) for name, room in given.rooms.items()})


def seat_elsewhere(programme: str = "autumn", **other: Any) -> HeldSeat:
    fields = {"session": "choir", "programme": programme, "start": NINE, "minutes": 60, "since": NOW}
    return HeldSeat.model_validate(fields | other)


def seated(given: SeatingInputs, **changed: Any) -> SeatingInputs:
    """The same release once its seatings are written, with some of them changed."""
    return replace(given, before=given.release, seatings=seat(given), **changed)


def line(*people: str) -> tuple[Waiting, ...]:
    return tuple(Waiting(person=person, since=NOW + timedelta(minutes=at)) for at, person in enumerate(people))


def test_who_has_a_seat_in_another_programme_at_that_time_gets_none_here() -> None:
    given = replace(
        inputs(placement("drawing"), interests=[wants("ann", "drawing")]), held={"ann": (seat_elsewhere(),)}
    )
    assert seat(given)["drawing"].people == ("chair",)
    later = replace(given, held={"ann": (seat_elsewhere(start=NINE + timedelta(hours=1)),)})
    assert seat(later)["drawing"].people == ("ann", "chair")


def test_a_drop_in_elsewhere_stands_in_nobodys_way() -> None:
    given = inputs(placement("drawing"), interests=[wants("ann", "drawing")])
    assert "ann" in seat(replace(given, held={"ann": (seat_elsewhere(drop_in=True),)}))["drawing"].people


def test_a_presenter_sits_in_their_own_session_whatever_they_attend_elsewhere() -> None:
    given = replace(inputs(placement("drawing")), held={"chair": (seat_elsewhere(),)})
    assert seat(given)["drawing"].people == ("chair",)


def test_nobody_gets_more_seats_of_a_programme_than_its_policy_says_those_presented_not_counted() -> None:
    placements = [placement(name, hour) for hour, name in enumerate(("a", "b", "c", "d"))]
    proposals = [proposal("a", "ann"), *(proposal(name, "chair") for name in "bcd")]
    given = inputs(*placements, proposals=proposals, interests=[wants("ann", name) for name in "bcd"], capacity=3)
    seatings = seat(replace(given, policy=policy(most_per_person=2)))
    assert [name for name, each in seatings.items() if "ann" in each.people] == ["a", "b", "c"]


def test_a_hybrid_session_seats_in_the_room_first_and_the_rest_online() -> None:
    wishes = [wants(name, "drawing") for name in ("ann", "ben", "cleo", "dee")]
    hybrid = seat(with_rooms(inputs(placement("drawing"), interests=wishes), online_capacity=2))["drawing"]
    assert hybrid.capacity == {Pool.IN_PERSON: 2, Pool.ONLINE: 2}
    assert (hybrid.people, hybrid.online) == (("ann", "ben", "chair", "cleo"), ("ben", "cleo"))


def test_in_an_online_room_everybody_sits_online() -> None:
    online = seat(with_rooms(inputs(placement("drawing"), interests=[wants("ann", "drawing")]), online=True))["drawing"]
    assert (online.capacity, online.online) == ({Pool.ONLINE: 2}, ("ann", "chair"))


def test_a_drop_in_has_in_its_calendar_list_presenters_and_who_says_coming_and_no_seats() -> None:
    wishes = [
        wants("ann", "drawing"),
        wants("ben", "drawing", INTERESTED),
        *(wants(f"p{n}", "drawing") for n in range(5)),
    ]
    given = replace(inputs(placement("drawing"), interests=wishes), policy=policy(drop_in=["workshop"]))
    drop_in = seat(given)["drawing"]
    assert (drop_in.drop_in, drop_in.capacity) == (True, {})
    assert set(drop_in.people) == {"chair", "ann", *(f"p{n}" for n in range(5))}


def test_a_drop_in_takes_nobody_a_seat_at_the_same_time() -> None:
    both = inputs(
        placement("drawing"),
        placement("reading", room="hall"),
        proposals=[proposal("drawing", "x"), proposal("reading", "y")],
        interests=[wants("ann", "drawing"), wants("ann", "reading")],
    )
    seatings = seat(replace(both, policy=policy(drop_in=["drawing"])))
    assert all("ann" in each.people for each in seatings.values())


def test_enrolled_people_get_the_seats_that_nobody_else_wants_and_their_own_word_counts_more() -> None:
    given = inputs(
        placement("drawing"), interests=[wants("zoe", "drawing", INTERESTED), wants("ann", "drawing", NOT_ME)]
    )
    given = replace(given, enrolled=frozenset({"ann", "ben", "cleo"}))
    assert seat(given)["drawing"].people == ("chair", "zoe")
    assert seat(with_rooms(given, capacity=4))["drawing"].people == ("ben", "chair", "cleo", "zoe")


def test_who_left_the_programme_that_a_rule_enrolled_them_in_gives_their_seats_back() -> None:
    given = replace(
        inputs(placement("drawing"), interests=[wants("zoe", "drawing")], capacity=4), enrolled=frozenset("b")
    )
    full = seated(given)
    left = replace(full, enrolled=frozenset(), has_left=lambda person: person in {"b", "zoe", "chair"})
    assert seat_after_replies(left)["drawing"].people == ("chair", "zoe")


def test_groups_of_priority_are_seated_first() -> None:
    wishes = [wants("ann", "drawing"), wants("ben", "drawing", INTERESTED)]
    given = replace(
        inputs(placement("drawing"), interests=wishes),
        policy=policy(waiting="priority", priority_groups=[{"sector": "primary"}]),
        affiliations={"ben": Affiliation(person="ben", school="Lakeside", sector="primary")},
    )
    assert seat(given)["drawing"].people == ("ben", "chair")


def test_by_lottery_equal_wishes_are_drawn_by_the_seed_of_that_release() -> None:
    wishes = [wants(f"p{number}", "drawing") for number in range(8)]
    given = replace(inputs(placement("drawing"), interests=wishes), policy=policy(waiting="lottery"))
    winners = set()
    for digit in "0123456789abcdef":
        rounds = [{"number": 1, "commitment": "0" * 64, "committed_at": NOW, "seed": digit * 64, "release": 1}]
        winners |= set(seat(replace(given, draws=Draws(programme="spring", rounds=rounds)))["drawing"].people)
    assert len(winners - {"chair"}) > 4


def test_who_waits_goes_before_who_is_interested_when_a_release_brings_more_room() -> None:
    first = inputs(placement("drawing"), interests=[wants("ann", "drawing")])
    second = after(first, placement("drawing"))
    full = second.seatings["drawing"].model_copy(update={"waiting": line("ben", "dee")})
    wider = with_rooms(replace(second, seatings={"drawing": full}, now=NOW), capacity=4)
    wider = replace(wider, interests=dict(wider.interests) | {("cleo", "drawing"): wants("cleo", "drawing")})
    new = seat(wider)["drawing"]
    assert (new.people, [each.person for each in new.offers]) == (("ann", "chair"), ["ben", "dee"])


def test_who_finds_no_seat_in_a_smaller_room_waits_ahead_of_all_others() -> None:
    first = inputs(placement("drawing"), interests=[wants("ann", "drawing"), wants("ben", "drawing")], capacity=3)
    second = with_rooms(replace(after(first, placement("drawing", hour=2)), now=NOW), capacity=2)
    waiting = second.seatings["drawing"].model_copy(update={"waiting": line("dee")})
    new = seat(replace(second, seatings={"drawing": waiting}))["drawing"]
    assert new.people == ("ann", "chair")
    assert [(each.person, each.had_seat) for each in new.waiting] == [("ben", True), ("dee", False)]


def test_an_offer_for_another_time_is_made_anew_in_the_same_place() -> None:
    first = inputs(placement("drawing"), interests=[wants("ann", "drawing")], capacity=3)
    offer = {
        "person": "ben",
        "pool": "in-person",
        "offered_at": NOW,
        "since": NOW,
        "expires": NOW + timedelta(hours=12),
    }
    second = after(first, placement("drawing", hour=2))
    known = Seating.model_validate(
        second.seatings["drawing"].model_dump() | {"offers": [offer], "waiting": line("dee")}
    )
    later = NOW + timedelta(hours=1)
    new = seat(replace(second, seatings={"drawing": known}, now=later))["drawing"]
    assert [(each.person, each.offered_at) for each in new.offers] == [("ben", later)]
    assert [each.person for each in new.waiting] == ["dee"]


def test_what_of_a_release_is_seated_already_stays_and_the_rest_goes_round_it() -> None:
    both = inputs(
        placement("drawing"),
        placement("reading", room="hall"),
        interests=[wants("ann", "drawing"), wants("ann", "reading"), wants("ben", "drawing")],
    )
    drawing = seat(both)["drawing"].model_copy(update={"people": ("ben", "chair")})
    rest = seat(replace(both, seatings={"drawing": drawing}))
    assert rest["drawing"] is drawing
    assert rest["reading"].people == ("ann", "chair")


@pytest.mark.parametrize(("minutes_later", "people"), [(-5, ("ann", "chair")), (5, ("chair",))])
def test_a_decline_counts_only_if_it_came_after_the_seat_was_asked_for(minutes_later: int, people: tuple[str]) -> None:
    full = seated(inputs(placement("drawing"), interests=[wants("ann", "drawing")]))
    answered = NOW + timedelta(minutes=minutes_later)
    reply = Answered(person="ann", session="drawing", partstat=PartStat.DECLINED, start=NINE, at=answered)
    held = {"ann": (seat_elsewhere("spring", session="drawing", asked=True, since=NOW),)}
    then = replace(full, held=held, replies={("ann", "drawing"): reply})
    assert (seat_after_replies(then) or full.seatings)["drawing"].people == people


def test_a_seat_that_is_declined_is_offered_to_who_waits_and_not_given_to_who_is_interested() -> None:
    full = seated(inputs(placement("drawing"), interests=[wants("ann", "drawing"), wants("ben", "drawing")]), now=NOW)
    waiting = full.seatings["drawing"].model_copy(update={"waiting": line("dee")})
    reply = Answered(person="ann", session="drawing", partstat=PartStat.DECLINED, start=NINE)
    new = seat_after_replies(replace(full, seatings={"drawing": waiting}, replies={("ann", "drawing"): reply}))[
        "drawing"
    ]
    assert (new.people, [each.person for each in new.offers]) == (("chair",), ["dee"])


def test_who_says_that_it_is_not_for_them_gives_the_seat_back() -> None:
    full = seated(inputs(placement("drawing"), interests=[wants("ann", "drawing"), wants("ben", "drawing")]))
    changed = replace(full, interests=dict(full.interests) | {("ann", "drawing"): wants("ann", "drawing", NOT_ME)})
    assert seat_after_replies(changed)["drawing"].people == ("ben", "chair")


def test_more_room_without_a_release_is_offered_to_who_waits() -> None:
    full = seated(inputs(placement("drawing"), interests=[wants("ann", "drawing")]), now=NOW)
    waiting = full.seatings["drawing"].model_copy(update={"waiting": line("dee")})
    new = seat_after_replies(with_rooms(replace(full, seatings={"drawing": waiting}), capacity=3))["drawing"]
    assert (new.capacity, [each.person for each in new.offers]) == ({Pool.IN_PERSON: 3}, ["dee"])


def test_who_asked_for_a_seat_keeps_it_although_they_are_busy_by_their_calendar() -> None:
    first = inputs(placement("drawing"), interests=[wants("ann", "drawing")])
    asked_for = {"ann": (seat_elsewhere("spring", session="drawing", asked=True),)}
    busy = replace(after(first, placement("drawing"), said=[says("ann", Answer.NO)]), held=asked_for)
    assert seat(busy)["drawing"].people == ("ann", "chair")
