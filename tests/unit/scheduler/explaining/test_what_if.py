"""What a change would mean is what the scorer says of the plan after, less what it says of the plan before."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_problems import random_problem
from scheduling_samples import MONDAY, TUESDAY, at, placement, problem, room, session
from situations import NAMES, of_problem, situation

from services.scheduler.compiling import compile_problem
from services.scheduler.entities import After, Wish
from services.scheduler.explaining.changing import ImpossibleChangeError
from services.scheduler.explaining.explain import explained
from services.scheduler.explaining.situation import (
    ImpossibleStartError,
    Situation,
    UnknownRoomError,
    UnknownSessionError,
)
from services.scheduler.explaining.what_if import what_if
from services.scheduler.explaining.why_here import why_here
from services.scheduler.finished import FinishedPlan
from services.scheduler.rules.prerequisite import Prerequisite
from services.scheduler.scoring import score
from services.scheduler.solving import solve
from shared.contract.commands.explaining import AddSession, CancelSession, LoseRoom, MoveSession
from shared.contract.facts.scheduler import Limits


@cache
def solved(seed: int) -> Situation:
    made = random_problem(seed, sessions=8, people=30, rooms=2, weeks=1, grid=30)
    plan = solve(made, Limits(deterministic=0.02, workers=1))
    return Situation.of(compile_problem(made, keep_published=False), plan.placements)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 5), st.data())
def test_the_difference_is_the_scorers_for_any_move(seed: int, data: st.DataObject) -> None:
    before = solved(seed)
    name = data.draw(st.sampled_from(sorted(before.placed)))
    start = before.placed[name].start + timedelta(minutes=30 * data.draw(st.integers(-200, 200)))
    where = data.draw(st.sampled_from([one.id for one in before.problem.rooms]))
    found = what_if(before, MoveSession(session=name, start=start, room=where), NAMES)
    (moved,) = found.moves or (before.placed[name],)
    was = score(before.problem, before.plan_with(), keep_published=False)
    now = score(before.problem, before.plan_with(moved), keep_published=False)
    assert found.costs == sum(now.weighed.values()) - sum(was.weighed.values())
    assert {one.rule: (one.was == one.now) for one in found.differences} == {
        rule: False for rule in now.weighed if now.weighed[rule] != was.weighed[rule]
    }
    assert {one.rule for one in found.broken} >= now.violations.keys() - was.violations.keys()
    assert set(found.people) == (before.people(name) if found.moves else set())


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 5), st.data())
def test_the_difference_is_the_scorers_for_a_cancellation(seed: int, data: st.DataObject) -> None:
    before = solved(seed)
    name = data.draw(st.sampled_from(sorted(before.placed)))
    found = what_if(before, CancelSession(session=name), NAMES)
    left = tuple(one for one in before.plan_with() if one.session != name)
    was = score(before.problem, before.plan_with(), keep_published=False)
    assert found.costs == sum(score(before.problem, left, keep_published=False).weighed.values()) - sum(
        was.weighed.values()
    )
    assert set(found.people) == before.people(name)
    assert found.without_place == ()


@pytest.mark.parametrize("seed", range(6))
def test_why_here_compares_with_places_that_are_free_and_their_scores(seed: int) -> None:
    before = solved(seed)
    was = score(before.problem, before.plan_with(), keep_published=False)
    for name in before.placed:
        for one in why_here(before, name, NAMES).comparisons:
            now = score(before.problem, before.plan_with(one.place), keep_published=False)
            assert now.violations == was.violations
            assert one.costs == sum(now.weighed.values()) - sum(was.weighed.values())


def test_a_move_into_an_occupied_room_says_what_it_would_break() -> None:
    a, b = session("a"), session("b")
    made = situation([a, b], placement(a, at(MONDAY, 9)), placement(b, at(MONDAY, 10)))
    found = what_if(made, MoveSession(session="a", start=at(MONDAY, 10)), NAMES)
    assert [(one.rule, one.sessions) for one in found.broken] == [("room-conflict", ("a", "b"))]
    assert "it would break: A room holds one session at a time" in found.sentence


def test_sessions_of_a_lost_room_go_where_few_are_disturbed() -> None:
    a, b = session("a"), session("b")
    wishes = tuple(Wish(person="b-presenter", proposal="a", level="coming") for _ in range(1))
    made = situation(
        [a, b],
        placement(a, at(MONDAY, 9), "hall"),
        placement(b, at(MONDAY, 9), "library"),
        rooms=(room("library"), room("hall")),
        wishes=wishes,
    )
    found = what_if(made, LoseRoom(room="hall"), NAMES)
    assert [(one.session, one.room) for one in found.moves] == [("a", "library")]
    assert found.people == ("a-presenter", "b-presenter")
    assert found.without_place == ()
    assert found.broken == ()


def test_a_room_lost_for_a_day_keeps_its_other_days() -> None:
    a, b = session("a"), session("b")
    made = situation([a, b], placement(a, at(MONDAY, 9)), placement(b, at(TUESDAY, 9)))
    found = what_if(made, LoseRoom(room="library", until=at(TUESDAY, 0)), NAMES)
    assert [one.session for one in found.moves] == ["a"]
    assert found.moves[0].start >= at(TUESDAY, 0)


def test_when_the_only_room_is_lost_its_sessions_have_no_place() -> None:
    a = session("a")
    found = what_if(situation([a], placement(a, at(MONDAY, 9))), LoseRoom(room="library"), NAMES)
    assert (found.without_place, found.people) == (("a",), ("a-presenter",))
    assert "a has no place any more" in found.sentence


def test_a_new_session_goes_where_its_presenter_and_a_room_are_free() -> None:
    a = session("a", "p")
    made = situation([a], placement(a, at(MONDAY, 0)), rooms=(room("library"), room("hall")))
    found = what_if(made, AddSession(session="new", presenters=("p",)), NAMES)
    assert [one.session for one in found.moves] == ["new"]
    assert found.moves[0].start != at(MONDAY, 0)
    assert found.broken == ()


def test_nothing_is_written() -> None:
    a = session("a")
    made = situation([a], placement(a, at(MONDAY, 9)))
    before = made.problem.digest(), made.plan_with()
    for change in (
        MoveSession(session="a", start=at(MONDAY, 10)),
        CancelSession(session="a"),
        LoseRoom(room="library"),
    ):
        what_if(made, change, NAMES)
    assert (made.problem.digest(), made.plan_with()) == before


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (MoveSession(session="z"), UnknownSessionError),
        (CancelSession(session="z"), UnknownSessionError),
        (MoveSession(session="a", room="attic"), UnknownRoomError),
        (LoseRoom(room="attic"), UnknownRoomError),
        (AddSession(session="a"), ImpossibleChangeError),
        (MoveSession(session="b", start=at(MONDAY, 9)), ImpossibleChangeError),
        (LoseRoom(room="library", since=at(TUESDAY, 9), until=at(MONDAY, 9)), ImpossibleChangeError),
    ],
)
def test_what_cannot_be_weighed_is_told(change: MoveSession, error: type[Exception]) -> None:
    a, b = session("a"), session("b")
    with pytest.raises(error):
        what_if(of_problem(situation([a, b]).problem, placement(a, at(MONDAY, 9))), change, NAMES)


def test_an_addition_that_finds_no_place_says_so() -> None:
    before = situation([session("a")])
    told = what_if(before, AddSession(session="crowd", format="workshop", minutes=60, seats=500), NAMES)
    assert told.moves == ()
    assert told.sentence.startswith("crowd would find no free place that the rules allow; ")


def test_a_session_is_judged_without_the_one_that_it_follows() -> None:
    """As in a part of a problem: what comes before is neither placed nor known."""
    a, b = session("a"), session("b", after=After(session="a"), prerequisites=("a",))
    whole = problem([a, b])
    part = whole.model_copy(update={"sessions": (b,)})
    plan = FinishedPlan(part, [placement(b, at(MONDAY, 10))], keep_published=False)
    assert [one.sessions for one in Prerequisite().judge(plan)] == [("b",), ("b",)]


@pytest.mark.parametrize("start", ["9999-12-31T23:30:00Z", "0001-01-01T00:00:00Z", "2027-01-12T10:00:30Z"])
def test_a_start_in_no_calendar_is_refused_in_words(start: str) -> None:
    before = situation([session("a")], placement(session("a"), at(MONDAY, 10)), zone="Asia/Riyadh")
    for change in (
        MoveSession.model_validate({"session": "a", "start": start}),
        AddSession.model_validate({"session": "b", "format": "talk", "minutes": 60, "start": start, "room": "library"}),
    ):
        with pytest.raises(ImpossibleStartError, match="start: "):
            what_if(before, change, NAMES)
    with pytest.raises(ImpossibleStartError, match="start: "):
        explained(before, "a", NAMES, start=MoveSession.model_validate({"session": "a", "start": start}).start)
