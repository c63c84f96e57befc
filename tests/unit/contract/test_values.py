"""The small types: texts, zones, instants, windows."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.contract.values import (
    Address,
    Answer,
    DatedWindow,
    DateSpan,
    Id,
    Instant,
    Line,
    Prose,
    Weekday,
    WeeklyWindow,
    Zone,
    new_id,
)
from shared.time.intervals import Interval
from shared.time.zones import known_zones, zone

LONDON, DUBAI = "Europe/London", "Asia/Dubai"
SPRING_FORWARD, FALL_BACK = date(2027, 3, 28), date(2027, 10, 31)
CHANGES = st.sampled_from([SPRING_FORWARD, FALL_BACK])
WALL_TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
ZONES = st.sampled_from([LONDON, "Africa/Cairo", "America/Santiago", "Australia/Lord_Howe", "Asia/Beirut", DUBAI])


def valid(annotation: Any, value: object) -> bool:
    try:
        TypeAdapter(annotation).validate_python(value)
    except ValidationError:
        return False
    return True


def weekly(day: date, start: str, end: str, zone: str = LONDON) -> list[Interval]:
    window = WeeklyWindow(
        answer=Answer.NO, weekdays=tuple(Weekday), start=start, end=end, zone=zone, first=day, last=day
    )
    return list(window.intervals(day, day))


def utc(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


@given(st.characters(categories=("Cc", "Cs", "Zl", "Zp")), st.sampled_from(["{}x", "x{}x", "x{}"]))
def test_control_characters_are_refused_wherever_they_are_not_stripped(character: str, form: str) -> None:
    text = form.format(character)
    if text.strip() == text and character not in "\n\t":
        assert not valid(Prose, text)
    if character in text.strip():
        assert not valid(Line, text)


@given(st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=200))
def test_printable_text_of_every_script_is_taken(text: str) -> None:
    assert valid(Line, text)
    assert valid(Prose, f"{text}\n\t{text}")


@pytest.mark.parametrize("text", ["", " ", "\n", "x" * 201, "a\u2028b", "a\x00b", "a\nb", "a\tb"])
def test_lines_that_are_refused(text: str) -> None:
    assert not valid(Line, text)


@pytest.mark.parametrize("text", ["p-001", "a", "0" * 64, "01jd3x7q5v9k2m8n4p6r1s0t3w"])
def test_ids(text: str) -> None:
    assert valid(Id, text)


@pytest.mark.parametrize("text", ["", "A", "a b", "a.b", "a\n", "ä", "*", ">", "0" * 65, "a_b"])
def test_ids_that_are_refused(text: str) -> None:
    assert not valid(Id, text)


@pytest.mark.parametrize("text", ["amara@hillside.example", "a.b+c@x-y.example", "  o'neill@a.example "])
def test_addresses(text: str) -> None:
    assert valid(Address, text)


@pytest.mark.parametrize(
    "text",
    [
        "nowhere",
        "a@b",
        "a b@c.example",
        "a@b.example\r\nBcc: x@y.example",
        "a@b@c.example",
        "<a@b.example>",
        "ä@b.example",
        "@b.example",
        f"{'a' * 65}@b.example",
    ],
)
def test_addresses_that_are_refused(text: str) -> None:
    assert not valid(Address, text)


def test_zones_are_those_of_iana() -> None:
    assert {LONDON, DUBAI, "UTC"} <= known_zones()
    assert valid(Zone, LONDON)
    for name in ("Mars/Base", "", "../../etc/passwd", "Europe", "europe/london", "/usr/share/zoneinfo/UTC"):
        assert not valid(Zone, name)


@given(st.datetimes(timezones=st.timezones()))
def test_instants_become_utc_and_stay_the_same_instant(moment: datetime) -> None:
    try:
        expected = moment.astimezone(UTC)
    except OverflowError:
        assert not valid(Instant, moment)
        return
    read = TypeAdapter(Instant).validate_python(moment)
    assert read == expected
    assert read.tzinfo is UTC


@pytest.mark.parametrize(
    "text", ["2027-01-12T09:00:00", "noon", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"]
)
def test_instants_that_are_refused(text: str) -> None:
    assert not valid(Instant, text)


def test_a_window_keeps_its_local_time_when_the_clock_changes() -> None:
    saturday, monday = SPRING_FORWARD - timedelta(days=1), SPRING_FORWARD + timedelta(days=1)
    assert weekly(saturday, "15:30", "17:00") == [Interval(utc(saturday, 15, 30), utc(saturday, 17))]
    assert weekly(monday, "15:30", "17:00") == [Interval(utc(monday, 14, 30), utc(monday, 16))]
    assert weekly(monday, "15:30", "17:00", DUBAI) == [Interval(utc(monday, 11, 30), utc(monday, 13))]


def test_a_whole_day_has_as_many_hours_as_the_clock_gives_it() -> None:
    (short,), (long,) = weekly(SPRING_FORWARD, "00:00", "00:00"), weekly(FALL_BACK, "00:00", "00:00")
    assert short.end - short.start == timedelta(hours=23)
    assert long.end - long.start == timedelta(hours=25)


def test_a_window_whose_start_the_clock_skips_keeps_its_end_and_length() -> None:
    (window,) = weekly(SPRING_FORWARD, "01:30", "02:15")
    assert window.end == datetime(2027, 3, 28, 2, 15, tzinfo=ZoneInfo(LONDON)).astimezone(UTC)
    assert window.end - window.start == timedelta(minutes=45)


def test_a_window_over_midnight_belongs_to_the_day_on_which_it_starts() -> None:
    day = date(2027, 1, 12)
    assert weekly(day, "22:00", "01:00") == [Interval(utc(day, 22), utc(day + timedelta(days=1), 1))]


@given(st.dates(date(2027, 1, 1), date(2027, 12, 31)) | CHANGES, WALL_TIMES, WALL_TIMES, ZONES)
def test_every_window_of_every_day_is_an_interval_of_about_its_wall_time(
    day: date, start: time, end: time, name: str
) -> None:
    (interval,) = weekly(day, f"{start:%H:%M}", f"{end:%H:%M}", name)
    wall = datetime.combine(day, end) - datetime.combine(day, start)
    wall += timedelta(days=1) if wall <= timedelta(0) else timedelta(0)
    assert abs((interval.end - interval.start) - wall) <= timedelta(hours=1)
    assert zone(name).utcoffset(interval.start.replace(tzinfo=None)) is not None


def test_a_window_falls_on_its_weekdays_between_its_dates_without_exceptions() -> None:
    window = WeeklyWindow(
        answer=Answer.YES,
        weekdays=(Weekday.TUE, Weekday.THU),
        start="09:00",
        end="10:00",
        zone=LONDON,
        first=date(2027, 1, 5),
        last=date(2027, 1, 19),
        except_dates=(date(2027, 1, 12),),
    )
    found = [each.start.date() for each in window.intervals(date(2026, 1, 1), date(2028, 1, 1))]
    assert [day.isoformat() for day in found] == ["2027-01-05", "2027-01-07", "2027-01-14", "2027-01-19"]
    assert list(window.intervals(date(2027, 1, 6), date(2027, 1, 6))) == []


@given(st.dates(date(1, 1, 3), date(9999, 12, 28)))
def test_a_dated_window_is_found_on_its_day(day: date) -> None:
    window = DatedWindow(answer=Answer.NO, start=utc(day, 9), end=utc(day, 10))
    assert list(window.intervals(day, day)) == [Interval(utc(day, 9), utc(day, 10))]
    assert list(window.intervals(day + timedelta(days=2), day + timedelta(days=2))) == []


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (DatedWindow, {"answer": "no", "start": "2027-01-12T10:00:00Z", "end": "2027-01-12T10:00:00Z"}),
        (DateSpan, {"first": "2027-02-19", "last": "2027-02-15", "reason": "half-term"}),
        (
            WeeklyWindow,
            {
                "answer": "no",
                "weekdays": ["mon"],
                "start": "09:00Z",
                "end": "10:00",
                "zone": LONDON,
                "first": "2027-01-05",
                "last": "2027-01-05",
            },
        ),
    ],
)
def test_what_is_out_of_order_is_refused(model: type, fields: dict[str, object]) -> None:
    assert not valid(model, fields)


def test_new_ids_are_all_different_and_grow() -> None:
    ids = [new_id() for _ in range(100)]
    assert len(set(ids)) == 100
    assert all(unicodedata.is_normalized("NFC", each) and each == each.lower() for each in ids)
    assert valid(Id, ids[0])
