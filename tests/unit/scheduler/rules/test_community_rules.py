"""What the rules that communities ask for mean, by example."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from rule_checks import alone
from rule_problems import FIRST_DAY, instant

from services.scheduler.entities import Carried, Person, Published, Room, Session, Span, Wish
from services.scheduler.problem import Problem
from services.scheduler.rules.base import Finding, Level, Rule
from services.scheduler.rules.even_weeks import EvenWeeks
from services.scheduler.rules.fairness import Fairness
from services.scheduler.rules.free_minutes import FreeMinutes
from services.scheduler.rules.notice import Frozen, NoticePeriod
from services.scheduler.rules.policy import Policy
from services.scheduler.rules.presenter_load import PresenterLoad
from services.scheduler.rules.presenter_zones import PresenterLocalHours
from services.scheduler.scoring import score
from services.scheduler.solving import solve
from shared.contract.facts.scheduler import Limits, Placement

QUICK = Limits(deterministic=1.0)


def session(name: str, *presenters: str, minutes: int = 60, **more: Any) -> Session:
    return Session(id=name, proposal=name, format="workshop", minutes=minutes, presenters=presenters, **more)


def problem(rule: Rule, *sessions: Session, people: tuple[Person, ...] = (), **more: Any) -> Problem:
    known = {person.id: person for person in people}
    others = {name for each in sessions for name in each.presenters} - known.keys()
    given: dict[str, Any] = {
        "programme": "small",
        "zone": "Europe/London",
        "first_day": FIRST_DAY,
        "last_day": FIRST_DAY + timedelta(days=3),
        "grid_minutes": 60,
        "policy": alone(rule),
        "rooms": (Room(id="east", capacity=20), Room(id="west", capacity=20)),
        "sessions": sessions,
        "people": (*people, *(Person(id=name) for name in others)),
    }
    return Problem(**(given | more))


def at(name: str, day: int, hour: int, room: str = "east", minutes: int = 60) -> Placement:
    return Placement(session=name, proposal=name, room=room, start=instant(day, hour), minutes=minutes)


def findings(made: Problem, *placements: Placement) -> list[Finding]:
    (judgement,) = [one for one in score(made, placements, keep_published=False).judgements if one.findings] or [None]
    return list(judgement.findings) if judgement else []


def test_parallel_sessions_take_lunch_once_and_those_one_after_another_take_it_all() -> None:
    wishes = tuple(Wish(person="p", proposal=name, level="interested") for name in "ab")
    made = problem(FreeMinutes(), session("a"), session("b"), people=(Person(id="p"),), wishes=wishes)
    assert findings(made, at("a", 0, 12), at("b", 0, 12, "west")) == []
    (found,) = findings(made, at("a", 0, 12), at("b", 0, 13))
    assert (found.amount, found.people) == (1, ("p",))


def test_a_session_in_the_middle_of_lunch_leaves_no_free_hour_though_it_leaves_sixty_minutes() -> None:
    made = problem(FreeMinutes(), session("a", "p"), grid_minutes=30)
    middle = Placement(session="a", proposal="a", room="east", start=instant(0, 12, 30), minutes=60)
    assert [found.amount for found in findings(made, middle)] == [1]


def test_a_free_stretch_has_to_fit_in_its_window() -> None:
    with pytest.raises(ValidationError, match="121 minutes do not fit"):
        FreeMinutes(minutes=121)


def test_what_begins_soon_keeps_its_time_even_when_its_room_is_lost() -> None:
    published = Published(room="gone", start=instant(1, 10))
    made = problem(Frozen(hours=24), session("a", published=published), asked_at=instant(0, 12))
    (placed,) = solve(made, QUICK).placements
    assert placed.start == published.start


def test_what_begins_later_may_move() -> None:
    published = Published(room="east", start=instant(1, 13))
    made = problem(Frozen(hours=24), session("a", published=published), asked_at=instant(0, 12))
    assert findings(made, at("a", 2, 9)) == []
    assert len(findings(made.model_copy(update={"asked_at": instant(0, 14)}), at("a", 2, 9))) == 1


def test_notice_is_counted_from_when_the_plan_was_asked_for_and_not_at_all_without() -> None:
    made = problem(NoticePeriod(hours=48), session("a"), asked_at=instant(0, 12))
    assert [found.amount for found in findings(made, at("a", 1, 12))] == [24]
    assert findings(made, at("a", 2, 12)) == []
    assert findings(made.model_copy(update={"asked_at": None}), at("a", 0, 0)) == []


def test_nobody_presents_in_their_night() -> None:
    presenter = Person(id="p", zone="Australia/Sydney")
    made = problem(PresenterLocalHours(), session("a", "p"), people=(presenter,))
    # 09:00 in London is 20:00 in Sydney in January; noon is 23:00 there.
    assert [found.amount for found in findings(made, at("a", 0, 9))] == [60]
    assert [found.amount for found in findings(made, at("a", 0, 12))] == [4 * 60]


def test_a_third_session_in_a_day_is_one_too_many() -> None:
    made = problem(PresenterLoad(), *(session(name, "p") for name in "abc"))
    assert [found.amount for found in findings(made, *(at(n, 0, 9 + i) for i, n in enumerate("abc")))] == [1]
    assert findings(made, at("a", 0, 9), at("b", 0, 10), at("c", 1, 9)) == []


def test_what_a_week_has_beyond_its_share_counts_ever_more() -> None:
    made = problem(EvenWeeks(), *(session(name) for name in "abcd"))
    fridays = [at(name, 0, 9 + hour) for hour, name in enumerate("abcd")]
    assert [found.amount for found in findings(made, *fridays)] == [1 + 2]
    assert findings(made, *fridays[:2], at("c", 3, 9), at("d", 3, 10)) == []


def _two_schools(**more: Any) -> Problem:
    """One session that either two people of *big* or one of *small* can attend."""
    nine, ten = Span(start=instant(0, 9), end=instant(0, 10)), Span(start=instant(0, 10), end=instant(0, 11))
    people = tuple(Person(id=f"big-{number}", school="big", no=(ten,)) for number in range(2))
    people += (Person(id="small", school="small", no=(nine,)),)
    wishes = tuple(Wish(person=one.id, proposal="a", level="coming") for one in people)
    first, last = instant(0, 0), instant(4, 0)
    closed = (Span(start=first, end=instant(0, 9)), Span(start=instant(0, 11), end=last))
    rooms = (Room(id="east", capacity=20, unavailable=closed),)
    return problem(Fairness(weight=5), session("a"), people=people, wishes=wishes, rooms=rooms, **more)


def _with_attendance(made: Problem) -> Problem:
    fair = next(rule for rule in made.policy.rules if isinstance(rule, Fairness))
    return made.model_copy(update={"policy": Policy(pack="fair", version=1, rules=(fair,))})


def test_the_many_are_served_first_until_the_ledger_says_that_the_few_missed_out() -> None:
    made = _with_attendance(_two_schools())
    assert solve(made, QUICK).placements[0].start == instant(0, 9)
    past = (
        Carried(kind="school", group="small", wished=600, attended=0),
        Carried(kind="school", group="big", wished=600, attended=600),
    )
    rotated = solve(_with_attendance(_two_schools(ledger=past)), QUICK)
    assert rotated.placements[0].start == instant(0, 10)
    assert rotated.totals.objective == rotated.totals.bound


def test_fairness_says_how_much_each_group_misses() -> None:
    (found,) = findings(_two_schools(), at("a", 0, 9))
    assert found.clause == "school small misses 60 of 60 person-minutes that it wants"
    assert found.amount == 4 * 60 - (12 + 24 + 36 + 48)


def test_fairness_is_weighed_and_one_school_alone_is_fair() -> None:
    with pytest.raises(ValidationError, match="set its level to warn"):
        Fairness(level=Level.MUST)
    alone_there = (Person(id="p", school="big"),)
    wish = (Wish(person="p", proposal="a", level="coming"),)
    assert findings(problem(Fairness(), session("a"), people=alone_there, wishes=wish)) == []
