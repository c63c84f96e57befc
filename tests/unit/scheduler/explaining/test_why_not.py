"""Hand-made contradictions, whose minimal sets are known."""

from __future__ import annotations

import pytest
from scheduling_samples import (
    FRIDAY,
    MONDAY,
    THURSDAY,
    TUESDAY,
    at,
    busy_but,
    default_policy,
    placement,
    room,
    session,
    span,
)
from situations import NAMES, members, of_problem, situation

from services.scheduler.entities import Person
from services.scheduler.explaining.breaches import breaches
from services.scheduler.explaining.situation import UnknownRoomError, UnknownSessionError
from services.scheduler.explaining.why_not import why_not
from shared.contract.commands.explaining import RepairKind, Verdict

PACK = "pack no-lunch-no-friday"


def test_a_presenter_free_on_fridays_only_and_no_friday_is_the_whole_contradiction() -> None:
    found = why_not(
        situation([session("a", "p")], people=(busy_but("p", span(FRIDAY, 9, 17)),), policy=default_policy()),
        "a",
        NAMES,
    )
    assert found.verdict is Verdict.IMPOSSIBLE
    assert members(found)[0] == {("presenter-unavailable", "p"), ("no-friday", "")}
    assert "p, who presents it, can come on Fridays only" in found.sentence
    assert f"rule no-friday of {PACK}" in found.sentence
    assert "source:" in found.sentence


def test_a_room_that_is_too_small_and_one_without_a_projector_are_both_named() -> None:
    rooms = (room("large", 30), room("small", 5, features=("projector",)))
    found = why_not(situation([session("a", seats=20, needs=("projector",))], rooms=rooms), "a", NAMES)
    assert members(found) == [{("room-features", "large"), ("room-capacity", "small")}]
    assert "room small holds 5, and 20 seats are needed" in found.sentence
    assert "room large has no projector" in found.sentence.lower()


def test_at_one_start_everything_that_stands_against_it_is_told_one_by_one() -> None:
    a, b = session("a", "p"), session("b")
    made = situation([a, b], placement(b, at(MONDAY, 9)), people=(Person(id="p", no=(span(MONDAY, 9, 11),)),))
    found = why_not(made, "a", NAMES, start=at(MONDAY, 9), room="library")
    assert found.verdict is Verdict.IMPOSSIBLE
    assert members(found) == [{("presenter-unavailable", "p")}, {("room-conflict", "library,b")}]


def test_who_presents_two_sessions_is_named_with_the_other_session() -> None:
    a, b = session("a", "p"), session("b", "p")
    made = situation([a, b], placement(b, at(MONDAY, 9)), rooms=(room("library"), room("hall")))
    found = why_not(made, "a", NAMES, start=at(MONDAY, 9), room="hall")
    assert members(found) == [{("presenter-conflict", "p,b")}]
    assert found.sentence == (
        "a cannot be on Monday 11 January 2027 at 09:00 in room hall: p presents b from 09:00 to 10:00."
    )


def test_a_full_room_is_told_with_the_sessions_that_fill_it() -> None:
    sessions = [session(name) for name in "abc"]
    open_two_hours = room(unavailable=(span(MONDAY, 0, 9), span(MONDAY, 11, 24)))
    placed = [placement(sessions[0], at(MONDAY, 9)), placement(sessions[1], at(MONDAY, 10))]
    found = why_not(situation(sessions, *placed, rooms=(open_two_hours,), last_day=MONDAY), "c", NAMES)
    assert found.verdict is Verdict.CROWDED
    assert members(found)[0] == {
        ("room-unavailable", "library"),
        ("room-conflict", "library,a"),
        ("room-conflict", "library,b"),
    }
    assert members(found)[1] == {("has-a-place", name) for name in "abc"}
    assert found.proven


def test_what_comes_after_a_session_without_a_place_has_none() -> None:
    a, b = session("a"), session("b", prerequisites=("a",))
    found = why_not(situation([a, b]), "b", NAMES)
    assert found.verdict is Verdict.CROWDED
    assert members(found)[0] == {("prerequisite", "a")}
    assert "a, which has no place" in found.sentence


def test_a_start_beside_the_grid_is_told_with_the_grid() -> None:
    found = why_not(situation([session("a")]), "a", NAMES, start=at(MONDAY, 9, 30))
    assert found.verdict is Verdict.IMPOSSIBLE
    assert "sessions start every 60 minutes" in found.sentence
    assert found.repairs[0].place.start in {at(MONDAY, 9), at(MONDAY, 10)}


def test_what_nothing_stands_against_is_said_to_be_possible() -> None:
    found = why_not(situation([session("a")]), "a", NAMES, start=at(MONDAY, 9), room="library")
    assert (found.verdict, found.conflicts, found.repairs) == (Verdict.POSSIBLE, (), ())


