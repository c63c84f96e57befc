from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registrations.imports.drafts import UnreadableFileError
from services.registrations.imports.horizon import Horizon
from services.registrations.imports.timetable_ics import Timetable, read_timetable
from shared.contract.values import Answer

TERM = Horizon(date(2027, 1, 5), date(2027, 4, 30), "Europe/London")
DUBAI = Horizon(date(2027, 1, 5), date(2027, 4, 30), "Asia/Dubai")
NINE_TO_TEN = ("DTSTART;TZID=Europe/London:20270112T090000", "DTEND;TZID=Europe/London:20270112T100000")


def event(*lines: str, uid: str = "lesson") -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT", ""])


def calendar(*events: str, head: str = "") -> bytes:
    start = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n{head}"
    return f"{start}{''.join(events)}END:VCALENDAR\r\n".encode()


def read(*events: str, head: str = "", horizon: Horizon = TERM) -> Timetable:
    return read_timetable("p-001.ics", calendar(*events, head=head), horizon)


def starts(timetable: Timetable) -> list[str]:
    return [window.start.strftime("%m-%d %H:%M") for window in timetable.windows]


def faults(timetable: Timetable) -> list[tuple[str, int]]:
    return [(problem.field, problem.line) for problem in timetable.problems]


def test_a_lesson_is_busy_time() -> None:
    [window] = read(event(*NINE_TO_TEN)).windows

    assert window.answer is Answer.NO
    assert (window.start, window.end) == (datetime(2027, 1, 12, 9, tzinfo=UTC), datetime(2027, 1, 12, 10, tzinfo=UTC))


def test_a_weekly_lesson_keeps_its_local_time_over_the_clock_change() -> None:
    lesson = event(
        "DTSTART;TZID=Europe/London:20270323T090000",
        "DURATION:PT50M",
        "RRULE:FREQ=WEEKLY;UNTIL=20270406T080000Z",
    )

    assert starts(read(lesson)) == ["03-23 09:00", "03-30 08:00", "04-06 08:00"]


def test_count_and_exdate_with_tzid_are_followed() -> None:
    lesson = event(*NINE_TO_TEN, "RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE;TZID=Europe/London:20270119T090000")

    assert starts(read(lesson)) == ["01-12 09:00", "01-26 09:00", "02-02 09:00"]


def test_an_exdate_in_utc_or_as_a_date_takes_the_lesson_out_too() -> None:
    lesson = event(*NINE_TO_TEN, "RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE:20270119T090000Z", "EXDATE;VALUE=DATE:20270126")

    assert starts(read(lesson)) == ["01-12 09:00", "02-02 09:00"]


def test_a_moved_lesson_is_busy_where_it_moved_to() -> None:
    series = event(*NINE_TO_TEN, "RRULE:FREQ=WEEKLY;COUNT=2")
    moved = event(
        "RECURRENCE-ID;TZID=Europe/London:20270119T090000",
        "DTSTART;TZID=Europe/London:20270120T140000",
        "DTEND;TZID=Europe/London:20270120T150000",
    )

    assert starts(read(series, moved)) == ["01-12 09:00", "01-20 14:00"]


def test_a_changed_lesson_without_its_series_stands_alone() -> None:
    orphan = event(*NINE_TO_TEN, "RECURRENCE-ID;TZID=Europe/London:20270111T090000")

    assert starts(read(orphan)) == ["01-12 09:00"]


def test_a_cancelled_lesson_of_a_series_is_free() -> None:
    series = event(*NINE_TO_TEN, "RRULE:FREQ=WEEKLY;COUNT=2")
    cancelled = event(*NINE_TO_TEN, "RECURRENCE-ID;TZID=Europe/London:20270112T090000", "STATUS:CANCELLED")

    assert starts(read(series, cancelled)) == ["01-19 09:00"]


@pytest.mark.parametrize("line", ["TRANSP:TRANSPARENT", "transp:transparent", "STATUS:CANCELLED"])
def test_transparent_and_cancelled_entries_are_not_busy(line: str) -> None:
    assert read(event(*NINE_TO_TEN, line)).windows == ()


def test_a_whole_day_is_busy_from_midnight_to_midnight_of_the_given_zone() -> None:
    [window] = read(event("DTSTART;VALUE=DATE:20270112"), horizon=DUBAI).windows

    assert (window.start.isoformat(), window.end.isoformat()) == (
        "2027-01-11T20:00:00+00:00",
        "2027-01-12T20:00:00+00:00",
    )


