"""Series: their dates as calendars read them, and the messages about them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from notifier_samples import COMMUNITY, NOW, contact, entry, message
from planned_messages import SESSION, WEEK, Story, cancelled, components, moved, raw_object, series, told, with_changed
from pydantic import ValidationError

from services.notifier.content.letter import letter
from services.notifier.content.recurrence import recurrence
from services.notifier.delivery.outcome import Deferred, InDoubt, Outcome, Refused
from shared.contract.facts.notifier import CalendarEntry, CancelKind, Invite, Method

ENTRY = Invite.example["entry"]
TUESDAYS = [datetime(2027, 1, 12, 15, 30, tzinfo=UTC) + number * WEEK for number in range(12)]


def _instants(raw: bytes) -> list[datetime]:
    """When a reader of calendars finds something."""
    found = recurring_ical_events.of(Calendar.from_ical(raw)).between(date(2026, 1, 1), date(2040, 1, 1))
    return sorted(each["DTSTART"].dt.astimezone(UTC) for each in found)


def _held(held: CalendarEntry) -> list[datetime]:
    return sorted(each.start for each in map(held.occurrence, held.dates) if not each.cancelled)


def test_weekly_dates_are_a_rule() -> None:
    found = recurrence(TUESDAYS[:4], [])
    assert found.rule == (("FREQ", "WEEKLY"), ("INTERVAL", 1), ("COUNT", 4))
    assert (found.listed, found.left_out) == ((), ())


def test_every_other_week_and_every_other_day_are_rules() -> None:
    assert recurrence(TUESDAYS[::2], []).rule == (("FREQ", "WEEKLY"), ("INTERVAL", 2), ("COUNT", 6))
    days = [TUESDAYS[0] + timedelta(days=2 * number) for number in range(3)]
    assert recurrence(days, []).rule == (("FREQ", "DAILY"), ("INTERVAL", 2), ("COUNT", 3))


def test_weeks_that_are_left_out_are_left_out_of_the_rule() -> None:
    found = recurrence([*TUESDAYS[:2], *TUESDAYS[3:5]], [TUESDAYS[4]])
    assert dict(found.rule)["COUNT"] == 5
    assert found.left_out == (TUESDAYS[2], TUESDAYS[4])


@pytest.mark.parametrize(
    "dates",
    [
        [TUESDAYS[0], TUESDAYS[1], TUESDAYS[11]],
        [TUESDAYS[0], TUESDAYS[1] + timedelta(hours=1)],
        [TUESDAYS[0]],
    ],
)
def test_dates_without_a_rule_are_listed(dates: list[datetime]) -> None:
    found = recurrence(dates, [])
    assert (found.rule, found.listed) == ((), tuple(dates[1:]))


@settings(max_examples=60, deadline=None)
@given(
    st.sets(st.integers(0, 400), min_size=1, max_size=12),
    st.sampled_from(["Europe/London", "America/New_York", "Africa/Cairo", "Asia/Kolkata", "Australia/Lord_Howe"]),
    st.sampled_from([WEEK, timedelta(days=1), timedelta(hours=31)]),
    st.data(),
)
def test_a_reader_finds_every_date_at_its_instant_and_no_other(
    numbers: set[int], zone: str, step: timedelta, data: st.DataObject
) -> None:
    start = entry().start
    dates = tuple(start + step * number for number in sorted(numbers))
    held = entry(start=dates[0], dates=dates, zone=zone)
    off = data.draw(st.sets(st.sampled_from(dates), max_size=len(dates) - 1), label="cancelled")
    late = data.draw(st.sets(st.sampled_from(dates), max_size=3), label="moved")
    changed = [cancelled(held, dates.index(each)) for each in off]
    changed += [moved(held, dates.index(each)) for each in late - off]
    held = with_changed(held, *changed)
    assert _instants(raw_object(message(entry=held))) == _held(held)


def test_a_series_over_the_clock_change_keeps_its_wall_time_by_a_rule() -> None:
    london = [datetime(2027, 3, 16, 15, 30, tzinfo=UTC), datetime(2027, 3, 23, 15, 30, tzinfo=UTC)]
    london += [datetime(2027, 3, 30, 14, 30, tzinfo=UTC)]
    raw = raw_object(message(entry=entry(start=london[0], dates=tuple(london))))
    assert b"RRULE:FREQ=WEEKLY;COUNT=3;INTERVAL=1" in raw
    assert _instants(raw) == london


def test_a_series_in_a_zone_without_exact_rules_is_listed_in_utc_where_its_instants_are_not_weekly() -> None:
    cairo = [datetime(2027, 4, 20, 12, 0, tzinfo=UTC), datetime(2027, 4, 27, 12, 0, tzinfo=UTC)]
    cairo += [datetime(2027, 5, 4, 11, 0, tzinfo=UTC)]
    raw = raw_object(message(entry=entry(start=cairo[0], dates=tuple(cairo), zone="Africa/Cairo")))
    assert b"RRULE" not in raw
    assert _instants(raw) == cairo


def test_one_whole_object_holds_the_series_and_its_moved_dates() -> None:
    held = series()
    [master, other] = components(message(entry=with_changed(held, cancelled(held, 1), moved(held, 2))))
    assert "RECURRENCE-ID" not in master
    assert (other["RECURRENCE-ID"].dt, "RRULE" in other) == (held.dates[2], False)
    assert master["UID"] == other["UID"]


def test_a_cancelled_series_is_cancelled_as_a_whole() -> None:
    held = series()
    [event] = components(
        message(entry=with_changed(held, moved(held, 2)), method=Method.CANCEL, cancels=CancelKind.SESSION)
    )
    assert ("RECURRENCE-ID" in event, event["STATUS"]) == (False, "CANCELLED")


def test_two_changed_dates_are_told_one_after_the_other() -> None:
    held = series()
    story = told(held, "p-a")
    wanted = with_changed(held, moved(held, 1), cancelled(held, 2))
    story.wants(wanted, "p-a")
    gone = story.transmits()
    assert [(each.method, each.occurrence, each.sequence) for each in gone] == [
        (Method.REQUEST, held.dates[1], 1),
        (Method.CANCEL, held.dates[2], 2),
    ]
    assert story.sent[("p-a", SESSION)].entry_held == wanted


def test_more_changed_dates_are_one_message_about_all() -> None:
    held = series()
    story = told(held, "p-a")
    [message] = story.wants(with_changed(held, *(moved(held, number) for number in range(3))), "p-a")
    assert (message.occurrence, message.method, message.sequence) == (None, Method.REQUEST, 1)
    assert len(components(message)) == 4


def test_a_cancelled_date_that_is_held_after_all_is_told_with_the_whole_series() -> None:
    held = series()
    story = told(with_changed(held, cancelled(held, 1)), "p-a")
    [message] = story.wants(held, "p-a")
    assert (message.occurrence, message.method) == (None, Method.REQUEST)
    assert _instants(raw_object(message)) == list(held.dates)


def test_a_moved_date_that_is_held_as_usual_again_is_told_alone() -> None:
    held = series()
    story = told(with_changed(held, moved(held, 1)), "p-a")
    [message] = story.wants(held, "p-a")
    [event] = components(message)
    assert (message.method, message.occurrence) == (Method.REQUEST, held.dates[1])
    assert event["DTSTART"].dt == event["RECURRENCE-ID"].dt == held.dates[1]


def test_further_dates_are_told_with_the_whole_series() -> None:
    story = told(series(4), "p-a")
    [message] = story.wants(series(5), "p-a")
    assert (message.occurrence, message.method, message.sequence) == (None, Method.REQUEST, 1)


@pytest.mark.parametrize("outcome", [Refused("550"), Deferred("451")])
def test_after_a_date_that_surely_did_not_arrive_the_whole_series_is_told(outcome: Outcome) -> None:
    held = series()
    story = told(held, "p-a")
    [first] = story.wants(with_changed(held, moved(held, 1)), "p-a")
    story.transmit(first, outcome)
    [message] = story.wants(with_changed(held, moved(held, 1), moved(held, 2)), "p-a")
    assert (message.occurrence, message.sequence) == (None, 2)


def test_after_a_date_that_may_have_arrived_the_next_is_told_alone() -> None:
    held = series()
    story = told(held, "p-a")
    [first] = story.wants(with_changed(held, moved(held, 1)), "p-a")
    story.transmit(first, InDoubt("no answer"))
    key = ("p-a", SESSION)
    story.sent[key] = story.sent[key].after(story.sent[key].last.model_copy(update={"doubts": 2}))
    [message] = story.wants(with_changed(held, moved(held, 1), moved(held, 2)), "p-a")
    assert (message.occurrence, message.sequence) == (held.dates[2], 2)


def test_a_refresh_of_a_series_tells_all_of_it() -> None:
    held = series()
    story = told(held, "p-a")
    story.wants(with_changed(held, moved(held, 1)), "p-a")
    story.transmits()
    story.answered("p-a", None, refresh_asked_at=story.now + timedelta(minutes=1))
    [message] = story.transmits()
    assert (message.occurrence, message.sequence, len(components(message))) == (None, 1, 2)


def test_who_comes_later_gets_the_series_as_it_is_now() -> None:
    held = series()
    changed = with_changed(held, cancelled(held, 1), moved(held, 2))
    [message] = Story().wants(changed, "p-new")
    assert _instants(raw_object(message)) == _held(changed)


def test_a_letter_about_one_date_says_so_and_one_about_a_series_lists_its_dates() -> None:
    held = series()
    changed = with_changed(held, cancelled(held, 1), moved(held, 2))
    told_whole = letter(message(entry=changed), COMMUNITY, contact(), NOW, "https://x.example")
    assert "Tuesday, 19 January 2027" not in told_whole.text
    assert "- Tuesday, 26 January 2027, 16:30 to 17:30" in told_whole.text
    about_one = message(entry=changed, before=held, occurrence=held.dates[2], n=2, sequence=1)
    told_alone = letter(about_one, COMMUNITY, contact(), NOW, "https://x.example")
    assert "Only this date is meant" in told_alone.text
    assert "When, before: Tuesday, 26 January 2027, 15:30" in told_alone.text
    assert "Further dates" not in told_alone.text
    off = message(
        entry=changed, occurrence=held.dates[1], method=Method.CANCEL, cancels=CancelKind.OCCURRENCE, sequence=1
    )
    assert letter(off, COMMUNITY, contact(), NOW, "https://x.example").subject.startswith("Date cancelled: ")


@pytest.mark.parametrize(
    ("dates", "changed", "named"),
    [
        (["2027-01-19T15:30:00Z"], [], "dates"),
        (["2027-01-12T15:30:00Z", "2027-01-12T15:30:00Z"], [], "dates"),
        (["2027-01-12T15:30:00Z"], ["2027-01-13T15:30:00Z"], "changed"),
        (["2027-01-12T15:30:00Z"], ["2027-01-12T15:30:00Z"] * 2, "changed"),
    ],
)
def test_a_series_that_cannot_be_is_refused_by_name(dates: list[str], changed: list[str], named: str) -> None:
    occurrences = [{"original": each, "start": each, "minutes": 60, "location": ""} for each in changed]
    with pytest.raises(ValidationError, match=named):
        CalendarEntry.model_validate(ENTRY | {"dates": dates, "changed": occurrences})


def test_a_series_ends_with_its_last_date() -> None:
    held = series()
    assert held.ends_at() == held.dates[-1] + timedelta(hours=1)
    assert with_changed(held, moved(held, 3)).ends_at() == held.dates[-1] + timedelta(hours=2)
    assert entry().ends_at() == entry().start + timedelta(hours=1)
