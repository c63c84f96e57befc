from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest
from csplib_samples import at, counted, instance, submission

from bench.csplib.instance import Hours, Instance, Session, Term, Track, ZoneRules
from bench.csplib.objective import score, zone_penalty

A, B = submission("a", 0), submission("b", 1)
SECOND = ((0, 0, 0), (0, 5, 0), (0, 0, 0))


def cost(conference: Instance, *places: str) -> dict[Term, int]:
    result = score(conference, at(*places))
    assert result.violations == ()
    assert result.weighted == sum(result.terms.values())
    return counted(result.terms)


def test_a_schedule_with_nothing_amiss_costs_nothing() -> None:
    assert cost(instance(A, B), "a Mon1 Hall 1", "b Mon2 Club 1") == {}


def test_a_track_pays_for_each_cell_in_a_session_it_should_avoid() -> None:
    conference = instance(A, B, track_session=SECOND)

    assert cost(conference, "a Mon1 Hall 1", "b Mon2 Hall 1") == {Term.TRACK_SESSION: 5}
    assert cost(conference, "a Mon2 Hall 1", "b Mon1 Hall 1") == {}


def test_a_cell_is_paid_once_however_many_slots_are_used() -> None:
    conference = instance(B, submission("c", 1), track_session=SECOND)

    assert cost(conference, "b Mon2 Hall 1", "c Mon2 Hall 2") == {Term.TRACK_SESSION: 5}


def test_a_track_pays_for_each_cell_in_a_room_it_should_avoid() -> None:
    conference = instance(A, B, track_room=SECOND)

    assert cost(conference, "a Mon1 Hall 1", "b Mon2 Club 1") == {Term.TRACK_ROOM: 5}
    assert cost(conference, "a Mon1 Club 1", "b Mon2 Hall 1") == {}


def test_a_room_that_should_stay_empty_in_a_session_is_paid_for() -> None:
    conference = instance(A, session_room=SECOND)

    assert cost(conference, "a Mon2 Club 1") == {Term.SESSION_ROOM: 5}
    assert cost(conference, "a Mon2 Hall 1") == {}


def test_similar_tracks_pay_for_each_pair_of_rooms_in_which_they_are_parallel() -> None:
    similar = ((0, 7, 0), (7, 0, 0))
    one = instance(A, B, similar_tracks=similar)
    two = instance(A, B, submission("c", 1), similar_tracks=similar)

    assert cost(one, "a Mon1 Hall 1", "b Mon1 Club 3") == {Term.SIMILAR_TRACKS: 7}
    assert cost(one, "a Mon1 Hall 1", "b Mon2 Hall 1") == {}
    assert score(two, at("a Mon1 Hall 1", "b Mon1 Club 1", "c Mon1 Attic 1")).terms[Term.SIMILAR_TRACKS] == 14


def test_a_track_pays_for_each_room_beyond_its_first() -> None:
    conference = instance(A, submission("c", 0))

    assert cost(conference, "a Mon1 Hall 1", "c Mon2 Club 1") == {Term.ROOMS_PER_TRACK: 1}
    assert cost(conference, "a Mon1 Hall 1", "c Mon2 Hall 1") == {}


def test_a_track_pays_for_being_in_two_rooms_of_a_session() -> None:
    conference = instance(A, submission("c", 0))

    assert cost(conference, "a Mon1 Hall 1", "c Mon1 Club 2") == {Term.PARALLEL_TRACKS: 1, Term.ROOMS_PER_TRACK: 1}
    assert cost(conference, "a Mon1 Hall 1", "c Mon1 Hall 2") == {}


def test_a_track_that_pauses_for_a_session_pays_once() -> None:
    conference = instance(A, submission("c", 0), submission("d", 0))

    assert cost(instance(A, submission("c", 0)), "a Mon1 Hall 1", "c Tue1 Hall 1") == {Term.CONSECUTIVE_TRACKS: 1}
    assert cost(conference, "a Mon1 Hall 1", "c Mon2 Hall 1", "d Tue1 Hall 1") == {}


def test_each_slot_outside_the_suitable_hours_of_a_submissions_zone_is_paid_for() -> None:
    east = submission("a", 0, slots=2, zone=9 * 60)

    assert cost(instance(east), "a Mon1 Hall 1", "a Mon1 Hall 2") == {Term.TIME_ZONES: 2}
    assert cost(instance(A), "a Mon1 Hall 1") == {}


