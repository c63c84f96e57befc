"""In which order people wait."""

from __future__ import annotations

import random
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.registrations.seats.draws import Seeds, commitment, committed, drawn, next_round, ticket, tickets
from services.registrations.seats.line import Order, in_line
from services.registrations.seats.passing import draw_is_due, passed_on
from shared.contract.facts.seats import Draws, SeatPolicy, Waiting
from tests.unit.registrations.seats.seat_samples import NOW, at, seating, waits

SEEDS = Seeds(b"a key of this test")
LOTTERY = SeatPolicy(waiting="lottery")
PEOPLE = [f"p-{number}" for number in range(8)]


def names(waiting: list[Waiting]) -> list[str]:
    return [each.person for each in waiting]


def test_first_come_goes_by_when_people_asked() -> None:
    line = in_line([waits("ann", 3), waits("ben", 1), waits("cleo", 2)], Order(SeatPolicy()))
    assert names(line) == ["ben", "cleo", "ann"]


def test_by_priority_a_group_goes_before_the_next_and_within_it_by_when_people_asked() -> None:
    ranks = {"ann": 1, "ben": 2, "cleo": 0, "dee": 1}
    order = Order(SeatPolicy(waiting="priority"), lambda person: ranks[person])
    line = in_line([waits("ann", 3), waits("ben", 1), waits("cleo", 9), waits("dee", 2)], order)
    assert names(line) == ["cleo", "dee", "ann", "ben"]


def test_who_lost_a_seat_to_a_smaller_room_goes_before_all() -> None:
    for policy in (SeatPolicy(), SeatPolicy(waiting="priority"), LOTTERY):
        order = Order(policy, lambda person: {"ann": 0}.get(person, 1), lambda _: "0")
        assert names(in_line([waits("ann", 1), waits("ben", 9, had_seat=True)], order)) == ["ben", "ann"]


def first_draw() -> Draws:
    told = committed(None, "spring", SEEDS, "northgate", NOW)
    assert told is not None
    revealed = drawn(told, SEEDS, "northgate", NOW)
    assert revealed is not None
    return revealed


def test_a_draw_is_committed_to_before_its_seed_is_told_and_anybody_can_draw_again() -> None:
    told = committed(None, "spring", SEEDS, "northgate", NOW)
    assert told is not None
    assert told.rounds[0].seed is None
    revealed = drawn(told, SEEDS, "northgate", NOW + timedelta(hours=1))
    assert revealed is not None
    seed = revealed.rounds[0].seed
    assert seed is not None
    assert commitment(seed) == told.rounds[0].commitment
    mine = tickets(revealed, LOTTERY, "drawing")(waits("ann"))
    assert mine == ticket(seed, LOTTERY, "drawing", "ann")


def test_a_commitment_stands_until_it_is_drawn_and_then_the_next_one_is_made() -> None:
    told = committed(None, "spring", SEEDS, "northgate", NOW)
    assert told is not None
    assert committed(told, "spring", SEEDS, "northgate", NOW) is None
    revealed = drawn(told, SEEDS, "northgate", NOW)
    assert revealed is not None
    assert drawn(revealed, SEEDS, "northgate", NOW) is None
    assert next_round(revealed) == 2
    following = committed(revealed, "spring", SEEDS, "northgate", NOW)
    assert following is not None
    assert [each.seed is None for each in following.rounds] == [False, True]
    assert following.rounds[0].commitment != following.rounds[1].commitment


def test_seeds_differ_by_community_programme_and_round_and_nobody_has_them_without_the_key() -> None:
    seeds = {SEEDS.seed(*where) for where in [("a", "b", 1), ("a", "b", 2), ("a", "c", 1), ("b", "b", 1)]}
    assert len({*seeds, Seeds(b"another key").seed("a", "b", 1)}) == 5


def test_in_a_lottery_nobody_is_offered_a_seat_before_the_draw() -> None:
    free = seating("chair", waiting=(waits("ann"), waits("ben")))
    undrawn = at(waiting="lottery")
    assert passed_on(free, undrawn).offers == ()
    assert draw_is_due(free, undrawn)
    drawn_now = at(waiting="lottery", tickets=lambda each: {"ann": "b", "ben": "a"}[each.person])
    assert [each.person for each in passed_on(free, drawn_now).offers] == ["ben"]
    assert not draw_is_due(passed_on(free, drawn_now), drawn_now)


def test_who_asks_after_a_draw_stands_behind_those_who_were_drawn() -> None:
    of = tickets(first_draw(), LOTTERY, "drawing")
    line = in_line([waits("late", 0, round=2), *(waits(person, 5) for person in PEOPLE)], Order(LOTTERY, ticket_of=of))
    assert line[-1].person == "late"
    assert {*names(line[:-1])} == {*PEOPLE}


def test_when_people_asked_does_not_matter_in_a_draw() -> None:
    order = Order(LOTTERY, ticket_of=tickets(first_draw(), LOTTERY, "drawing"))
    one = in_line([waits(person, minutes) for minutes, person in enumerate(PEOPLE)], order)
    other = in_line([waits(person, -minutes) for minutes, person in enumerate(PEOPLE)], order)
    assert names(one) == names(other)


def test_the_organisers_own_words_change_a_draw() -> None:
    seed = SEEDS.seed("northgate", "spring", 1)
    worded = SeatPolicy(waiting="lottery", lottery_seed="lotto of 4 December: 3 17 22")
    assert ticket(seed, LOTTERY, "drawing", "ann") != ticket(seed, worded, "drawing", "ann")


def test_everybody_has_the_same_chance_in_a_draw() -> None:
    firsts = dict.fromkeys(PEOPLE, 0)
    for number in range(4000):
        seed = SEEDS.seed("northgate", "spring", number)
        firsts[min(PEOPLE, key=lambda person: ticket(seed, LOTTERY, "drawing", person))] += 1
    assert all(400 < count < 600 for count in firsts.values())


@given(st.permutations(PEOPLE), st.sampled_from(["first-come", "priority", "lottery"]), st.integers())
def test_the_order_in_which_people_are_listed_does_not_matter(people: list[str], policy: str, seed: int) -> None:
    dice = random.Random(seed)
    chances = {person: f"{dice.random()}" for person in PEOPLE}
    order = Order(SeatPolicy(waiting=policy), lambda person: int(person[-1]) % 3, lambda each: chances[each.person])
    minutes = {person: dice.randrange(3) for person in PEOPLE}
    listed = [waits(person, minutes[person]) for person in people]
    assert in_line(listed, order) == in_line(sorted(listed, key=lambda each: each.person), order)
