"""What proposals and rooms say of themselves, in the problem that is made of them."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from scheduling_samples import DETERMINISTIC, FRIDAY, MONDAY, TUESDAY, at, programme

from services.scheduler.building import build_problem
from services.scheduler.entities import Session, Span
from services.scheduler.errors import ProblemError
from services.scheduler.packs_reading.library import shipped_packs
from services.scheduler.problem import Problem
from services.scheduler.solving import solve
from services.scheduler.view import PlanningView
from shared.contract.facts.registrations import Proposal, Room
from shared.contract.values import Answer, DatedWindow

PACKS = shipped_packs()
ROOM = Room(room="library", name="Library", site="Hillside", capacity=10)


def proposal(name: str, **more: Any) -> Proposal:
    said = {"proposal": name, "programme": "week", "title": name, "format": "workshop", "minutes": 60}
    return Proposal.model_validate(said | {"status": "accepted", "presenters": [f"{name}-presenter"]} | more)


def built(*proposals: Proposal, room: Room = ROOM, include_maybe: bool = False) -> Problem:
    view = PlanningView(
        programmes={"week": programme()}, proposals={one.proposal: one for one in proposals}, rooms={"library": room}
    )
    return build_problem(view, "week", PACKS, include_maybe=include_maybe)


def session(problem: Problem, name: str) -> Session:
    return next(one for one in problem.sessions if one.id == name)


def window(answer: str, day: Any, start: int, end: int) -> DatedWindow:
    return DatedWindow(answer=Answer(answer), start=at(day, start), end=at(day, end))


def test_a_maybe_goes_in_when_it_is_asked_for_and_nothing_else_does() -> None:
    proposals = [
        proposal(status, status=status) for status in ("drafted", "submitted", "maybe", "accepted", "withdrawn")
    ]
    assert [one.id for one in built(*proposals).sessions] == ["accepted"]
    assert [one.id for one in built(*proposals, include_maybe=True).sessions] == ["accepted", "maybe"]


def test_accepting_what_was_a_maybe_leaves_the_problem_as_it_was() -> None:
    before = built(proposal("a"), proposal("b", status="maybe"), include_maybe=True)
    assert built(proposal("a"), proposal("b"), include_maybe=True).digest() == before.digest()


def test_every_part_comes_after_all_parts_of_what_it_builds_on() -> None:
    problem = built(proposal("basics", parts=2), proposal("more", prerequisites=["basics", "nowhere"]))
    assert session(problem, "more").prerequisites == ("basics-part-1", "basics-part-2")


def test_a_prerequisite_that_is_not_accepted_asks_nothing() -> None:
    problem = built(proposal("basics", status="submitted"), proposal("more", prerequisites=["basics"]))
    assert session(problem, "more").prerequisites == ()


def test_a_circle_is_told_in_words() -> None:
    with pytest.raises(ProblemError, match="circle"):
        built(proposal("a", prerequisites=["b"]), proposal("b", prerequisites=["a"]))


def test_what_builds_on_another_is_placed_after_it() -> None:
    problem = built(proposal("advanced", prerequisites=["basics"]), proposal("basics"))
    starts = {one.session: one.start for one in solve(problem, DETERMINISTIC).placements}
    assert starts["basics"] + timedelta(minutes=60) <= starts["advanced"]


def test_a_session_is_never_placed_at_an_impossible_time_and_at_a_preferred_one_if_it_can() -> None:
    impossible = [window("no", MONDAY, 0, 23), window("no", TUESDAY, 0, 15)]
    problem = built(proposal("a", impossible=impossible, preferred=[window("yes", TUESDAY, 14, 17)]))
    (placed,) = solve(problem, DETERMINISTIC).placements
    assert at(TUESDAY, 15) <= placed.start <= at(TUESDAY, 16)


def test_no_time_left_is_told_by_the_rule_that_rules_it_out() -> None:
    solution = solve(built(proposal("a", impossible=[window("no", MONDAY, 0, 1), _week()])), DETERMINISTIC)
    (left_out,) = solution.unplaced
    assert "impossible-times" in left_out.rules


def _week() -> DatedWindow:
    return DatedWindow(answer=Answer.NO, start=at(MONDAY, 1), end=at(FRIDAY, 23))


def test_tags_and_audience_are_what_rules_look_at() -> None:
    said = session(built(proposal("a", tags=["recall"], audience=["primary", "new-teachers"])), "a")
    assert (said.contents, said.audience_types, said.sectors) == (
        ("recall",),
        ("new-teachers", "primary"),
        ("primary",),
    )


def test_sessions_lie_within_their_rooms_opening_hours() -> None:
    hours = [{"weekdays": ["wed"], "start": "14:30", "end": "16:00"}]
    room = Room.model_validate(ROOM.model_dump() | {"hours": hours, "unavailable": [_busy()]})
    problem = built(proposal("a"), room=room)
    (placed,) = solve(problem, DETERMINISTIC).placements
    assert f"{placed.start:%a %H:%M}" == "Wed 15:00"
    spans = problem.rooms[0].unavailable
    assert all(one.end < other.start for one, other in pairwise(spans))
    assert Span(start=spans[0].start, end=spans[0].end).interval().contains(_monday())


def _busy() -> dict[str, Any]:
    start = at(MONDAY + timedelta(days=2), 14)
    return {"kind": "dated", "answer": "no", "start": start, "end": start + timedelta(hours=1)}


def _monday() -> Any:
    return window("no", MONDAY, 0, 23).intervals(MONDAY, MONDAY).__next__()
