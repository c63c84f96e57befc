"""Samples of the rules that every programme has, and of those about times that a pack keeps free."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from rule_checks import Sample
from rule_problems import FIRST_DAY, Dice, instant, small_problem, some, stretch

from services.scheduler.problem import Problem
from services.scheduler.rules.attendance import AttendanceMaximisation
from services.scheduler.rules.attendee_conflict import AttendeeConflict
from services.scheduler.rules.base import Level
from services.scheduler.rules.conflicts import PresenterConflict, RoomConflict
from services.scheduler.rules.pinned import PinnedAssignment
from services.scheduler.rules.prerequisite import Prerequisite
from services.scheduler.rules.presenter_if_need_be import PresenterIfNeedBe
from services.scheduler.rules.presenter_unavailable import PresenterUnavailable
from services.scheduler.rules.programme_dates import ProgrammeDates
from services.scheduler.rules.published import PublishedRoom, PublishedTimeslot
from services.scheduler.rules.room_tags import RequiredRoomTags
from services.scheduler.rules.rooms import RoomCapacityMinimum, RoomTakesFormat, RoomUnavailable
from services.scheduler.rules.session_fits_timeslot import SessionFitsTimeslot
from services.scheduler.rules.session_times import ImpossibleTimes, PreferredTimes
from services.scheduler.rules.windows import Exemption, ProhibitedDates, ProhibitedTimes, RequiredTimes
from shared.contract.values import DateSpan, Weekday

WEIGHED = (Level.WARN,)


def _busy(dice: Dice) -> Problem:
    return small_problem(dice)


def _crowded(dice: Dice) -> Problem:
    return small_problem(dice, sessions=6, people=8, wishes=5)


def _with_closures(dice: Dice) -> Problem:
    closed = FIRST_DAY + timedelta(days=dice.randrange(3))
    return small_problem(dice, closures=[DateSpan(first=closed, last=closed, reason="training day").model_dump()])


def _in_timeslots(dice: Dice) -> Problem:
    return small_problem(dice, timeslots=True, session=lambda _: {"minutes": dice.choice((60, 60, 90))})


def _pinned(dice: Dice) -> Problem:
    def pin(_: int) -> dict[str, Any]:
        start = instant(dice.randrange(3), dice.randrange(9, 13))
        return {"pinned": dice.choice((None, {"start": start}, {"room": "r-1"}, {"start": start, "room": "r-0"}))}

    return small_problem(dice, session=pin)


def _published(dice: Dice) -> Problem:
    def publish(_: int) -> dict[str, Any]:
        start = instant(dice.randrange(3), dice.randrange(9, 13))
        return {"published": dice.choice((None, {"start": start, "room": dice.choice(("r-0", "r-1", "gone"))}))}

    return small_problem(dice, session=publish, asked_at=instant(0, 8))


def _demanding(dice: Dice) -> Problem:
    features = ("projector", "piano", "step-free")
    return small_problem(
        dice,
        session=lambda _: {
            "needs": some(dice, features),
            "seats": dice.choice((1, 3, 8)),
            "room_tags": {"required": some(dice, features)},
        },
        room=lambda number: {
            "features": some(dice, features, 3),
            "formats": some(dice, ("workshop", "light-lunch")),
            "unavailable": [stretch(number, 9, 13)],
        },
    )


def _in_order(dice: Dice) -> Problem:
    def follow(number: int) -> dict[str, Any]:
        earlier = tuple(f"s-{one}" for one in range(number))
        fewest = dice.randrange(2)
        after = (
            {"session": dice.choice(earlier), "fewest_days": fewest, "most_days": fewest + 1} if number > 1 else None
        )
        return {"prerequisites": some(dice, earlier), "after": dice.choice((None, after))}

    return small_problem(dice, session=follow)


def _timed(dice: Dice) -> Problem:
    def times(_: int) -> dict[str, Any]:
        first = dice.randrange(9, 12)
        said = [stretch(dice.randrange(3), first, first + 2), stretch(dice.randrange(3), first + 2, first + 4)]
        return {"impossible": said[: dice.randrange(3)], "preferred": said[dice.randrange(3) :]}

    return small_problem(dice, session=times)


SAMPLES = {
    "prohibited-times": Sample(
        ProhibitedTimes(
            id="no-lunch",
            sentence="Nothing over lunch",
            source="test",
            where="in the lunch window",
            start=time(12),
            end=time(14),
            exemptions=(Exemption(id="light", formats=("light-lunch",), sentence="It is a lunch"),),
            weight=2,
        ),
        _busy,
    ),
    "prohibited-times on a weekday": Sample(
        ProhibitedTimes(
            id="no-friday", sentence="No Friday", source="test", where="on a Friday", weekdays=(Weekday.FRI,)
        ),
        _busy,
    ),
    "required-times": Sample(
        RequiredTimes(
            id="hours", sentence="All in the morning", source="test", start=time(9), end=time(12), formats=("workshop",)
        ),
        _busy,
    ),
    "prohibited-dates": Sample(
        ProhibitedDates(
            id="closed",
            sentence="Closed",
            source="test",
            where="on a closed day",
            spans=(DateSpan(first=FIRST_DAY, last=FIRST_DAY + timedelta(days=1), reason="inspection"),),
        ),
        _busy,
    ),
    "programme-dates": Sample(ProgrammeDates(weight=5), _with_closures),
    "session-fits-timeslot": Sample(SessionFitsTimeslot(weight=5), _in_timeslots),
    "pinned": Sample(PinnedAssignment(weight=5), _pinned),
    "presenter-unavailable": Sample(PresenterUnavailable(weight=5), _busy),
    "room-unavailable": Sample(RoomUnavailable(weight=5), _demanding),
    "room-capacity": Sample(RoomCapacityMinimum(weight=5), _demanding),
    "room-features": Sample(RequiredRoomTags(weight=5), _demanding),
    "room-takes-format": Sample(RoomTakesFormat(weight=5), _demanding),
    "room-conflict": Sample(RoomConflict(), _busy, levels=(Level.MUST,)),
    "presenter-conflict": Sample(PresenterConflict(weight=5), _busy),
    "prerequisite": Sample(Prerequisite(weight=3), _in_order),
    "attendance": Sample(AttendanceMaximisation(weight=2), _crowded, levels=WEIGHED),
    "attendee-conflict": Sample(AttendeeConflict(weight=2), _crowded),
    "presenter-if-need-be": Sample(PresenterIfNeedBe(), _busy),
    "impossible-times": Sample(ImpossibleTimes(weight=5), _timed),
    "preferred-times": Sample(PreferredTimes(weight=2), _timed),
    "published-timeslot": Sample(PublishedTimeslot(), _published, keep_published=True),
    "published-room": Sample(PublishedRoom(), _published, keep_published=True),
}
