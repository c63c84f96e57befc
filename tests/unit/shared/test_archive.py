"""The zip of all that is held on a person: for programs, for calendars, for tables."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime, time

import recurring_ical_events
from icalendar import Calendar

from shared.contract.commands.privacy import HeldFact, HeldSession
from shared.contract.values import Answer, DatedWindow, Weekday, WeeklyWindow
from shared.privacy.archive import Held, archive

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
NAMES = ["README.txt", "data.json", "data.csv", "calendar.ics"]
FACT = HeldFact(
    entity="contact",
    ids=("p-001",),
    what="registered",
    seq=7,
    at=NOW,
    state={"person": "p-001", "name": '=HYPERLINK("x")', "tags": ["maths", "art"], "deep": {"yes": True}},
)
SESSION = HeldSession(
    session="drawing", title="Drawing; from life", start=NOW, minutes=60, location="Library, Hillside"
)
LUNCH = WeeklyWindow(
    answer=Answer.IF_NEED_BE,
    weekdays=(Weekday.TUE, Weekday.THU),
    start=time(12),
    end=time(13, 30),
    zone="Europe/London",
    first=date(2027, 3, 20),
    last=date(2027, 4, 6),
    except_dates=(date(2027, 3, 30),),
)
AWAY = DatedWindow(answer=Answer.NO, start=NOW, end=NOW.replace(hour=11))


def opened() -> dict[str, bytes]:
    held = Held("northgate", "p-001", {"registrations": [FACT]}, (SESSION,), (LUNCH, AWAY), "northgate.example")
    with zipfile.ZipFile(io.BytesIO(archive(held, NOW))) as pack:
        assert pack.namelist() == NAMES
        return {name: pack.read(name) for name in pack.namelist()}


def test_programs_read_every_fact_and_why_it_is_held() -> None:
    read = json.loads(opened()["data.json"])
    assert HeldFact.model_validate_json(json.dumps(read["facts"]["registrations"][0])) == FACT
    assert read["purposes"]["contact"]["address"]["why"]
    assert read["as_of"] == "2027-01-04T09:00:00Z"


def test_tables_have_a_line_for_each_field_and_no_formula() -> None:
    text = opened()["data.csv"]
    assert text.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
    assert {row["field"]: row["value"] for row in rows} == {
        "person": "p-001",
        "name": '\'=HYPERLINK("x")',
        "tags.0": "maths",
        "tags.1": "art",
        "deep.yes": "True",
    }


def test_calendars_show_sessions_and_what_was_said_of_the_time_by_the_clocks_of_the_place() -> None:
    calendar = Calendar.from_ical(opened()["calendar.ics"])
    assert not calendar.errors
    found = recurring_ical_events.of(calendar).between(date(2027, 1, 1), date(2027, 5, 1))
    said = {(str(each["SUMMARY"]), each["DTSTART"].dt.astimezone(UTC).isoformat()) for each in found}
    # Summer time begins on 28 March; one lunch is excepted.
    lunches = ["2027-03-23T12", "2027-03-25T12", "2027-04-01T11", "2027-04-06T11"]
    assert said == {
        ("Drawing; from life", "2027-01-04T09:00:00+00:00"),
        ("Cannot come", "2027-01-04T09:00:00+00:00"),
        *(("Can come if need be", f"{each}:00:00+00:00") for each in lunches),
    }
    assert {str(each["TRANSP"]) for each in calendar.walk("VEVENT") if "TRANSP" in each} == {"TRANSPARENT"}
    assert calendar.walk("VTIMEZONE")


def test_the_same_data_are_the_same_bytes() -> None:
    assert opened() == opened()
