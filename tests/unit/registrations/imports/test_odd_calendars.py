"""Calendar files as programs write them, and as somebody might who means harm; each is a file in ``calendars``."""

from __future__ import annotations

import resource
import time
from datetime import date
from pathlib import Path

import pytest

from services.registrations.imports.drafts import UnreadableFileError
from services.registrations.imports.horizon import Horizon
from services.registrations.imports.timetable_ics import Timetable, read_busy, read_timetable

FILES = Path(__file__).parent / "calendars"
YEAR = Horizon(date(2027, 1, 1), date(2027, 12, 31), "Europe/London")


def read(name: str, zone: str = "Europe/London") -> Timetable:
    return read_timetable(name, (FILES / name).read_bytes(), Horizon(YEAR.first, YEAR.last, zone))


def told(timetable: Timetable) -> list[str]:
    return [f"{each.answer} {each.start:%m-%d %H:%M} to {each.end:%m-%d %H:%M}" for each in timetable.windows]


def faults(timetable: Timetable) -> list[str]:
    return [each.field for each in timetable.problems]


def test_whole_days_are_busy_from_midnight_to_midnight_unless_they_are_transparent() -> None:
    assert told(read("whole_days.ics")) == ["no 05-31 23:00 to 06-01 23:00", "no 06-02 23:00 to 06-03 23:00"]


def test_floating_times_are_by_the_persons_own_clocks_over_a_clock_change() -> None:
    starts = [f"{each.start:%m-%d %H:%M}" for each in read("floating.ics").windows]
    assert starts == ["03-01 10:30", "03-08 10:30", "03-15 10:30", "03-22 10:30", "03-29 09:30", "04-05 09:30"]
    assert f"{read('floating.ics', 'Asia/Dubai').windows[0].start:%m-%d %H:%M}" == "03-01 06:30"


def test_outlooks_zones_and_its_own_word_for_busy_are_understood() -> None:
    timetable = read("outlook.ics")
    assert told(timetable) == [
        "no 03-29 07:00 to 03-29 08:00",
        "no 03-30 08:00 to 03-30 09:00",
        "if-need-be 03-31 03:30 to 03-31 04:30",
        "no 04-02 07:00 to 04-02 08:00",
    ]
    assert faults(timetable) == []


def test_googles_free_busy_has_instances_without_their_series() -> None:
    assert told(read("google_free_busy.ics")) == [
        "no 01-12 09:00 to 01-12 10:00",
        "no 01-19 11:00 to 01-19 12:00",
        "no 01-26 00:00 to 01-27 00:00",
    ]


def test_an_exdate_in_any_zone_takes_out_the_instance_at_that_instant() -> None:
    assert [each[3:8] for each in told(read("exdate_zones.ics"))] == ["03-29", "04-26"]


def test_a_rule_without_end_is_followed_as_far_as_the_dates_go() -> None:
    timetable = read("endless.ics")
    assert [each for each in told(timetable) if "18:00" in each][:2] == [
        "no 01-26 18:00 to 01-26 20:00",
        "no 02-23 18:00 to 02-23 20:00",
    ]
    assert len(timetable.windows) == 365 + 12


def test_status_cancelled_is_free_and_tentative_is_if_need_be() -> None:
    assert told(read("cancelled_and_tentative.ics")) == [
        "no 01-12 09:00 to 01-12 10:00",
        "if-need-be 01-12 09:30 to 01-12 13:00",
    ]


def test_free_busy_periods_count_by_their_type() -> None:
    timetable = read("free_busy.ics")
    assert told(timetable) == [
        "no 01-12 09:00 to 01-12 10:00",
        "no 01-12 11:00 to 01-12 11:30",
        "no 01-13 00:00 to 01-14 00:00",
        "if-need-be 01-14 09:00 to 01-14 10:00",
        "no 01-16 09:00 to 01-16 10:00",
    ]
    assert faults(timetable) == ["FREEBUSY"]


def test_times_that_a_clock_change_skips_or_repeats_are_placed() -> None:
    # The hour from 01:00 is skipped on 28 March and comes twice on 31 October.
    assert told(read("clock_changes.ics")) == [
        "no 03-28 00:30 to 03-28 01:00",
        "no 03-28 01:30 to 03-28 02:00",
        "no 10-31 00:30 to 10-31 02:30",
    ]


