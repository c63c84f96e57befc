"""What stands after each further message of one person about one session."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.replies.incoming import (
    AttendeeCancel,
    Counter,
    Itip,
    ItipAnswer,
    Letterhead,
    Refresh,
    Reply,
)
from services.notifier.replies.standing import Change, Invited, after, decided, told
from shared.contract.facts.replies import Answered, CounterState, PartStat, ReplyWay

NOW = datetime(2026, 12, 2, 10, tzinfo=UTC)
START = datetime(2027, 1, 12, 15, 30, tzinfo=UTC)
INVITED = Invited("ben", "drawing", 3, START)
YES = ItipAnswer("drawing@n.example", partstat=PartStat.ACCEPTED, sequence=3, stamp=NOW - timedelta(hours=1))
NO = replace(YES, partstat=PartStat.DECLINED, stamp=NOW - timedelta(minutes=30))


def send(
    known: Answered | None,
    answer: ItipAnswer,
    kind: type[Itip] = Reply,
    *,
    now: datetime = NOW,
    written: datetime | None = None,
    invited: Invited = INVITED,
) -> Change:
    return after(known, invited, kind(Letterhead(date=written), (answer,)), answer, now)


def test_p6_a_reply_says_who_answered_what_about_which_time() -> None:
    change = send(None, replace(YES, comment="Gladly"))
    assert change.what == "answered"
    expected = {"partstat": "accepted", "start": START, "sequence": 3, "stamp": YES.stamp, "at": NOW, "via": "mail"}
    assert {name: getattr(change.state, name) for name in expected} == expected
    assert change.state.comment == "Gladly"


def test_a_no_in_a_calendar_is_kept_until_that_calendar_says_otherwise() -> None:
    no = send(None, NO).state
    by_link = told(no, INVITED, PartStat.ACCEPTED, ReplyWay.LINK, None, NOW).state
    assert (no.declined_in_calendar, by_link.partstat, by_link.declined_in_calendar) == (3, PartStat.ACCEPTED, 3)
    yes = send(by_link, replace(YES, stamp=NOW + timedelta(minutes=1)), now=NOW + timedelta(minutes=2)).state
    assert yes.declined_in_calendar is None
    assert told(None, INVITED, PartStat.DECLINED, ReplyWay.LINK, None, NOW).state.declined_in_calendar is None


def test_b1_a_lower_sequence_is_obsolete() -> None:
    change = send(None, replace(YES, sequence=2))
    assert (change.what, change.state.obsolete, change.state.partstat) == ("obsolete", 1, None)


def test_b1_an_older_dtstamp_than_the_last_reply_is_obsolete() -> None:
    standing = send(None, NO).state
    change = send(standing, YES)
    assert (change.what, change.state.obsolete, change.state.partstat) == ("obsolete", 1, PartStat.DECLINED)


def test_b1_the_last_dtstamp_wins_and_an_equal_one_by_arrival() -> None:
    assert send(send(None, YES).state, NO).state.partstat is PartStat.DECLINED
    assert send(send(None, NO).state, replace(YES, stamp=NO.stamp)).state.partstat is PartStat.ACCEPTED


def test_b1_an_answer_to_a_newer_state_counts_whatever_its_dtstamp() -> None:
    moved = replace(INVITED, sequence=4, start=START + timedelta(days=1))
    change = send(send(None, NO).state, replace(YES, sequence=4), invited=moved)
    assert (change.what, change.state.partstat, change.state.start) == ("answered", PartStat.ACCEPTED, moved.start)


def test_a_calendar_that_raised_the_sequence_itself_is_heard_now_and_later() -> None:
    standing = send(None, replace(YES, sequence=9)).state
    assert standing.sequence == 3
    assert send(standing, NO).state.partstat is PartStat.DECLINED


def test_a_clock_that_is_ahead_silences_no_later_answer() -> None:
    ahead = send(None, replace(YES, stamp=NOW + timedelta(days=400))).state
    assert ahead.stamp == NOW
    later = NOW + timedelta(minutes=5)
    assert send(ahead, replace(NO, stamp=later), now=later).state.partstat is PartStat.DECLINED


@pytest.mark.parametrize(("written", "stamp"), [(NOW - timedelta(hours=2), NOW - timedelta(hours=2)), (None, NOW)])
def test_without_dtstamp_the_date_of_the_mail_or_its_arrival_counts(written: datetime | None, stamp: datetime) -> None:
    assert send(None, replace(YES, stamp=None), written=written).state.stamp == stamp


def test_without_sequence_an_answer_is_about_the_present_state() -> None:
    assert send(None, replace(YES, sequence=None)).state.sequence == 3


def test_b7_delegated_is_noted_with_the_delegate_and_forgotten_with_the_next_answer() -> None:
    delegated = replace(YES, partstat=PartStat.DELEGATED, delegate="cleo@lakeside.example")
    standing = send(None, delegated).state
    assert (standing.partstat, standing.delegate) == (PartStat.DELEGATED, "cleo@lakeside.example")
    assert send(standing, replace(NO, delegate="x@y.example")).state.delegate is None


def test_p9_an_answer_for_the_one_occurrence_there_is_counts() -> None:
    assert send(None, replace(YES, recurrence=START)).what == "answered"


def test_p10_an_answer_for_another_occurrence_changes_nothing() -> None:
    change = send(None, replace(YES, recurrence=START + timedelta(days=7)))
    assert (change.what, change.state.partstat, change.state.ignored) == ("ignored", None, 1)


def test_an_answer_without_partstat_changes_nothing() -> None:
    assert send(send(None, NO).state, replace(YES, partstat=None)).state.partstat is PartStat.DECLINED


def test_b8_counter_and_refresh_leave_the_answer_alone() -> None:
    standing = send(None, YES).state
    proposal = replace(NO, start=START + timedelta(hours=1), minutes=30, comment="Later?")
    countered = send(standing, proposal, Counter)
    assert countered.what == "countered"
    assert countered.state.counter is not None
    assert (countered.state.counter.start, countered.state.counter.state) == (proposal.start, CounterState.OPEN)
    asked = send(countered.state, YES, Refresh)
    assert (asked.what, asked.state.refresh_asked_at) == ("refresh-asked", NOW)
    assert asked.state.partstat is PartStat.ACCEPTED
    assert asked.state.counter == countered.state.counter


def test_b8_a_counter_is_decided_once() -> None:
    countered = send(None, YES, Counter).state
    change = decided(countered, CounterState.DECLINED, NOW)
    assert change is not None
    assert change.state.counter is not None
    assert (change.state.counter.state, change.state.counter.decided_at) == (CounterState.DECLINED, NOW)
    assert decided(change.state, CounterState.TAKEN_UP, NOW) is None
    assert decided(send(None, YES).state, CounterState.DECLINED, NOW) is None


def test_a_cancel_by_an_attendee_is_noted_and_ignored() -> None:
    change = send(send(None, YES).state, NO, AttendeeCancel)
    assert (change.what, change.state.partstat, change.state.ignored) == ("ignored", PartStat.ACCEPTED, 1)


def test_an_answer_by_link_is_about_the_present_state_and_its_words_are_cleaned() -> None:
    change = told(None, INVITED, PartStat.DECLINED, ReplyWay.LINK, "line\nbreak\x00", NOW)
    assert (change.state.sequence, change.state.stamp, change.state.comment) == (3, NOW, "line break")


@given(
    st.lists(
        st.tuples(st.sampled_from(list(PartStat)), st.integers(0, 5), st.one_of(st.none(), st.integers(-60, 60))),
        max_size=12,
    ),
    st.integers(0, 3),
)
def test_b1_whatever_comes_the_latest_answer_to_the_present_state_stands(
    given_answers: list[tuple[PartStat, int, int | None]], present: int
) -> None:
    invited = replace(INVITED, sequence=present)
    state: Answered | None = None
    best: tuple[datetime, PartStat] | None = None
    for number, (partstat, sequence, minutes) in enumerate(given_answers):
        now = NOW + timedelta(hours=number)
        stamp = now + timedelta(minutes=minutes) if minutes is not None else None
        answer = ItipAnswer("u", partstat=partstat, sequence=sequence, stamp=stamp)
        state = send(state, answer, now=now, invited=invited).state
        effective = min(stamp or now, now)
        if sequence >= present and (best is None or effective >= best[0] or sequence > present):
            best = (effective, partstat)
    assert (state.partstat if state is not None else None) == (best[1] if best is not None else None)
    assert state is None or state.sequence <= present


def test_a_calendar_that_asks_because_of_each_answer_is_not_mailed_for_ever() -> None:
    first = send(None, YES, Refresh)
    again = send(first.state, YES, Refresh, now=NOW + timedelta(minutes=9))
    assert (again.what, again.state.refresh_asked_at) == ("ignored", NOW)
    later = send(again.state, YES, Refresh, now=NOW + timedelta(minutes=10))
    assert later.what == "refresh-asked"