@pytest.mark.parametrize(
    ("start", "end", "zone", "penalty"),
    [
        (time(9), time(18), 0, 0),
        (time(8, 59), time(17), 0, 1),
        (time(9), time(18, 1), 0, 1),
        (time(7), time(22), 0, 1),
        (time(6, 59), time(12), 0, 10),
        (time(12), time(22, 1), 0, 10),
        (time(10), time(11), -180, 1),
        (time(10), time(11), -240, 10),
        (time(10), time(11), 11 * 60, 1),
        (time(10), time(11), 12 * 60, 10),
        (time(10), time(11), 13 * 60 + 30, 10),
    ],
)
def test_hours_in_a_zone_are_suitable_less_suitable_or_unsuitable(
    start: time, end: time, zone: int, penalty: int
) -> None:
    conference = instance(submission("a", 0, zone=zone), sessions=(Session("Mon1", 3, None, start, end),))

    assert zone_penalty(conference, 0, 0) == penalty


def test_times_are_taken_from_the_conferences_own_zone() -> None:
    rules = ZoneRules(120, Hours(time(9), time(18)), Hours(time(7), time(22)), 1, 10)
    at_home, in_utc = submission("a", 0, zone=120), submission("b", 0, zone=0)

    conference = instance(at_home, in_utc, zones=rules)

    assert [zone_penalty(conference, each, 0) for each in (0, 1)] == [0, 1]


def test_a_submission_pays_for_not_having_its_place_in_the_running_order_of_its_track() -> None:
    first, second, any_place = (submission(name, 0, order=order) for name, order in (("a", 1), ("b", 2), ("c", 0)))

    assert cost(instance(first, second), "b Mon1 Hall 1", "a Mon1 Hall 3") == {Term.ORDER: 2}
    assert cost(instance(first, second), "a Mon1 Hall 1", "b Mon2 Hall 1") == {}
    assert cost(instance(first, second, any_place), "c Mon1 Hall 1", "a Mon1 Hall 2", "b Mon1 Hall 3") == {
        Term.ORDER: 2
    }


def test_the_running_order_counts_submissions_and_not_slots() -> None:
    long, second = submission("a", 0, slots=2, order=1), submission("b", 0, order=2)

    assert cost(instance(long, second), "a Mon1 Hall 1", "a Mon1 Hall 2", "b Mon1 Hall 3") == {}


def test_each_slot_of_a_submission_in_a_session_it_should_avoid_is_paid_for() -> None:
    conference = instance(submission("a", 0, slots=2, session_penalties=(0, 4, 0)))

    assert cost(conference, "a Mon2 Hall 1", "a Mon2 Hall 2") == {Term.SUBMISSION_SESSION: 8}
    assert cost(conference, "a Mon1 Hall 1", "a Mon1 Hall 2") == {}


def test_each_slot_of_a_submission_in_a_room_it_should_avoid_is_paid_for() -> None:
    conference = instance(submission("a", 0, slots=2, room_penalties=(0, 4, 0)))

    assert cost(conference, "a Mon2 Club 1", "a Mon2 Club 2") == {Term.SUBMISSION_ROOM: 8}
    assert cost(conference, "a Mon2 Hall 1", "a Mon2 Hall 2") == {}


ANN_MATHS, ANN_ARTS = submission("a", 0, presenters=("Ann",)), submission("b", 1, presenters=("Ann", "Bob"))


def test_a_presenter_in_two_rooms_of_a_session_is_a_conflict() -> None:
    conference = instance(ANN_MATHS, ANN_ARTS)

    assert cost(conference, "a Mon1 Hall 1", "b Mon1 Club 2") == {Term.PRESENTER_CONFLICTS: 1}
    assert cost(conference, "a Mon1 Hall 1", "b Mon2 Club 1") == {}


def test_a_presenter_twice_in_one_room_of_a_session_is_no_conflict() -> None:
    conference = instance(ANN_MATHS, submission("c", 0, presenters=("Ann",)))

    assert cost(conference, "a Mon1 Hall 1", "c Mon1 Hall 2") == {}


def test_a_presenter_who_chairs_another_track_in_parallel_is_a_conflict() -> None:
    conference = instance(ANN_MATHS, B, tracks=(Track("maths", ("Ann",)), Track("arts", ("Ann",))))

    terms = score(conference, at("a Mon1 Hall 1", "b Mon1 Club 2")).terms

    assert terms[Term.PRESENTER_CONFLICTS] == 1


def test_a_presenter_who_chairs_the_own_track_is_no_conflict() -> None:
    conference = instance(ANN_MATHS, submission("c", 0), tracks=(Track("maths", ("Ann",)), Track("arts", ())))

    assert score(conference, at("a Mon1 Hall 1", "c Mon1 Club 2")).terms[Term.PRESENTER_CONFLICTS] == 0


