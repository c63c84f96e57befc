from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from scheduling_samples import (
    DETERMINISTIC,
    FRIDAY,
    MONDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    at,
    busy_but,
    candidates_of,
    default_policy,
    problem,
    room,
    session,
    span,
)

from services.scheduler.entities import After, Person, Session
from services.scheduler.reasons import reasons
from services.scheduler.solving import solve
from shared.contract.facts.scheduler import Unplaced
from shared.contract.values import DateSpan

PACK = "pack no-lunch-no-friday, version 2"


def reason(sessions: Iterable[Session], name: str, **given: Any) -> Unplaced:
    given = {"policy": default_policy()} | given
    unplaced = {one.session: one for one in solve(problem(sessions, **given), DETERMINISTIC).unplaced}
    return unplaced[name]


def test_a_presenter_who_is_free_on_fridays_only_is_told_so_with_the_rule() -> None:
    found = reason([session("a", "p")], "a", people=(busy_but("p", span(FRIDAY, 0, 24)),))
    assert found.reason == (
        f"Its presenter is free on Fridays only, and nothing is placed on a Friday (rule no-friday of {PACK}; "
        f"source: Members of the community asked for sessions that avoid Fridays)."
    )
    assert found.rules == ("no-friday",)


def test_a_presenter_who_says_nothing_of_weekends_is_not_said_to_be_free_on_fridays_only() -> None:
    weekdays = Person(id="p", no=tuple(span(day, 0, 24) for day in (MONDAY, TUESDAY, WEDNESDAY, THURSDAY)))
    found = reason([session("a", "p")], "a", people=(weekdays,), last_day=date(2027, 1, 17))
    assert found.reason.startswith(
        f"Its presenter is free on Fridays, Saturdays and Sundays only, and nothing is placed on a Friday "
        f"(rule no-friday of {PACK}; source: Members of the community asked for sessions that avoid Fridays), "
        f"and nothing is placed at a weekend (rule no-weekend of"
    )


def test_a_presenter_who_is_free_every_day_but_never_within_the_rules_is_told_all_of_them() -> None:
    evenings = tuple(span(day, 18, 20) for day in (MONDAY, TUESDAY, WEDNESDAY, THURSDAY))
    friday, sunday = span(FRIDAY, 10, 12), span(date(2027, 1, 17), 10, 12)
    saturday = span(date(2027, 1, 16), 10, 12)
    people = (busy_but("p", *evenings, friday, saturday, sunday),)
    found = reason([session("a", "p")], "a", people=people, last_day=date(2027, 1, 17))
    assert found.reason.startswith(
        "Its presenter is free at no time that the rules leave: nothing is placed on a Friday"
    )
    assert found.rules == ("no-friday", "no-weekend", "working-hours")


def test_a_presenter_who_is_free_at_lunch_on_two_days_is_told_the_days_and_the_rule() -> None:
    found = reason([session("a", "p")], "a", people=(busy_but("p", span(MONDAY, 12, 14), span(THURSDAY, 12, 14)),))
    assert found.reason.startswith("Its presenter is free on Mondays and Thursdays only, and nothing is placed between")
    assert found.rules == ("no-lunch",)


def test_when_two_rules_stand_together_both_are_named() -> None:
    found = reason([session("a", "p")], "a", people=(busy_but("p", span(FRIDAY, 12, 14)),))
    assert set(found.rules) == {"no-lunch", "no-friday"}
    assert found.reason.count(PACK) == 2


def test_a_presenter_who_is_never_free_is_told_so() -> None:
    found = reason([session("a", "p")], "a", people=(busy_but("p"),))
    assert (
        found.reason == "Its presenter is free for 60 minutes at no time between 11 January 2027 and 15 January 2027."
    )
    assert found.rules == ("presenter-unavailable",)


def test_presenters_who_are_never_free_together_are_told_so() -> None:
    people = (busy_but("p", span(MONDAY, 9, 10)), busy_but("q", span(MONDAY, 10, 11)))
    assert reason([session("a", "p", "q")], "a", people=people).reason.startswith("Its presenters are together free")