def test_a_whole_day_birthday_that_is_transparent_is_free() -> None:
    birthday = event("DTSTART;VALUE=DATE:19800112", "RRULE:FREQ=YEARLY", "TRANSP:TRANSPARENT")

    assert read(birthday).windows == ()


def test_times_without_a_zone_are_local_to_the_given_zone() -> None:
    floating = event("DTSTART:20270112T090000", "DTEND:20270112T100000", "RRULE:FREQ=WEEKLY;COUNT=2")

    assert starts(read(floating, horizon=DUBAI)) == ["01-12 05:00", "01-19 05:00"]


def test_the_calendars_own_zone_comes_before_the_given_one() -> None:
    floating = event("DTSTART:20270112T090000", "DTEND:20270112T100000")

    assert starts(read(floating, head="X-WR-TIMEZONE:Asia/Dubai\r\n")) == ["01-12 05:00"]


def test_a_calendar_zone_that_nobody_knows_is_reported_and_the_given_one_holds() -> None:
    timetable = read(event("DTSTART:20270112T090000", "DTEND:20270112T100000"), head="X-WR-TIMEZONE:Nowhere/Land\r\n")

    assert starts(timetable) == ["01-12 09:00"]
    assert [field for field, _ in faults(timetable)] == ["X-WR-TIMEZONE"]


@pytest.mark.parametrize("name", ["GMT Standard Time", "/maker.example/20260901/Europe/London", "Europe/London"])
def test_zone_names_of_other_makers_are_understood(name: str) -> None:
    lesson = event(f"DTSTART;TZID={name}:20270412T090000", f"DTEND;TZID={name}:20270412T100000")

    assert starts(read(lesson)) == ["04-12 08:00"]


SCHOOL_ZONE = """BEGIN:VTIMEZONE
TZID:School Time
BEGIN:STANDARD
DTSTART:20000101T000000
TZOFFSETFROM:+0300
TZOFFSETTO:+0300
END:STANDARD
END:VTIMEZONE
""".replace("\n", "\r\n")
SCHOOL_LESSON = event("DTSTART;TZID=School Time:20270112T090000", "DTEND;TZID=School Time:20270112T100000")


def test_a_zone_that_the_file_defines_is_used_wherever_it_stands_in_the_file() -> None:
    assert starts(read(SCHOOL_LESSON, SCHOOL_ZONE)) == ["01-12 06:00"]


def test_a_zone_that_another_file_defined_is_unknown_here_and_read_as_local_time() -> None:
    read(SCHOOL_ZONE, SCHOOL_LESSON)
    timetable = read(SCHOOL_LESSON)

    assert starts(timetable) == ["01-12 09:00"]
    assert faults(timetable) == [("TZID", 4)]


def test_folded_lines_and_bare_line_feeds_are_read() -> None:
    content = calendar(event("DTSTART;TZID=Europe/Lon\r\n don:20270112T090000", "DURATION:PT\r\n 1H"))

    assert starts(read_timetable("p.ics", content.replace(b"\r\n", b"\n"), TERM)) == ["01-12 09:00"]


def test_lessons_that_touch_or_overlap_become_one_window() -> None:
    second = event("DTSTART:20270112T100000Z", "DTEND:20270112T110000Z", uid="second")

    [window] = read(event(*NINE_TO_TEN), second).windows
    assert window.end == datetime(2027, 1, 12, 11, tzinfo=UTC)


def test_only_time_within_the_horizon_counts() -> None:
    for_ever = event("DTSTART:20200107T090000Z", "DTEND:20200107T100000Z", "RRULE:FREQ=WEEKLY")
    over_the_edge = event("DTSTART;VALUE=DATE:20270429", "DTEND;VALUE=DATE:20270510", uid="away")
    windows = read(for_ever, over_the_edge).windows

    assert windows[0].start == datetime(2027, 1, 5, 9, tzinfo=UTC)
    assert windows[-1].end == datetime(2027, 4, 30, 23, tzinfo=UTC)