def test_another_room_at_that_time_is_offered() -> None:
    a, b = session("a"), session("b")
    made = situation([a, b], placement(b, at(MONDAY, 9)), rooms=(room("library"), room("hall")))
    first = why_not(made, "a", NAMES, start=at(MONDAY, 9), room="library").repairs[0]
    assert (first.kinds, first.place.room, first.place.start) == ((RepairKind.OTHER_ROOM,), "hall", at(MONDAY, 9))
    assert first.people == ()


def test_the_presenter_is_asked_about_the_time_that_is_wanted() -> None:
    made = situation([session("a", "p")], people=(Person(id="p", no=(span(MONDAY, 9, 11),)),))
    repairs = why_not(made, "a", NAMES, start=at(MONDAY, 9), room="library").repairs
    asked = next(one for one in repairs if RepairKind.ASK_PRESENTER in one.kinds)
    assert asked.people == ("p",)
    assert asked.sentence == (
        "Ask p about Monday 11 January from 09:00 to 10:00; "
        "then Monday 11 January 2027 at 09:00 in room library is possible (1 person to ask)."
    )


def test_a_session_in_the_way_moves_to_where_it_fits() -> None:
    a, b = session("a", "p"), session("b")
    only_nine = busy_but("p", span(MONDAY, 9, 10))
    made = situation([a, b], placement(b, at(MONDAY, 9)), people=(only_nine,))
    found = why_not(made, "a", NAMES)
    moved = next(one for one in found.repairs if one.kinds == (RepairKind.MOVE_OTHERS,))
    assert moved.place.start == at(MONDAY, 9)
    assert [one.session for one in moved.moves] == ["b"]
    assert moved.people == ("b-presenter",)


def test_several_sessions_move_when_one_move_is_not_enough() -> None:
    a, b, c = session("a", "p"), session("b", "q"), session("c", "r")
    people = (
        busy_but("p", span(MONDAY, 9, 10)),
        busy_but("q", span(MONDAY, 9, 11)),
        busy_but("r", span(MONDAY, 10, 12)),
    )
    made = situation([a, b, c], placement(b, at(MONDAY, 9)), placement(c, at(MONDAY, 10)), people=people)
    moved = next(one for one in why_not(made, "a", NAMES).repairs if one.kinds == (RepairKind.MOVE_OTHERS,))
    assert {one.session: one.start for one in moved.moves} == {"b": at(MONDAY, 10), "c": at(MONDAY, 11)}
    assert breaches(made.problem, made.plan_with(moved.place, *moved.moves)) == frozenset()


def test_an_exception_is_offered_as_near_to_the_rules_as_it_gets() -> None:
    late = busy_but("p", span(THURSDAY, 16, 22))
    made = situation([session("a", "p", minutes=120)], people=(late,), policy=default_policy())
    found = why_not(made, "a", NAMES)
    exception = next(one for one in found.repairs if one.kinds == (RepairKind.EXCEPTION,))
    assert (exception.place.start, exception.rules) == (at(THURSDAY, 16), ("working-hours",))


@pytest.mark.parametrize("given", [{"start": at(TUESDAY, 10)}, {"room": "library"}, {}])
def test_all_repairs_that_are_told_put_the_session_there_and_leave_all_others_a_place(given: dict) -> None:
    a, b, c = session("a", "p", seats=15), session("b", "p"), session("c")
    made = situation(
        [a, b, c],
        placement(b, at(TUESDAY, 10)),
        placement(c, at(TUESDAY, 11)),
        people=(busy_but("p", span(TUESDAY, 10, 12), span(FRIDAY, 9, 11)),),
        policy=default_policy(),
    )
    found = why_not(made, "a", NAMES, **given)
    assert found.repairs
    for repair in found.repairs:
        plan = made.plan_with(repair.place, *repair.moves)
        assert {one.session for one in plan} == {"a", "b", "c"}
        broken = breaches(made.problem, plan)
        assert {rule for rule, _ in broken} <= set(repair.rules)
        if RepairKind.MOVE_OTHERS in repair.kinds or RepairKind.OTHER_TIME in repair.kinds:
            assert not broken


def test_unknown_ids_are_told() -> None:
    made = situation([session("a")])
    with pytest.raises(UnknownSessionError, match="'z'"):
        why_not(made, "z", NAMES)
    with pytest.raises(UnknownRoomError, match="'attic'"):
        why_not(made, "a", NAMES, room="attic")


def test_a_problem_without_rooms_has_an_answer() -> None:
    found = why_not(of_problem(situation([session("a")]).problem.model_copy(update={"rooms": ()})), "a", NAMES)
    assert found.verdict is Verdict.IMPOSSIBLE
