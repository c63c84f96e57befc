"""Released weekly series: what a re-solve leaves where it is, and what it moves together."""

from __future__ import annotations

from weekly_terms import hour_from, parts, pinned, published, single, term, tuesday, wednesday

from services.scheduler.entities import Room, Session
from services.scheduler.problem import Problem
from services.scheduler.resolving.resolve import Resolved, resolve
from shared.contract.facts.scheduler import Limits

SOON = Limits(deterministic=0.02, workers=1)
WEEKS = 4


def released() -> list[Session]:
    return [published(one, tuesday(week)) for week, one in enumerate(parts(WEEKS))]


def library(*closed: int) -> Room:
    return Room(id="library", capacity=20, unavailable=tuple(hour_from(tuesday(week)) for week in closed))


def where(found: Resolved) -> dict[str, tuple[object, str]]:
    return {one.session: (one.start, one.room) for one in found.solution.placements}


def as_released(made: Problem) -> dict[str, tuple[object, str]]:
    return {one.id: (one.published.start, one.published.room) for one in made.sessions if one.published}


def test_a_lost_date_has_no_place_and_the_others_stay_though_another_room_has_all() -> None:
    made = term(released(), weeks=WEEKS, rooms=(library(1), "hall"))
    found = resolve(made, SOON)
    kept = as_released(made)
    del kept["drawing-part-2"]
    assert where(found) == kept
    (left_out,) = found.solution.unplaced
    assert left_out.rules == ("weekly-series", "room-unavailable")


def test_another_session_makes_room_for_a_new_date_of_a_series() -> None:
    *first, last = released()
    new = last.model_copy(update={"published": None})
    other = published(single("other"), tuesday(3))
    made = term([*first, new, other], weeks=WEEKS)
    found = resolve(made, SOON)
    assert found.solution.unplaced == ()
    assert where(found)[new.id] == (tuesday(3), "library")
    assert where(found)["other"] != (tuesday(3), "library")


def test_a_series_that_loses_most_of_its_dates_moves_as_a_whole() -> None:
    made = term(released(), weeks=WEEKS, rooms=(library(0, 1, 2), "hall"))
    found = resolve(made, SOON)
    assert found.solution.unplaced == ()
    assert len({(one.start.weekday(), one.start.hour, one.room) for one in found.solution.placements}) == 1


def test_a_series_whose_room_is_gone_moves_as_a_whole() -> None:
    made = term(released(), weeks=WEEKS, rooms=("hall",))
    found = resolve(made, SOON)
    assert {one.room for one in found.solution.placements} == {"hall"}
    assert [one.start for one in found.solution.placements] == [tuesday(week) for week in range(WEEKS)]


def test_one_date_that_is_pinned_elsewhere_moves_alone() -> None:
    sessions = released()
    sessions[2] = pinned(sessions[2], wednesday(2, 11))
    made = term(sessions, weeks=WEEKS)
    found = resolve(made, SOON)
    assert where(found) == as_released(made) | {"drawing-part-3": (wednesday(2, 11), "library")}
