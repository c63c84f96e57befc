"""What a draft says of rules that it breaks although it may."""

from __future__ import annotations

from typing import Any

from scheduling_samples import DETERMINISTIC, FRIDAY, MONDAY, THURSDAY, at, placement, problem, room, session

from services.scheduler.broken_rules import MOST_RULES_TOLD, MOST_SESSIONS_TOLD, broken_rules
from services.scheduler.problem import Problem
from services.scheduler.rules.base import Level
from services.scheduler.rules.policy import Policy
from services.scheduler.rules.windows import ProhibitedTimes
from services.scheduler.scoring import score
from services.scheduler.solving import Solution, solve
from shared.contract.facts.scheduler import BrokenRule
from shared.contract.values import DateSpan, Weekday

CLOSED = (DateSpan(first=MONDAY, last=THURSDAY, reason="half-term"),)


def no_friday(level: Level, name: str = "no-friday", **more: Any) -> ProhibitedTimes:
    given: dict[str, Any] = {"sentence": "Nothing is placed on a Friday", "source": "Staff meeting", "where": "then"}
    return ProhibitedTimes(id=name, level=level, weekdays=(Weekday.FRI,), **(given | more))


def friday_only(*rules: ProhibitedTimes, sessions: int = 1) -> Problem:
    named = [session(f"s-{number:02}", minutes=30) for number in range(sessions)]
    return problem(named, policy=Policy(pack="test", version=4, rules=rules), closures=CLOSED)


def solved(*rules: ProhibitedTimes) -> Solution:
    return solve(friday_only(*rules), DETERMINISTIC)


def told(of: Problem, level: Level) -> tuple[BrokenRule, ...]:
    rooms = [one.id for one in of.rooms]
    placed = [placement(one, at(FRIDAY, 9), rooms[0]) for one in of.sessions]
    return broken_rules(of.policy, score(of, placed, keep_published=False).judgements, level)


def test_a_draft_carries_what_blocks_its_release_with_rule_pack_and_source() -> None:
    found = solved(no_friday(Level.BLOCK_RELEASE, weight=2))
    (broken,) = found.blocking
    assert (broken.rule, broken.cost, broken.count, broken.sessions) == ("no-friday", 60, 1, ("s-00",))
    assert broken.sentence == (
        "Nothing is placed on a Friday (rule no-friday of pack test, version 4; source: Staff meeting)"
    )
    assert found.warnings == ()
    assert found.draft(input_seq=1).blocking == found.blocking
    assert found.draft(input_seq=1).policy == "pack test, version 4"


def test_a_rule_that_only_warns_is_a_warning_and_one_that_is_switched_off_is_nothing() -> None:
    warned, ignored = solved(no_friday(Level.WARN)), solved(no_friday(Level.IGNORE))
    assert [one.rule for one in warned.warnings] == ["no-friday"]
    assert (warned.blocking, ignored.blocking, ignored.warnings) == ((), (), ())


def test_a_rule_that_must_hold_leaves_the_session_out_instead() -> None:
    found = solved(no_friday(Level.MUST))
    assert (found.totals.unplaced, found.blocking, found.warnings) == (1, (), ())
    assert "source: Staff meeting" in found.unplaced[0].reason


def test_the_costliest_rules_are_told_and_some_of_their_sessions() -> None:
    rules = [no_friday(Level.WARN, f"r-{number:02}", weight=number) for number in range(MOST_RULES_TOLD + 5)]
    found = told(friday_only(*rules, sessions=MOST_SESSIONS_TOLD + 3), Level.WARN)
    assert [one.rule for one in found] == [f"r-{number:02}" for number in range(24, 4, -1)]
    assert {(one.count, len(one.sessions)) for one in found} == {(MOST_SESSIONS_TOLD + 3, MOST_SESSIONS_TOLD)}


def test_gains_are_no_broken_rules() -> None:
    made = problem([session("a", "p")], rooms=(room(),), policy=Policy(pack="test", version=1))
    wishes = ({"person": "q", "proposal": "a", "level": "coming"},)
    people = ({"id": "p"}, {"id": "q"})
    made = Problem.model_validate(made.model_dump() | {"wishes": wishes, "people": people})
    assert told(made, Level.WARN) == ()