def test_too_small_rooms_are_told_with_the_largest() -> None:
    found = reason([session("a", seats=50)], "a", rooms=(room("x", 20), room("y", 30)))
    assert found.reason == "It needs a room for 50, but the largest room holds 30."
    assert found.rules == ("room-capacity",)


def test_a_feature_that_no_room_has_is_named() -> None:
    found = reason([session("a", needs=("kiln",))], "a")
    assert found.reason == "It needs a room with kiln, but no room has kiln."


def test_features_that_only_a_small_room_has_are_told_with_its_size() -> None:
    rooms = (room("x", 5, features=("kiln",)), room("y", 50))
    found = reason([session("a", needs=("kiln",), seats=20)], "a", rooms=rooms)
    assert found.reason == "It needs a room for 20, but the largest room with kiln holds 5."


def test_a_session_longer_than_the_rules_leave_is_told_the_rules() -> None:
    found = reason([session("a", minutes=240)], "a", first_day=TUESDAY, last_day=TUESDAY)
    assert found.rules == ("no-lunch", "working-hours")


def test_a_presenter_who_is_free_in_the_closure_only_is_told_the_closure() -> None:
    closed = (DateSpan(first=MONDAY, last=TUESDAY, reason="half-term"),)
    found = reason([session("a", "p")], "a", closures=closed, people=(busy_but("p", span(MONDAY, 9, 12)),))
    assert found.reason == (
        "Its presenter is free on Mondays only, and nothing is placed outside 11 January 2027 to 15 January 2027 "
        "or in a closure (half-term)."
    )


def test_a_programme_without_rooms_says_so() -> None:
    assert reason([session("a")], "a", rooms=()).reason.startswith("The programme has no room")


def test_a_session_that_others_crowd_out_names_them() -> None:
    people = (busy_but("p", span(MONDAY, 9, 10)), busy_but("q", span(MONDAY, 9, 10)))
    made = problem([session("a", "p"), session("b", "q")], people=people, policy=default_policy())
    solution = solve(made, DETERMINISTIC)
    (left_out,) = solution.unplaced
    (placed,) = solution.placements
    assert left_out.reason == (
        "The one start that suits it is taken by others; on 11 January 2027 at 09:00 in room library, "
        f"{placed.session} stands in its way."
    )
    assert left_out.rules == ("room-conflict",)


def test_a_part_without_the_part_before_it_says_so() -> None:
    parts = [session("one", needs=("kiln",)), session("two", after=After(session="one"))]
    assert reason(parts, "two").reason == "The part before it, one, has no place."


def test_a_part_that_finds_no_day_near_the_one_before_says_so() -> None:
    people = (busy_but("p", span(MONDAY, 9, 10), span(TUESDAY, 9, 10)),)
    parts = [session("one", "p"), session("two", "p", after=After(session="one", fewest_days=3, most_days=5))]
    found = reason(parts, "two", people=people)
    assert found.reason.startswith("No start that suits it lies 3 to 5 days after the part before it, one,")
    assert found.rules == ("prerequisite",)


def test_a_session_that_was_only_not_reached_says_so() -> None:
    candidates = candidates_of(problem([session("a")]))
    (left_out,) = reasons(candidates, ())
    assert left_out.reason.startswith("The search ended before it was placed")


def test_at_nine_on_monday_is_in_the_programmes_zone() -> None:
    people = (busy_but("p", span(MONDAY, 9, 10)), busy_but("q", span(MONDAY, 9, 10)))
    made = problem([session("a", "p"), session("b", "q")], people=people, zone="Asia/Dubai")
    (left_out,) = solve(made, DETERMINISTIC).unplaced
    assert "on 11 January 2027 at 13:00" in left_out.reason
    assert at(MONDAY, 9) == solve(made, DETERMINISTIC).placements[0].start