def test_rules_that_would_cost_without_bound_are_named_and_the_honest_lesson_is_kept() -> None:
    began, used = time.process_time(), _megabytes()
    timetable = read("bombs.ics")
    assert told(timetable) == ["no 01-12 09:00 to 01-12 10:00"]
    assert faults(timetable) == ["RRULE"] * 5
    assert time.process_time() - began < 20  # two of them are stopped after a while
    assert _megabytes() - used < 200


def test_a_position_that_no_set_reaches_ends_after_a_while_and_costs_nothing_else() -> None:
    began = time.process_time()
    assert "no 01-12 09:00 to 01-12 10:00" in told(read("never_matching.ics"))
    assert time.process_time() - began < 20


def test_a_file_full_of_costly_rules_is_given_up_soon() -> None:
    never = "DTSTART:00010101T090000Z\r\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
    event = f"BEGIN:VEVENT\r\nUID:{{}}\r\n{never}\r\nEND:VEVENT\r\n"
    content = f"BEGIN:VCALENDAR\r\n{''.join(event.format(number) for number in range(500))}END:VCALENDAR\r\n"
    began = time.process_time()
    with pytest.raises(UnreadableFileError, match="takes too long"):
        read_busy(content.encode(), YEAR)
    assert time.process_time() - began < 40


@pytest.mark.parametrize("kind", ["VALARM", "VEVENT", "X-NEST"])
def test_components_nested_without_end_are_read_in_one_pass(kind: str) -> None:
    nested = f"BEGIN:{kind}\r\n" * 100_000 + f"END:{kind}\r\n" * 100_000
    lesson = "DTSTART:20270112T090000Z\r\nDTEND:20270112T100000Z\r\n"
    content = f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n{lesson}{nested}END:VEVENT\r\nEND:VCALENDAR\r\n".encode()
    began = time.process_time()
    if kind == "VEVENT":
        # An entry within an entry is one that lost its end; a hundred thousand of them are no calendar.
        with pytest.raises(UnreadableFileError):
            read_busy(content, YEAR)
    else:
        assert len(read_busy(content, YEAR).no) == 1
    assert time.process_time() - began < 10


def test_ten_megabytes_of_the_past_are_read_for_what_is_still_to_come() -> None:
    entry = "BEGIN:VEVENT\r\nUID:{}\r\nSUMMARY:{}\r\nDTSTART:{}T090000Z\r\nDTEND:{}T100000Z\r\nEND:VEVENT\r\n"
    days = [f"{year}{month:02}{day:02}" for year in range(2000, 2028) for month in range(1, 13) for day in range(1, 29)]
    content = "".join(entry.format(day, "x" * 900, day, day) for day in days)
    began = time.process_time()
    found = read_busy(f"BEGIN:VCALENDAR\r\n{content}END:VCALENDAR\r\n".encode(), YEAR)
    assert 9_000_000 < len(content) <= 10 * 1024 * 1024
    assert (len(found.no), found.faults) == (12 * 28, ())
    assert time.process_time() - began < 20


def test_one_line_of_megabytes_is_read_in_one_pass() -> None:
    folded = "SUMMARY:" + "\r\n ".join(["x" * 70] * 60_000)
    long = "DTSTART:20270112T090000Z\r\n" + folded + "\r\nDTEND:20270112T100000Z"
    began = time.process_time()
    found = read_busy(f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{long}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n".encode(), YEAR)
    assert len(found.no) == 1
    assert time.process_time() - began < 10


def test_a_date_list_folded_over_thousands_of_lines_is_reported_not_read() -> None:
    dates = ",\r\n ".join("20270112T090000Z" for _ in range(100_000))
    began = time.process_time()
    with_dates = f"DTSTART:20270112T090000Z\r\nDTEND:20270112T100000Z\r\nEXDATE:{dates}"
    lesson = "BEGIN:VEVENT\r\nDTSTART:20270113T090000Z\r\nDTEND:20270113T100000Z\r\nEND:VEVENT\r\n"
    long = f"BEGIN:VEVENT\r\n{with_dates}\r\nEND:VEVENT\r\n"
    found = read_busy(f"BEGIN:VCALENDAR\r\n{long}{lesson}END:VCALENDAR\r\n".encode(), YEAR)
    assert (len(found.no), [each.problem for each in found.faults]) == (1, ["has a line that is too long"])
    assert time.process_time() - began < 10


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
