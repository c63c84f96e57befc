"""Each rule that must hold binds: alone in a problem, it is what keeps the session away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pytest
from scheduling_samples import (
    DETERMINISTIC,
    FRIDAY,
    MONDAY,
    NO_RULES,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    at,
    busy_but,
    candidates_of,
    default_policy,
    placement,
    problem,
    room,
    session,
    span,
)

from services.scheduler.entities import After, Session
from services.scheduler.problem import Problem
from services.scheduler.rules.names import MustHold
from services.scheduler.rules.policy import Policy
from services.scheduler.scoring import score
from services.scheduler.solving import solve
from shared.contract.facts.scheduler import Placement
from shared.contract.values import DateSpan

CLOSED = (DateSpan(first=MONDAY, last=THURSDAY, reason="half-term"),)


def starts(of: Problem, name: str = "a") -> set[datetime]:
    candidates = candidates_of(of)
    free = candidates.options(name).free().any(axis=0)
    return {datetime.fromtimestamp(int(start), at(MONDAY, 0).tzinfo) for start in candidates.board.grid.starts[free]}


def broken(of: Problem, placements: Iterable[Placement]) -> set[str]:
    return set(score(of, placements, keep_published=False).violations)


ALONE: list[tuple[str, dict[str, Any], Session, datetime]] = [
    (MustHold.PROGRAMME_DATES, {"closures": CLOSED}, session("a"), at(TUESDAY, 10)),
    (
        MustHold.PRESENTER_UNAVAILABLE,
        {"people": (busy_but("p", span(FRIDAY, 9, 24)),)},
        session("a", "p"),
        at(MONDAY, 9),
    ),
    (MustHold.ROOM_UNAVAILABLE, {"rooms": (room(unavailable=(span(MONDAY, 9, 12),)),)}, session("a"), at(MONDAY, 11)),
    (MustHold.ROOM_CAPACITY, {"rooms": (room(capacity=5),)}, session("a", seats=6), at(MONDAY, 9)),
    (MustHold.ROOM_FEATURES, {"rooms": (room(features=("sink",)),)}, session("a", needs=("kiln",)), at(MONDAY, 9)),
]


@pytest.mark.parametrize(("rule", "given", "one", "start"), ALONE, ids=[each[0] for each in ALONE])
def test_a_rule_about_one_session_keeps_it_from_a_start_that_is_free_without_the_rule(
    rule: str, given: dict[str, Any], one: Session, start: datetime
) -> None:
    ruled = problem([one], **given)
    assert start not in starts(ruled)
    assert rule in broken(ruled, [placement(one, start)])
    free = problem([session("a")])
    assert start in starts(free)
    assert broken(free, [placement(session("a"), start)]) == set()


@pytest.mark.parametrize("rule", [rule.id for rule in default_policy(nation="GB-ENG").rules])
def test_every_rule_of_the_default_pack_keeps_some_start_away_that_is_free_without_it(rule: str) -> None:
    first, last = MONDAY.replace(month=3, day=22), MONDAY.replace(month=4, day=4)  # with a bank holiday on a Monday
    policy = default_policy(first, last, "GB-ENG")
    without = policy.model_copy(update={"rules": tuple(one for one in policy.rules if one.id != rule)})
    lunch = "light-lunch" if rule == "light-lunch-at-lunch" else "workshop"

    def under(rules: Policy) -> set[datetime]:
        return starts(problem([session("a", format=lunch)], policy=rules, first_day=first, last_day=last))

    assert under(policy) < under(without)
    start = min(under(without) - under(policy))
    one = session("a", format=lunch)
    ruled = problem([one], policy=policy, first_day=first, last_day=last)
    assert broken(ruled, [placement(one, start)]) == {rule}


def test_presenter_conflict_keeps_one_persons_sessions_apart() -> None:
    hour = {"people": (busy_but("p", span(MONDAY, 9, 10)),), "rooms": (room("a"), room("b"))}
    both = problem([session("a", "p"), session("b", "p")], **hour)
    assert solve(both, DETERMINISTIC).totals.placed == 1
    assert broken(both, [placement(one, at(MONDAY, 9), one.id) for one in both.sessions]) == {"presenter-conflict"}
    two_people = {"people": (*hour["people"], busy_but("q", span(MONDAY, 9, 10))), "rooms": hour["rooms"]}
    assert solve(problem([session("a", "p"), session("b", "q")], **two_people), DETERMINISTIC).totals.placed == 2


def test_room_conflict_keeps_a_rooms_sessions_apart() -> None:
    people = (busy_but("p", span(MONDAY, 9, 10)), busy_but("q", span(MONDAY, 9, 10)))
    both = problem([session("a", "p"), session("b", "q")], people=people)
    assert solve(both, DETERMINISTIC).totals.placed == 1
    assert broken(both, [placement(one, at(MONDAY, 9)) for one in both.sessions]) == {"room-conflict"}
    assert solve(both.model_copy(update={"rooms": (room("a"), room("b"))}), DETERMINISTIC).totals.placed == 2


def test_a_part_follows_the_part_before_it_within_its_days() -> None:
    people = (busy_but("p", span(MONDAY, 9, 10), span(TUESDAY, 9, 10), span(FRIDAY, 9, 10)),)

    def parts(fewest: int, most: int) -> Problem:
        after = After(session="one", fewest_days=fewest, most_days=most)
        return problem([session("one", "p"), session("two", "p", after=after)], people=people)

    def days(of: Problem) -> dict[str, int]:
        return {one.session: one.start.day for one in solve(of, DETERMINISTIC).placements}

    assert days(parts(4, 9)) == {"one": MONDAY.day, "two": FRIDAY.day}
    assert days(parts(2, 3)) == {"one": TUESDAY.day, "two": FRIDAY.day}
    assert len(days(parts(2, 2))) == 1
    one, two = parts(2, 3).sessions
    assert broken(parts(2, 3), [placement(one, at(MONDAY, 9)), placement(two, at(TUESDAY, 9))]) == {"prerequisite"}
    assert broken(parts(2, 3), [placement(two, at(TUESDAY, 9))]) == {"prerequisite"}


def test_a_part_is_never_placed_without_the_part_before_it() -> None:
    after = After(session="one", fewest_days=1, most_days=3)
    made = problem(
        [session("one", "p", needs=("kiln",)), session("two", "q", after=after)],
        people=(busy_but("p", span(MONDAY, 9, 10)), busy_but("q", span(WEDNESDAY, 9, 10))),
    )
    assert solve(made, DETERMINISTIC).placements == ()


def test_if_need_be_is_no_rule_but_a_cost() -> None:
    reluctant = busy_but("p", span(MONDAY, 9, 10)).model_copy(update={"if_need_be": (span(MONDAY, 9, 10),)})
    made = problem([session("a", "p")], people=(reluctant,), policy=NO_RULES)
    found = solve(made, DETERMINISTIC)
    assert found.totals.placed == 1
    assert found.totals.objective == -3 * 60
