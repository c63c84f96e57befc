"""Which reminders are planned, moved and cancelled, and which of those that fired are still true."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from notifier_samples import COMMUNITY, NOW, entry
from seated_release import seating

from services.notifier.planning.answers import Key
from services.notifier.planning.message import Calendars
from services.notifier.reminders.due import Verdict, judged
from services.notifier.reminders.plans import Changes, Planned, Reminder, changes, notice_of, reminders
from services.notifier.reminders.schedules import read_start
from shared.contract.subjects import ReminderSubject

START = entry().start
KEY: Key = ("p-001", "retrieval")
DAY = timedelta(days=1)
NO_SKEW = timedelta(0)


def held(start: datetime = START, *, settled: bool = True, people: tuple[str, ...] = ("p-001",)) -> Calendars:
    entries = {(person, "retrieval"): entry(start=start) for person in people}
    return Calendars(entries, frozenset({"retrieval"} if settled else ()), frozenset())


def planned(start: datetime = START, lead: timedelta = DAY, seq: int = 7) -> Planned:
    return Planned(start - lead, start, seq)


def compared(
    calendars: Calendars, known: dict[Key, Planned], *, since: datetime = NOW, skew: timedelta = NO_SKEW
) -> Changes:
    wanted = reminders(calendars, [seating(1, "p-001")], COMMUNITY)
    return changes(wanted, known, calendars, since, skew)


def test_every_seat_is_reminded_of_a_day_before_and_a_programme_may_differ() -> None:
    wanted = reminders(held(people=("p-001", "p-002")), [seating(1, "p-001")], COMMUNITY)
    assert wanted == {(person, "retrieval"): Reminder(START - DAY, START) for person in ("p-001", "p-002")}
    two_days = COMMUNITY.model_copy(update={"reminder_hours_of": {"spring": 48}})
    assert reminders(held(), [seating(1, "p-001")], two_days) == {KEY: Reminder(START - 2 * DAY, START)}
    never = COMMUNITY.model_copy(update={"reminder_hours": 0})
    assert reminders(held(), [seating(1, "p-001")], never) == {}


def test_what_is_planned_as_it_should_be_is_left_alone() -> None:
    assert not compared(held(), {KEY: planned()})
    ahead = timedelta(days=9)
    assert not compared(held(), {KEY: Planned(START - DAY - ahead, START, 7)}, skew=ahead)


def test_a_clock_that_was_set_anew_moves_what_is_planned() -> None:
    assert compared(held(), {KEY: planned()}, skew=timedelta(hours=1)).publish == {KEY: Reminder(START - DAY, START)}


def test_a_moved_session_replaces_its_reminder() -> None:
    later = START + timedelta(hours=3)
    assert compared(held(later), {KEY: planned()}) == Changes({KEY: Reminder(later - DAY, later)}, {})


def test_a_session_moved_so_near_that_nobody_is_reminded_loses_its_reminder() -> None:
    soon = NOW + timedelta(hours=2)
    assert compared(held(soon), {KEY: planned()}) == Changes({}, {KEY: planned()})


def test_a_lost_seat_cancels_and_what_is_not_settled_is_left_alone() -> None:
    assert compared(held(people=()), {KEY: planned()}) == Changes({}, {KEY: planned()})
    assert not compared(held(people=(), settled=False), {KEY: planned()})


def test_who_is_seated_within_the_lead_time_is_not_reminded_but_what_is_about_to_fire_is_kept() -> None:
    since = START - timedelta(hours=3)
    assert not compared(held(), {}, since=since)
    assert not compared(held(), {KEY: planned()}, since=since)
    assert compared(held(), {}, since=START - DAY - timedelta(seconds=1)).publish


@pytest.mark.parametrize(
    ("calendars", "now", "verdict"),
    [
        (held(), START - DAY, Verdict.SEND),
        (held(), START - timedelta(seconds=1), Verdict.SEND),
        (held(), START, Verdict.DROP),
        (held(START + timedelta(hours=1)), START - DAY, Verdict.DROP),
        (held(people=()), START - DAY, Verdict.DROP),
        (Calendars({}, frozenset(), frozenset({"retrieval"})), START - DAY, Verdict.DROP),
        (held(people=(), settled=False), START - DAY, Verdict.SOON),
    ],
)
def test_a_fired_reminder_is_sent_only_while_it_is_true(calendars: Calendars, now: datetime, verdict: Verdict) -> None:
    assert judged(ReminderSubject("northgate", *KEY), START, calendars, now) is verdict


def test_each_start_of_a_session_is_reminded_of_once() -> None:
    one, other = (notice_of("northgate", KEY, start) for start in (START, START + timedelta(hours=1)))
    assert one != other
    assert one.fact("claimed").endswith("notice.p-001.reminder.retrieval.20270112t1530z.claimed")


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"start": 3}', b'{"start": "soon"}', b'{"start": "2027-01-12"}'])
def test_a_reminder_without_an_instant_is_none(body: bytes) -> None:
    assert read_start(body) is None
    assert read_start(b'{"start": "2027-01-12T15:30:00Z"}') == START
