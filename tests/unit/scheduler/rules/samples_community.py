"""Samples of the rules that communities ask for: notice, load, repeats, zones, fairness."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from rule_checks import Sample
from rule_problems import FIRST_DAY, Dice, instant, small_problem, some

from services.scheduler.problem import Problem
from services.scheduler.rules.base import Level
from services.scheduler.rules.even_weeks import EvenWeeks
from services.scheduler.rules.fairness import Fairness
from services.scheduler.rules.free_minutes import FreeMinutes
from services.scheduler.rules.notice import Frozen, NoticePeriod
from services.scheduler.rules.presenter_load import PresenterLoad
from services.scheduler.rules.presenter_zones import PresenterLocalHours
from services.scheduler.rules.repeats import SpreadOfRepeats
from services.scheduler.rules.room_overflow import RoomOverflow
from services.scheduler.rules.topic_variety import TopicVariety
from shared.contract.values import DateSpan, Weekday

TOPICS = ("assessment", "reading", "outdoors")


def _popular(dice: Dice) -> Problem:
    return small_problem(dice, people=8, wishes=5, session=lambda _: {"popularity": dice.choice((None, 0, 3, 6, 20))})


def _asked_for(dice: Dice) -> Problem:
    def publish(_: int) -> dict[str, Any]:
        where = {
            "start": instant(dice.randrange(3), dice.randrange(9, 13)),
            "room": dice.choice(("r-0", "r-1", "gone")),
        }
        return {"published": dice.choice((None, where))}

    taken = {"start": instant(0, 9), "end": instant(1, 11)}
    return small_problem(
        dice,
        session=publish,
        room=lambda number: {"unavailable": [taken] if number else []},
        asked_at=instant(dice.randrange(3), dice.randrange(24), dice.randrange(60)),
    )


def _busy_presenters(dice: Dice) -> Problem:
    return small_problem(dice, sessions=6, people=2)


def _weeks(dice: Dice) -> Problem:
    closed = FIRST_DAY + timedelta(days=dice.randrange(12))
    return small_problem(
        dice,
        sessions=6,
        days=12,
        people=3,
        session=lambda _: {"organiser": dice.choice((None, "lead", "school-b"))},
        closures=[DateSpan(first=closed, last=closed + timedelta(days=4), reason="half-term").model_dump()],
    )


def _repeated(dice: Dice) -> Problem:
    return small_problem(dice, days=9, session=lambda _: {"series": dice.choice((None, "a", "a", "b"))})


def _topical(dice: Dice) -> Problem:
    return small_problem(
        dice,
        days=6,
        session=lambda _: {
            "themes": some(dice, TOPICS),
            "contents": some(dice, TOPICS),
            "series": dice.choice((None, None, "a")),
        },
    )


def _far_away(dice: Dice) -> Problem:
    zones = (None, "Asia/Dubai", "America/St_Johns", "Pacific/Auckland")
    return small_problem(dice, person=lambda _: {"zone": dice.choice(zones)})


def _schools(dice: Dice) -> Problem:
    def works_at(_: int) -> dict[str, Any]:
        return {
            "school": dice.choice((None, "hillside", "northgate")),
            "department": dice.choice((None, "science", "maths")),
            "pattern": dice.choice((None, "part-time", "full-time")),
        }

    past = [
        {"kind": "school", "group": "hillside", "wished": 900, "attended": dice.randrange(900)},
        {"kind": "pattern", "group": "part-time", "wished": 300, "attended": dice.randrange(300)},
    ]
    return small_problem(dice, people=8, wishes=5, person=works_at, ledger=past)


def _over_lunch(dice: Dice) -> Problem:
    return small_problem(dice, sessions=6, days=2, people=4, wishes=4)


SAMPLES = {
    "free-minutes": Sample(FreeMinutes(), _over_lunch),
    "free-minutes of presenters, a long morning": Sample(
        FreeMinutes(
            start=time(8, 45),
            end=time(13, 10),
            minutes=180,
            who="presenters",
            weekdays=(Weekday.FRI,),
            exempt_formats=("light-lunch",),
        ),
        _over_lunch,
    ),
    "fairness": Sample(Fairness(weight=2), _schools, levels=(Level.WARN,)),
    "fairness among schools in fine steps": Sample(Fairness(by=("school",), steps=20), _schools, levels=(Level.WARN,)),
    "room-overflow": Sample(RoomOverflow(), _popular),
    "notice-period": Sample(NoticePeriod(weight=3), _asked_for),
    "frozen": Sample(Frozen(weight=9), _asked_for),
    "presenter-load": Sample(PresenterLoad(), _busy_presenters),
    "presenter-load at least two a day": Sample(PresenterLoad(fewest=2, most=3), _busy_presenters),
    "presenter-load in a week": Sample(PresenterLoad(per="week", most=1), _busy_presenters),
    "presenter-load in the programme": Sample(PresenterLoad(per="programme", most=1), _busy_presenters),
    "even-weeks": Sample(EvenWeeks(), _weeks),
    "even-weeks of organisers": Sample(EvenWeeks(per="organiser"), _weeks),
    "even-weeks of presenters": Sample(EvenWeeks(per="presenter"), _weeks),
    "spread-of-repeats": Sample(SpreadOfRepeats(), _repeated),
    "topic-variety": Sample(TopicVariety(), _topical),
    "topic-variety in a day": Sample(TopicVariety(within="day"), _topical),
    "topic-variety in a week": Sample(TopicVariety(within="week"), _topical),
    "presenter-local-hours": Sample(PresenterLocalHours(), _far_away),
}
