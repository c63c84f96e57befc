from __future__ import annotations

import time

import pytest

from bench.peers.conference_scheduler import PeerError, _output
from bench.peers.random_instances import draw, overflow, violations
from bench.peers.recorded import recorded, when_and_where
from bench.solver_report import Sense


def test_a_seed_always_draws_the_same_conference_and_another_seed_another() -> None:
    assert draw(50, seed=7) == draw(50, seed=7)
    assert draw(50, seed=7) != draw(50, seed=8)


@pytest.mark.parametrize(("events", "rooms", "slots"), [(20, 4, 24), (50, 5, 60), (100, 8, 120), (400, 16, 464)])
def test_conferences_have_the_recorded_shape(events: int, rooms: int, slots: int) -> None:
    found = draw(events, seed=1)
    away = sum(len(event.unavailable) for event in found.events) / (events * found.periods)

    assert (len(found.events), len(found.rooms), len(found.slots)) == (events, rooms, slots)
    assert sum(len(event.clashes) for event in found.events) == events
    assert 0.14 < away < 0.26
    assert all(event.unavailable for event in found.events)
    assert len({tag for event in found.events for tag in event.tags}) <= events // 4


def test_the_peers_bound_on_unused_slots_never_decides() -> None:
    for seed in range(20):
        found = draw(20, seed)
        seats = [room.capacity for room in found.rooms]

        assert max(event.demand for event in found.events) >= max(seats) - min(seats)


def test_an_assignment_is_worth_its_largest_overflow() -> None:
    found = draw(20, seed=1)
    everyone_in_the_first_room = [(0, 0)] * 20

    assert overflow(found, everyone_in_the_first_room) == max(e.demand for e in found.events) - found.rooms[0].capacity


def test_what_must_not_be_in_an_assignment_is_named() -> None:
    found = draw(20, seed=1)
    clashing = next((other, one) for one, event in enumerate(found.events) for other in event.clashes)
    sentences = list(violations(found, [(0, 0)] * 20))
    parallel = [(0, number) for number in range(20)]

    assert any("is unavailable in period 0" in sentence for sentence in sentences)
    assert any("share a slot" in sentence for sentence in sentences)
    names = " and ".join(found.events[each].name for each in clashing)
    assert f"{names} clash" in list(violations(found, parallel))
    assert any("which is no slot" in sentence for sentence in violations(found, parallel))


def test_a_command_that_takes_too_long_is_ended_with_what_it_started() -> None:
    started = time.monotonic()

    assert _output(["sh", "-c", "sleep 60 & sleep 60"], "", 0.2) is None
    assert time.monotonic() - started < 10


def test_a_command_that_fails_is_told_with_its_last_words() -> None:
    with pytest.raises(PeerError, match="no such luck"):
        _output(["sh", "-c", "echo no such luck >&2; exit 3"], "", 10)


def test_floors_and_goals_follow_from_what_is_recorded() -> None:
    known = {
        (work, instance): recorded(work, instance)
        for work, instance in (("CSPLib", "N2OR"), ("CSPLib", "ISF22"), ("Timefold", "72talks-12timeslots-10rooms"))
    }
    bars = {key[1]: (each.floor.text(each.sense), each.goal.text(each.sense)) for key, each in known.items() if each}

    assert bars == {
        "N2OR": ("≤ 1", "≤ 1, proven"),
        "ISF22": ("≤ 436529", "< 116"),
        "72talks-12timeslots-10rooms": ("> -789825", "> -761715"),
    }
    assert {each.sense for each in known.values() if each} == {Sense.LEAST, Sense.MOST}


def test_of_an_unknown_instance_nothing_is_recorded() -> None:
    assert recorded("CSPLib", "another") is None
    assert when_and_where() == "2026-11-21, 2 shared cores"
