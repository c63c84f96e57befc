"""Windows said in words mean the same windows when they are read back."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from shared.availability.saying import said
from shared.availability.words import hear
from shared.contract.values import Answer, DatedWindow, Weekday, WeeklyWindow

TODAY = date(2026, 12, 1)
LONDON = "Europe/London"
DAYS = st.dates(TODAY, TODAY + timedelta(days=700))
# Bare morning hours before six are ambiguous only without minutes; these have them.
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))


@st.composite
def weekly(draw: st.DrawFn) -> WeeklyWindow:
    first, last = sorted((draw(DAYS), draw(DAYS)))
    start, end = draw(TIMES), draw(TIMES)
    if end <= start:
        start, end = (time(), time()) if start == end else (end, start)
    left_out = draw(st.sets(st.dates(first, last), max_size=3))
    weekdays = draw(st.sets(st.sampled_from(list(Weekday)), min_size=1))
    if first == last:
        weekdays = {Weekday.of(first)}
    return WeeklyWindow(
        answer=draw(st.sampled_from(list(Answer))),
        weekdays=tuple(each for each in Weekday if each in weekdays),
        start=start,
        end=end,
        zone=LONDON,
        first=first,
        last=last,
        except_dates=tuple(sorted(left_out)),
    )


@given(st.lists(weekly(), min_size=1, max_size=5))
def test_weekly_windows_are_read_back_as_they_were(windows: list[WeeklyWindow]) -> None:
    heard = hear(said(windows, LONDON, TODAY), zone=LONDON, today=TODAY)
    assert heard.problems == ()
    assert list(heard.windows) == windows


def test_a_dated_window_is_told_by_the_readers_clocks() -> None:
    start = datetime(2027, 7, 1, 9, tzinfo=ZoneInfo(LONDON))
    window = DatedWindow(answer=Answer.NO, start=start, end=start + timedelta(hours=2))
    assert said([window], LONDON, TODAY) == "not 2027-07-01 09:00-11:00"
    assert said([window], "Europe/Berlin", TODAY, with_answers=False) == "2027-07-01 10:00-12:00"


def test_what_is_past_is_not_told() -> None:
    past = WeeklyWindow(
        answer=Answer.YES,
        weekdays=(Weekday.MON,),
        start=time(9),
        end=time(10),
        zone=LONDON,
        first=TODAY - timedelta(days=30),
        last=TODAY - timedelta(days=1),
    )
    assert said([past], LONDON, TODAY) == ""
    assert said([past], LONDON, past.last) != ""
