"""The iCalendar feed: for everybody, without attendees, the same UIDs as invitations, times right in every zone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from export_samples import PUBLISHED, SPRING, at, edition, session
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from services.scheduler.exports.calendar_feed import calendar_feed
from services.scheduler.exports.edition import Presenter
from services.scheduler.exports.printable import printable


def read(text: str) -> Calendar:
    return Calendar.from_ical(text)


def test_a_feed_publishes_and_invites_nobody() -> None:
    calendar = read(calendar_feed(SPRING))
    assert calendar["METHOD"] == "PUBLISH"
    for event in calendar.walk("VEVENT"):
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "ORGANIZER", "STATUS"} <= event.keys()
        assert not {"ATTENDEE", "SEQUENCE", "CONFERENCE"} & event.keys()
        assert event["DTSTAMP"].dt == PUBLISHED


def test_sessions_have_their_uids_titles_and_places() -> None:
    events = read(calendar_feed(SPRING)).walk("VEVENT")
    assert [str(each["UID"]) for each in events] == [f"{each.id}@northgate.example" for each in SPRING.sessions]
    assert str(events[2]["SUMMARY"]) == "Enquiry (part 1 of 2)"
    assert str(events[1]["LOCATION"]) == "Library, Hillside School"
    assert str(events[1]["DESCRIPTION"]) == "What it is about.\n\nWith Amara Osei"


def test_lines_end_as_rfc_5545_says_and_are_at_most_75_octets_long() -> None:
    long = session("long", at(12, 9), title="Übung macht den Meister " * 8, abstract="Größe\n" * 300)
    text = calendar_feed(edition(long))
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert read(text).walk("VEVENT")[0]["DESCRIPTION"].count("Größe") == 300


@pytest.mark.parametrize(
    "zone",
    [
        *("Europe/London", "Europe/Dublin", "America/New_York", "Australia/Lord_Howe", "Asia/Dubai", "UTC"),
        *("Africa/Casablanca", "America/Nuuk", "Asia/Kathmandu", "Pacific/Chatham", "Pacific/Apia"),
    ],
)
def test_every_session_is_at_its_instant_by_the_files_own_definition_of_the_zone(zone: str) -> None:
    around_the_year = [session(f"s-{day}", at(1, 12, 45) + timedelta(days=day)) for day in range(0, 400, 3)]
    calendar = read(calendar_feed(edition(*around_the_year, zone=zone)))
    definitions = {str(each["TZID"]): each.to_tz(lookup_tzid=False) for each in calendar.walk("VTIMEZONE")}
    for event, placed in zip(calendar.walk("VEVENT"), around_the_year, strict=True):
        start = event["DTSTART"]
        wall = start.dt.replace(tzinfo=None)
        told = wall.replace(tzinfo=definitions[start.params["TZID"]] if "TZID" in start.params else UTC)
        assert told.astimezone(UTC) == placed.start


def test_an_hour_that_comes_twice_is_told_in_utc() -> None:
    second = session("second", at(31, 1, 30, month=10))
    text = calendar_feed(edition(session("first", at(31, 0, 30, month=10), minutes=15), second))
    assert "DTSTART:20271031T003000Z" in text
    assert "DTSTART:20271031T013000Z" in text
    assert "DTEND:20271031T023000Z" in text


def test_a_zone_begins_its_summer_time_by_the_clock_that_ends_then() -> None:
    text = calendar_feed(edition(session("before", at(27, 9, month=3)), session("after", at(29, 9, month=3))))
    assert "BEGIN:DAYLIGHT\r\nDTSTART:19700329T010000\r\n" in text


def test_a_release_without_sessions_is_an_empty_feed() -> None:
    text = calendar_feed(edition())
    assert read(text).subcomponents == []
    assert "\r\nNAME:Spring term 2027\\, Northgate Learning Alliance\r\n" in text


def test_a_release_that_does_not_tell_when_it_was_published_is_older_than_any_other() -> None:
    [event] = read(calendar_feed(edition(session("a", at(12, 9)), published_at=None))).walk("VEVENT")
    assert event["DTSTAMP"].dt.year == 1970


def test_links_are_there_when_a_page_is_known() -> None:
    text = calendar_feed(replace(SPRING, url="https://desk.example/northgate"))
    assert "URL:https://desk.example/northgate#session-light-lunch" in text.replace("\r\n ", "")


def test_the_organisers_name_cannot_break_out_of_its_parameter() -> None:
    host = replace(SPRING.host, organiser='Northgate "sessions"; X=1, y:z')
    [event, *_] = read(calendar_feed(replace(SPRING, host=host))).walk("VEVENT")
    assert event["ORGANIZER"].params["CN"] == "Northgate 'sessions'; X=1, y:z"
    assert str(event["ORGANIZER"]) == "mailto:sessions@northgate.example"


@settings(max_examples=60, deadline=None)
@given(title=st.text(max_size=60), abstract=st.text(max_size=90), name=st.text(min_size=1, max_size=20))
def test_any_text_stays_in_its_property(title: str, abstract: str, name: str) -> None:
    cleaned = [printable(each) for each in (title, abstract, name)]
    talk = session("talk", at(12, 9), title=cleaned[0], abstract=cleaned[1], presenters=(Presenter("p", cleaned[2]),))
    [event] = read(calendar_feed(edition(talk))).walk("VEVENT")
    assert str(event["SUMMARY"]).split() == cleaned[0].split()
    assert str(event.get("DESCRIPTION", "")).split() == [
        *cleaned[1].split(),
        *(["With", *cleaned[2].split()] if cleaned[2] else []),
    ]