@pytest.mark.parametrize(
    ("other", "chairs"),
    [
        (submission("b", 1, attendees=("Zoe",)), ()),
        (submission("b", 1, presenters=("Zoe",)), ()),
        (submission("b", 1), ("Zoe",)),
    ],
)
def test_somebody_who_wants_to_be_in_two_rooms_of_a_session_is_a_conflict(
    other: object, chairs: tuple[str, ...]
) -> None:
    wanted = submission("a", 0, attendees=("Zoe",))
    conference = instance(wanted, other, tracks=(Track("maths", ()), Track("arts", chairs)))

    assert cost(conference, "a Mon1 Hall 1", "b Mon1 Club 2") == {Term.ATTENDEE_CONFLICTS: 1}
    assert cost(conference, "a Mon1 Hall 1", "b Mon2 Club 2") == {}


def test_a_chair_of_two_parallel_tracks_is_a_conflict() -> None:
    conference = instance(A, B, tracks=(Track("maths", ("Cas",)), Track("arts", ("Cas", "Dee"))))

    assert cost(conference, "a Mon1 Hall 1", "b Mon1 Club 2") == {Term.CHAIR_CONFLICTS: 1}
    assert cost(conference, "a Mon1 Hall 1", "b Mon2 Club 2") == {}


def test_conflicts_in_a_slot_count_for_each_slot_that_is_shared() -> None:
    wish = {"slots": 2, "attendees": ("Zoe",)}
    conference = instance(submission("a", 0, **wish), submission("b", 1, **wish))
    stays = ("a Mon1 Hall 1", "a Mon1 Hall 2")

    both = cost(conference, *stays, "b Mon1 Club 1", "b Mon1 Club 2")
    one = cost(conference, *stays, "b Mon1 Club 2", "b Mon1 Club 3")

    assert both == {Term.ATTENDEE_CONFLICTS: 1, Term.ATTENDEE_CONFLICTS_IN_SLOT: 2}
    assert one == {Term.ATTENDEE_CONFLICTS: 1, Term.ATTENDEE_CONFLICTS_IN_SLOT: 1}


def test_presenter_conflicts_in_a_slot_need_the_same_slot() -> None:
    conference = instance(ANN_MATHS, ANN_ARTS)

    assert cost(conference, "a Mon1 Hall 1", "b Mon1 Club 1") == {
        Term.PRESENTER_CONFLICTS: 1,
        Term.PRESENTER_CONFLICTS_IN_SLOT: 1,
    }
    assert Term.PRESENTER_CONFLICTS_IN_SLOT not in cost(conference, "a Mon1 Hall 1", "b Mon1 Club 2")


def test_weights_multiply_and_a_weight_of_zero_switches_a_term_off() -> None:
    conference = instance(A, B, track_session=SECOND, session_room=SECOND)
    places = at("a Mon1 Hall 1", "b Mon2 Club 1")

    assert score(conference, places).weighted == 10
    assert score(replace(conference, weights=dict.fromkeys(Term, 3)), places).weighted == 30
    assert score(replace(conference, weights=conference.weights | {Term.SESSION_ROOM: 0}), places).weighted == 5


@pytest.mark.parametrize(
    ("places", "sentence"),
    [
        (("a Mon1 Hall 1", "a Mon1 Hall 2"), "b is not scheduled"),
        (("a Mon1 Hall 1", "b Mon1 Club 1"), "a has 1 slots and needs 2"),
        (("a Mon1 Hall 1", "a Mon2 Hall 2", "b Mon1 Club 1"), "a is split over cells"),
        (("a Mon1 Hall 1", "a Mon1 Hall 3", "b Mon1 Club 1"), "a is split within its cell"),
        (("a Mon1 Hall 1", "a Mon1 Hall 2", "b Mon1 Hall 3"), "Mon1 in Hall has 2 tracks: maths, arts"),
        (("a Mon1 Hall 1", "a Mon1 Hall 2", "b Mon1 Hall 2"), "slot 2 of Mon1 in Hall is taken 2 times"),
        (("a Mon1 Hall 1", "a Mon1 Hall 2", "b Mon1 Club 4"), "the session has 3 slots"),
        (("a Mon1 Hall 1", "a Mon1 Hall 2", "b Mon9 Club 1"), "names what the instance does not have"),
    ],
)
def test_what_must_hold_and_does_not_is_named(places: tuple[str, ...], sentence: str) -> None:
    conference = instance(submission("a", 0, slots=2), B)

    assert any(sentence in violation for violation in score(conference, at(*places)).violations)
