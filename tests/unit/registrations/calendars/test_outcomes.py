"""What a reading changes, and when the next one is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registrations.calendars.busy_windows import KeptWindows
from services.registrations.calendars.outcomes import (
    Changed,
    Failed,
    Outcome,
    Timing,
    Unchanged,
    after,
    claimed,
    due_at,
    is_due,
    statement,
)
from services.registrations.calendars.responses import Validators
from services.registrations.imports.horizon import Horizon
from shared.contract.facts.calendars import CalendarKind, CalendarSource, ReadProblem
from shared.contract.values import Answer, DatedWindow

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
TIMING = Timing(every=timedelta(hours=1), grace=timedelta(days=7))
HORIZON = Horizon(date(2026, 11, 16), date(2028, 1, 5), "Europe/London")
BUSY = DatedWindow(answer=Answer.NO, start=NOW, end=NOW + timedelta(hours=1))
READ = Changed(KeptWindows((BUSY,), HORIZON.last), Validators('"v1"'), "abc", HORIZON, 0)
DOWN = Failed(ReadProblem.UNREACHABLE)


def connected() -> CalendarSource:
    return CalendarSource(
        person="p-001",
        source="work",
        kind=CalendarKind.ICS,
        sealed="x",
        connected=NOW,
        due=NOW,
        unknown_since=NOW,
    )


def read_at(now: datetime = NOW) -> CalendarSource:
    return after(connected(), READ, now, TIMING)


def test_a_calendar_that_was_read_is_known_and_read_again_after_about_an_hour() -> None:
    source = read_at()
    assert (source.unknown_since, source.problem, source.failures, source.etag) == (None, None, 0, '"v1"')
    assert timedelta(minutes=54) <= source.due - NOW <= timedelta(minutes=66)
    assert statement(source, (BUSY,)).windows == (BUSY,)


def test_a_calendar_that_cannot_be_read_is_unknown_since_it_last_was_and_counts_for_the_grace_period() -> None:
    source = read_at()
    hour = timedelta(hours=1)
    first = after(source, DOWN, NOW + hour, TIMING)
    second = after(first, DOWN, NOW + 2 * hour, TIMING)
    assert {first.unknown_since, second.unknown_since} == {NOW}
    assert statement(second, (BUSY,)).windows == (BUSY,)
    late = after(second, DOWN, NOW + timedelta(days=7), TIMING)
    assert (statement(late, (BUSY,)).windows, statement(late, (BUSY,)).unknown_since) == ((), NOW)


def test_when_the_grace_period_is_over_all_of_it_is_wanted_again() -> None:
    late = after(read_at(), DOWN, NOW + timedelta(days=8), TIMING)
    assert (late.etag, late.content, late.from_day) == (None, None, None)
    again = after(late, READ, NOW + timedelta(days=9), TIMING)
    assert (again.unknown_since, statement(again, (BUSY,)).windows) == (None, (BUSY,))


def test_a_calendar_that_was_never_read_is_unknown_since_it_was_connected_and_says_nothing() -> None:
    failed = after(connected(), DOWN, NOW + timedelta(minutes=1), TIMING)
    assert (failed.unknown_since, statement(failed, ()).windows) == (NOW, ())


def test_failures_are_tried_again_later_and_later_but_at_least_once_a_day() -> None:
    source, waits, now = connected(), [], NOW
    for _ in range(14):
        source = after(source, DOWN, now, TIMING)
        waits.append((source.due - now).total_seconds())
        now = source.due
    assert waits[0] < 400
    assert all(later > earlier for earlier, later in pairwise(waits[:8]))
    assert max(waits) <= 86_400 * 1.1


def test_the_end_of_the_grace_period_is_not_slept_through() -> None:
    source = read_at()
    now = NOW + timedelta(days=6, hours=23)
    failed = after(source.model_copy(update={"failures": 12}), DOWN, now, TIMING)
    assert failed.due == NOW + timedelta(days=7)


def test_a_server_that_asks_for_a_pause_gets_it_but_not_for_ever() -> None:
    asked = after(connected(), Failed(ReadProblem.SERVER_TROUBLE, 7200.0), NOW, TIMING)
    assert asked.due - NOW == timedelta(hours=2)
    greedy = after(connected(), Failed(ReadProblem.SERVER_TROUBLE, 1e12), NOW, TIMING)
    assert greedy.due - NOW <= timedelta(days=1, hours=3)


def test_the_pause_that_a_server_asked_for_is_remembered_until_it_was_read() -> None:
    asked = after(read_at(), Failed(ReadProblem.SERVER_TROUBLE, 7200.0), NOW, TIMING)
    assert asked.not_before == NOW + timedelta(hours=2)
    assert after(asked, DOWN, asked.due, TIMING).not_before is None
    assert after(asked, READ, asked.due, TIMING).not_before is None


def test_a_server_is_left_alone_also_when_the_grace_period_ends_meanwhile() -> None:
    now = NOW + timedelta(days=6, hours=23)
    asked = after(read_at(), Failed(ReadProblem.SERVER_TROUBLE, 7200.0), now, TIMING)
    assert asked.due == now + timedelta(hours=2)


def test_what_has_not_changed_says_what_it_said() -> None:
    source = after(read_at(), Unchanged(), NOW + timedelta(hours=1), TIMING)
    assert (source.etag, source.content, source.read_at) == ('"v1"', "abc", NOW + timedelta(hours=1))
    assert after(source, Unchanged(Validators('"v2"')), NOW, TIMING).etag == '"v2"'


def test_nobody_else_reads_it_until_the_claim_runs_out() -> None:
    mine = claimed(connected(), NOW, TIMING)
    assert not is_due(mine, NOW)
    assert due_at(mine) == NOW + TIMING.lease
    assert is_due(mine, NOW + TIMING.lease)


def test_what_is_disconnected_is_never_due() -> None:
    assert not is_due(connected().model_copy(update={"sealed": None}), NOW + timedelta(days=99))


OUTCOMES = st.lists(
    st.tuples(st.sampled_from([READ, Unchanged(), DOWN, Failed(ReadProblem.GONE, 60.0)]), st.integers(1, 100)),
    max_size=20,
)


@given(OUTCOMES)
def test_in_every_history_windows_count_only_while_they_were_read_within_the_grace_period(
    history: list[tuple[Outcome, int]],
) -> None:
    source, now = connected(), NOW
    last: datetime | None = None
    for outcome, hours in history:
        now += timedelta(hours=hours)
        if isinstance(outcome, Unchanged) and source.content is None:
            continue  # nobody is told "not modified" who did not say what they have
        source = after(source, outcome, now, TIMING)
        last = last if isinstance(outcome, Failed) else now
        counts = bool(statement(source, (BUSY,)).windows)
        assert counts == (last is not None and now - last < TIMING.grace)
        assert (source.unknown_since is None) == (not isinstance(outcome, Failed))
        assert source.due > now
        assert source.claimed_until is None


@pytest.mark.parametrize("source", ["work", "home"])
def test_readings_of_different_calendars_are_spread(source: str) -> None:
    others = {
        after(connected().model_copy(update={"source": f"{source}-{number}"}), READ, NOW, TIMING).due
        for number in range(20)
    }
    assert len(others) == 20
