"""Every rule of every shipped pack binds somewhere, judges as it states, and can be switched off."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from scheduling_samples import at, candidates_of, placement, problem, programme, room, session

from services.scheduler.board import Board
from services.scheduler.entities import Person, Session, Wish
from services.scheduler.packs_reading.library import read_library, shipped_packs
from services.scheduler.packs_reading.pack import Override, Pack
from services.scheduler.policy import laid_over
from services.scheduler.problem import Problem
from services.scheduler.rules.base import Level, Rule, UnaryRule
from services.scheduler.rules.policy import Policy
from services.scheduler.rules.windows import RequiredTimes, Window
from services.scheduler.scoring import Judgement, score
from services.scheduler.solving import solve
from shared.contract.facts.scheduler import Limits, Placement

FIRST, LAST = date(2026, 9, 7), date(2027, 7, 2)
ASKED_AT = datetime(2026, 9, 1, 8, tzinfo=UTC)
SOON = date(2027, 1, 11)
CALENDAR = "calendar-example"
LAYERS = {
    "faith-days": "no-lunch-no-friday",
    "friday-half-day": "avoid-shoulders",
    "wednesday-afternoon-for-staff": "uni-uk",
    CALENDAR: "school-twilight",
}
PEOPLE = tuple(Person(id=name) for name in ("p", "q", "r", "s"))
WISHES = tuple(Wish(person=name, proposal="a", level="coming") for name in ("q", "r", "s"))
SCHOOL_DAYS = Pack.model_validate(
    {
        "pack": "school-days",
        "version": 1,
        "title": "T",
        "rules": (),
        "calendar": [{"period": "inset-day", "first": "2026-10-23", "last": "2026-10-23", "name": "Training day"}],
    }
)


def names() -> Iterator[str]:
    yield from shipped_packs()


@cache
def policy(name: str) -> Policy:
    packs = shipped_packs()
    base = packs[LAYERS.get(name, name)]
    layers = [packs[name]] if name in LAYERS else [packs[CALENDAR], SCHOOL_DAYS]
    return laid_over(base, layers, programme(FIRST, LAST, "GB-ENG"))


def all_rules() -> list[tuple[str, str]]:
    return [(name, rule.id) for name in names() for rule in policy(name).rules if rule.switched_on()]


def rule_of(name: str, rule: str) -> Rule:
    return next(one for one in policy(name).rules if one.id == rule)


def year(under: Policy, *sessions: Session, **more: Any) -> Problem:
    given: dict[str, Any] = {
        "first_day": FIRST,
        "last_day": LAST,
        "asked_at": ASKED_AT,
        "rooms": (room(), room("hall")),
    }
    return problem(sessions, policy=under, **(given | more))


def judged(of: Problem, placed: list[Placement], rule: str) -> Judgement | None:
    judgements = score(of, placed, keep_published=False).judgements
    return next((one for one in judgements if one.rule.id == rule), None)


def session_for(rule: Rule) -> Session:
    formats = rule.formats if isinstance(rule, RequiredTimes) else ()
    return session("a", "p", format=formats[0] if formats else "workshop", minutes=60)


UNARY = [each for each in all_rules() if isinstance(rule_of(*each), UnaryRule)]


@pytest.mark.parametrize(("pack", "rule"), UNARY, ids=str)
def test_a_rule_about_one_session_binds_somewhere_not_everywhere_and_judges_as_it_states(pack: str, rule: str) -> None:
    stated = rule_of(pack, rule)
    assert isinstance(stated, UnaryRule)
    one = session_for(stated)
    made = year(policy(pack), one, people=PEOPLE, wishes=WISHES)
    board = Board(made, keep_published=False)
    starts = board.grid.starts
    amounts = np.broadcast_to(stated.amounts(one, np.arange(len(starts)), board), (1, len(starts)))[0]
    assert (amounts > 0).any()
    assert (amounts == 0).any()
    dice = random.Random(rule)
    bound, free = np.flatnonzero(amounts > 0).tolist(), np.flatnonzero(amounts == 0).tolist()
    for number in (*dice.sample(bound, min(8, len(bound))), *dice.sample(free, min(8, len(free)))):
        found = judged(made, [placement(one, datetime.fromtimestamp(int(starts[number]), UTC))], rule)
        assert found is not None
        assert sum(finding.amount for finding in found.findings) == amounts[number]


@pytest.mark.parametrize(("pack", "rule"), all_rules(), ids=str)
def test_a_rule_can_be_switched_off_by_a_layer(pack: str, rule: str) -> None:
    packs = shipped_packs()
    off = Override(rule=rule, level=Level.IGNORE, source="test")
    layer = Pack(pack="off", version=1, title="T", rules=(), waiting=(off,))
    base = packs[LAYERS.get(pack, pack)]
    between = [packs[pack]] if pack in LAYERS else [packs[CALENDAR], SCHOOL_DAYS]
    changed = laid_over(base, [*between, layer], programme(FIRST, LAST, "GB-ENG"))
    assert rule in {one.id for one in policy(pack).in_force()}
    assert rule not in {one.id for one in changed.in_force()}
    assert {one.id for one in policy(pack).in_force()} - {rule} == {one.id for one in changed.in_force()}


def test_every_pack_has_a_file_of_its_name_and_sources_that_say_something() -> None:
    folder = Path("services/scheduler/packs")
    assert {path.stem for path in folder.glob("*.yaml")} == set(shipped_packs())
    for pack in shipped_packs().values():
        assert all(len(rule.source) > 10 for rule in pack.rules)


def test_light_lunches_go_to_lunch_in_one_preset_and_may_in_the_other() -> None:
    lunch, breakfast = at(SOON, 12), at(SOON, 9)
    one = session("a", format="light-lunch")

    def broken(pack: str, start: datetime) -> set[str]:
        return set(score(year(policy(pack), one), [placement(one, start)], keep_published=False).violations)

    assert broken("no-lunch-no-friday", lunch) == broken("avoid-shoulders", lunch) == set()
    assert broken("no-lunch-no-friday", breakfast) == {"light-lunch-at-lunch"}
    assert broken("avoid-shoulders", breakfast) == set()


def test_shoulders_and_fridays_are_taken_only_where_more_is_gained() -> None:
    week = {"first_day": SOON, "last_day": SOON + timedelta(days=4), "asked_at": None}
    two = [session("a", "p"), session("b", "p")]
    found = solve(year(policy("avoid-shoulders"), *two, **week), Limits(deterministic=5.0))
    assert found.blocking == found.warnings == ()
    only_friday = {"closures": ({"first": SOON, "last": SOON + timedelta(days=3), "reason": "closed"},)}
    friday = solve(year(policy("avoid-shoulders"), *two, **(week | only_friday)), Limits(deterministic=5.0))
    assert friday.totals.placed == 2
    assert [(one.rule, one.count) for one in friday.warnings] == [("friday", 2)]


INSTITUTIONS = read_library(Path(__file__).parent / "institutions", shipped_packs())


def institution(name: str, **more: Any) -> tuple[Problem, Session]:
    under = laid_over(INSTITUTIONS.packs[name], (), programme(FIRST, LAST, "GB-ENG"))
    one = session("a", "p")
    return year(under, one, **more), one


def findings(name: str, start: datetime, **more: Any) -> dict[str, str]:
    """By rule that has something against a session at that time, its level."""
    made, one = institution(name, **more)
    judgements = score(made, [placement(one, start)], keep_published=False).judgements
    return {each.rule.id: each.rule.level.value for each in judgements if each.findings}


def test_the_packs_of_institutions_are_in_order() -> None:
    assert INSTITUTIONS.problems == ()


def test_bradford_keeps_friday_13_to_14_free_and_ends_its_wednesday_at_13() -> None:
    wednesday, friday = date(2027, 1, 13), date(2027, 1, 15)
    assert findings("bradford", at(friday, 13)) == {"friday-prayers": "must"}
    assert findings("bradford", at(friday, 14)) == {}
    assert findings("bradford", at(wednesday, 12)) == {}
    assert findings("bradford", at(wednesday, 13)) == {"wednesday-afternoon": "block-release"}
    assert findings("bradford", at(friday, 17)) == {}
    assert findings("bradford", at(friday, 18)) == {"working-day": "must"}


def test_the_summer_friday_of_bradford_is_local_time() -> None:
    assert "friday-prayers" in findings("bradford", at(date(2027, 6, 18), 12))
    assert "friday-prayers" not in findings("bradford", at(date(2027, 6, 18), 13))


def test_edinburgh_uses_wednesday_afternoons_only_where_there_is_no_other_time() -> None:
    wednesday = date(2027, 1, 13)
    assert findings("edinburgh", at(wednesday, 14)) == {"wednesday-afternoon": "warn"}
    assert findings("edinburgh", at(date(2027, 1, 15), 13)) == {}
    made, _ = institution("edinburgh", first_day=wednesday, last_day=wednesday)
    assert solve(made, Limits(deterministic=5.0)).placements[0].start.hour < 13


def test_edinburgh_leaves_everybody_an_hour_between_12_and_14() -> None:
    monday = date(2027, 1, 11)
    under = laid_over(INSTITUTIONS.packs["edinburgh"], (), programme(FIRST, LAST, "GB-ENG"))
    both = [session("a", "p"), session("b", "p")]
    made = year(under, *both)

    def broken(*hours: int) -> set[str]:
        placed = [placement(one, at(monday, hour)) for one, hour in zip(both, hours, strict=True)]
        return set(score(made, placed, keep_published=False).violations)

    assert broken(12, 13) == {"free-hour-at-lunch"}
    assert broken(11, 13) == set()


def test_st_andrews_asks_for_four_weeks_notice_outside_its_core_hours() -> None:
    asked_at = at(date(2027, 1, 4), 8)
    near, far = date(2027, 1, 29), date(2027, 2, 3)
    assert findings("st-andrews", at(near, 10), asked_at=asked_at) == {}
    assert findings("st-andrews", at(near, 16), asked_at=asked_at) == {
        "core-hours": "warn",
        "notice-outside-core-hours": "must",
    }
    assert findings("st-andrews", at(far, 16), asked_at=asked_at) == {"core-hours": "warn"}
    assert findings("st-andrews", at(near, 16), asked_at=None) == {"core-hours": "warn"}


def test_windows_that_weigh_count_for_everybody_who_would_come() -> None:
    friday = at(date(2027, 1, 15), 15)
    one = session("a", "p")
    made = year(policy("avoid-shoulders"), one, people=PEOPLE, wishes=WISHES)
    found = judged(made, [placement(one, friday)], "friday")
    assert found is not None
    assert isinstance(found.rule, Window)
    assert found.cost == 60 * 4 * 10 // 20


def working_days(zone: str, *layers: str, pack: str = "avoid-shoulders") -> dict[str, set[int]]:
    """By local weekday of a week in January 2027, the local hours at which a workshop of an hour may begin."""
    first, packs = date(2027, 1, 10), shipped_packs()
    there = programme(first, first + timedelta(days=6)).model_copy(update={"zone": zone})
    under = laid_over(packs[pack], [packs[name] for name in layers], there)
    one = session("a")
    made = problem([one], policy=under, zone=zone, first_day=there.first_day, last_day=there.last_day)
    candidates = candidates_of(made)
    free = candidates.options("a").free()[0]
    hours: dict[str, set[int]] = {}
    for start in candidates.board.grid.starts[free].tolist():
        local = datetime.fromtimestamp(start, ZoneInfo(zone))
        hours.setdefault(f"{local:%a}", set()).add(local.hour)
    return hours


def test_the_working_week_is_that_of_the_place() -> None:
    day = {9, 10, 11, 14, 15, 16}
    assert working_days("Europe/London") == dict.fromkeys(("Mon", "Tue", "Wed", "Thu", "Fri"), day)
    assert working_days("Australia/Sydney") == dict.fromkeys(("Mon", "Tue", "Wed", "Thu", "Fri"), day)
    assert working_days("Asia/Riyadh") == dict.fromkeys(("Sun", "Mon", "Tue", "Wed", "Thu"), day)


def test_in_dubai_friday_is_a_working_morning() -> None:
    assert working_days("Asia/Dubai", "friday-half-day")["Fri"] == {9, 10, 11}
    assert set(working_days("Asia/Dubai", "friday-half-day")) == {"Mon", "Tue", "Wed", "Thu", "Fri"}


def test_twilight_is_local_on_four_days() -> None:
    twilight = {16, 17, 18}
    assert working_days("Europe/London", pack="school-twilight") == dict.fromkeys(
        ("Mon", "Tue", "Wed", "Thu"), twilight
    )