def test_an_entry_that_takes_no_time_is_not_busy() -> None:
    assert read(event("DTSTART:20270112T090000Z")).windows == ()


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        (["DTSTART:banana"], "DTSTART"),
        (["SUMMARY:no start"], "DTSTART"),
        (["DTSTART:20270112T090000Z", "DTSTART:20270113T090000Z"], "DTSTART"),
        (["DTSTART:20270112T090000Z", "DTEND:20270112T080000Z"], "DTEND"),
        ([*NINE_TO_TEN, "RRULE:FREQ=SOMETIMES"], "RRULE"),
        ([*NINE_TO_TEN, "RRULE:FREQ=SECONDLY"], "RRULE"),
        ([*NINE_TO_TEN, "RRULE:FREQ=WEEKLY;INTERVAL=0"], "RRULE"),
        ([*NINE_TO_TEN, "RRULE:FREQ=DAILY;BYMINUTE=0,1,2,3"], "RRULE"),
        ([*NINE_TO_TEN, "RRULE:FREQ=WEEKLY;COUNT=-1"], "VEVENT"),
    ],
)
def test_one_odd_entry_is_reported_and_the_rest_is_kept(lines: list[str], field: str) -> None:
    timetable = read(event(*lines, uid="odd"), event(*NINE_TO_TEN))

    assert starts(timetable) == ["01-12 09:00"]
    assert faults(timetable) == [(field, 4)]


def test_an_entry_without_end_is_reported_and_the_next_one_is_kept() -> None:
    timetable = read("BEGIN:VEVENT\r\nUID:open\r\nDTSTART:20270113T090000Z\r\n", event(*NINE_TO_TEN))

    assert starts(timetable) == ["01-12 09:00"]
    assert faults(timetable) == [("VEVENT", 4)]


def test_an_exdate_that_cannot_be_read_costs_no_lesson() -> None:
    timetable = read(event(*NINE_TO_TEN, "RRULE:FREQ=WEEKLY;COUNT=2", "EXDATE:someday"))

    assert starts(timetable) == ["01-12 09:00", "01-19 09:00"]
    assert faults(timetable) == [("EXDATE", 4)]


def test_problems_never_repeat_what_the_calendar_says() -> None:
    [problem] = read(event("DTSTART:visit to the clinic", uid="private"), event(*NINE_TO_TEN)).problems

    assert "clinic" not in str(problem)


def test_alarms_and_other_components_inside_do_not_disturb() -> None:
    alarm = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nEND:VALARM"

    assert starts(read("BEGIN:VTODO\r\nUID:x\r\nEND:VTODO\r\n", event(*NINE_TO_TEN, alarm))) == ["01-12 09:00"]


def test_an_empty_calendar_has_no_busy_time() -> None:
    assert read() == Timetable((), ())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html>Please sign in</html>", "is not a calendar"),
        (b"", "is not a calendar"),
        (b"BEGIN:VCALENDAR\r\n" + b"X" * 10 * 1024 * 1024, "is too large"),
        (calendar(event("DTSTART:20270112T090000Z") * 5001), "has too many entries"),
        (calendar(event("SUMMARY:nothing")), "has no entry that can be read"),
        (
            calendar(*(event("DTSTART:20270101T090000Z", "RRULE:FREQ=DAILY", uid=str(n)) for n in range(180))),
            "has too many entries on these dates",
        ),
    ],
)
def test_a_file_that_is_too_much_or_no_calendar_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(UnreadableFileError, match=said):
        read_timetable("p-001.ics", content, TERM)


def test_more_busy_times_than_a_statement_may_hold_are_refused_rather_than_cut() -> None:
    times = ",".join(
        f"2027{month:02}{day:02}T{hour:02}0000Z"
        for month in (2, 3, 4)
        for day in range(1, 29)
        for hour in range(0, 24, 2)
    )

    with pytest.raises(UnreadableFileError, match="too many separate busy times"):
        read(event("DTSTART:20270201T000000Z", "DURATION:PT1H", f"RDATE:{times}"))


LINES = st.sampled_from(
    [
        "BEGIN:VEVENT",
        "END:VEVENT",
        "BEGIN:VTIMEZONE",
        "END:VTIMEZONE",
        "TZID:School Time",
        "UID:a",
        "DTSTART:20270112T090000Z",
        "DTSTART;TZID=School Time:20270112T090000",
        "DTSTART;VALUE=DATE:20270112",
        "DTEND:20270112T090000",
        "DURATION:-P1D",
        "RRULE:FREQ=WEEKLY;BYDAY=XX",
        "RRULE:FREQ=DAILY;INTERVAL=0",
        "RDATE;VALUE=PERIOD:20270112T090000Z/PT1H",
        "EXDATE:nonsense",
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20270119T090000Z",
        "SEQUENCE:many",
        " folded",
        ":",
    ]
)


@given(st.lists(LINES, max_size=14))
def test_no_order_of_lines_makes_the_reader_fail_otherwise(lines: list[str]) -> None:
    with suppress(UnreadableFileError):
        read("\r\n".join([*lines, ""]))
