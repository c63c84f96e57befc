"""Invitations and cancellations as calendars read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event
from icalendar.parser import Contentline
from notifier_samples import COMMUNITY, NOW, contact, entry, message

from services.notifier.content.calendar_object import itip
from shared.contract.facts.notifier import CancelKind, Method

ANYTHING = st.text(st.characters(codec=None, categories=None), max_size=300)


def _object(**other: Any) -> bytes:
    recipient = other.pop("recipient", contact())
    return itip(message(**other), COMMUNITY, recipient, NOW)


def _event(**other: Any) -> Event:
    calendar = Calendar.from_ical(_object(**other))
    events = calendar.walk("VEVENT")
    assert len(events) == 1
    return events[0]


def _property_names(raw: bytes) -> list[str]:
    unfolded = raw.replace(b"\r\n ", b"").decode()
    return sorted(each.partition(":")[0].partition(";")[0] for each in unfolded.split("\r\n"))


def test_an_invitation_has_everything_a_calendar_needs_and_one_of_each() -> None:
    event = _event()
    assert event["UID"] == "retrieval@northgate.example"
    assert (event["SEQUENCE"], event["STATUS"], event["TRANSP"], event["CLASS"]) == (0, "CONFIRMED", "OPAQUE", "PUBLIC")
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == event["CREATED"].dt == NOW
    assert event["ORGANIZER"] == "mailto:sessions@northgate.example"
    assert event["ATTENDEE"] == "mailto:amara@hillside.example"
    assert dict(event["ATTENDEE"].params) == {
        "CN": "Amara Osei",
        "CUTYPE": "INDIVIDUAL",
        "PARTSTAT": "NEEDS-ACTION",
        "ROLE": "REQ-PARTICIPANT",
        "RSVP": "TRUE",
    }


def test_the_calendar_names_version_method_and_zone() -> None:
    calendar = Calendar.from_ical(_object())
    assert (calendar["VERSION"], calendar["METHOD"], calendar["CALSCALE"]) == ("2.0", "REQUEST", "GREGORIAN")
    assert [each["TZID"] for each in calendar.walk("VTIMEZONE")] == ["Europe/London"]


@pytest.mark.parametrize(
    "start", [datetime(2027, 3, 26, 15, 30, tzinfo=UTC), datetime(2027, 3, 30, 14, 30, tzinfo=UTC)]
)
def test_both_sides_of_the_clock_change_show_the_same_wall_time_and_the_right_instant(start: datetime) -> None:
    changed = entry(start=start)
    assert b"TZID=Europe/London:202703" in _object(entry=changed)
    event = _event(entry=changed)
    assert f"{event['DTSTART'].dt:%H:%M}" == "15:30"
    assert event["DTSTART"].dt.astimezone(UTC) == start
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(hours=1)


def test_an_entry_over_the_clock_change_keeps_its_length() -> None:
    raw = _object(entry=entry(start=datetime(2027, 3, 28, 0, 30, tzinfo=UTC)))
    assert b"DTSTART;TZID=Europe/London:20270328T003000" in raw
    assert b"DTEND;TZID=Europe/London:20270328T023000" in raw


def test_a_zone_without_exact_rule_is_sent_in_utc() -> None:
    raw = _object(entry=entry(zone="Africa/Cairo"))
    assert b"VTIMEZONE" not in raw
    assert b"DTSTART:20270112T153000Z\r\nDTEND:20270112T163000Z\r\n" in raw


def test_an_update_keeps_when_the_entry_was_created() -> None:
    created = NOW - timedelta(days=3)
    event = _event(n=2, sequence=1, created=created)
    assert (event["SEQUENCE"], event["CREATED"].dt, event["LAST-MODIFIED"].dt) == (1, created, NOW)


def test_a_cancelled_session_is_marked_so() -> None:
    raw = _object(method=Method.CANCEL, cancels=CancelKind.SESSION, sequence=1)
    assert b"METHOD:CANCEL\r\n" in raw
    assert b"STATUS:CANCELLED\r\n" in raw


def test_a_seat_given_back_leaves_the_sessions_status_alone() -> None:
    raw = _object(method=Method.CANCEL, cancels=CancelKind.SEAT, sequence=1)
    assert b"METHOD:CANCEL\r\n" in raw
    assert b"STATUS" not in raw
    assert raw.count(b"ATTENDEE") == 1
    assert b"RSVP" not in raw


def test_the_join_link_is_a_conference_and_in_the_description() -> None:
    raw = _object(entry=entry(join_url="https://meet.example/abc"))
    assert b"FEATURE=AUDIO,VIDEO;" in raw
    event = Calendar.from_ical(raw).walk("VEVENT")[0]
    assert str(event["CONFERENCE"]) == "https://meet.example/abc"
    assert "https://meet.example/abc" in event["DESCRIPTION"]


@pytest.mark.parametrize("name", ["Zoë", "O'Brien", 'Bo "B" Lind', "a;b:c,d", "^n", "Łukasz Żak"])
def test_names_are_quoted_and_read_back(name: str) -> None:
    raw = _object(recipient=contact(name=name))
    assert b'ATTENDEE;CN="' in raw
    assert Calendar.from_ical(raw).walk("VEVENT")[0]["ATTENDEE"].params["CN"] == name.replace('"', "'")


@settings(max_examples=60)
@given(title=ANYTHING, description=ANYTHING, location=ANYTHING, name=ANYTHING)
def test_no_text_changes_which_properties_there_are(title: str, description: str, location: str, name: str) -> None:
    told = entry(title=title, description=f"About {description}", location=f"In {location}")
    raw = _object(entry=told, recipient=contact(name=name))
    assert _property_names(raw) == _property_names(_object())
    assert all(len(each) <= 75 for each in raw.split(b"\r\n"))
    assert Calendar.from_ical(raw).walk("VEVENT")[0]["ATTENDEE"] == "mailto:amara@hillside.example"


def test_ten_thousand_characters_are_folded_and_read_back() -> None:
    long = "ß🎓,;\\" * 2000
    raw = _object(entry=entry(title=long))
    assert all(len(each) <= 75 for each in raw.split(b"\r\n"))
    assert Calendar.from_ical(raw).walk("VEVENT")[0]["SUMMARY"] == long


def test_equal_arguments_give_equal_bytes() -> None:
    assert _object() == _object()


def test_there_is_an_alarm_where_the_organiser_wants_one_and_only_in_invitations() -> None:
    wished = COMMUNITY.model_copy(update={"alarm_minutes": 30})
    [event] = Calendar.from_ical(itip(message(), wished, contact(), NOW)).walk("VEVENT")
    [alarm] = event.walk("VALARM")
    assert (alarm["ACTION"], alarm["TRIGGER"].dt, alarm["DESCRIPTION"]) == (
        "DISPLAY",
        -timedelta(minutes=30),
        event["SUMMARY"],
    )
    assert b"VALARM" not in _object()
    cancel = message(method=Method.CANCEL, cancels=CancelKind.SEAT)
    assert b"VALARM" not in itip(cancel, wished, contact(), NOW)


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from('aZ ^\\;,:"@é'), min_size=1, max_size=300))
def test_names_of_any_length_are_folded_as_the_library_folds_them(name: str) -> None:
    recipient = contact(name=f"x{name}x")
    lines = _object(recipient=recipient).split(b"\r\n")
    first = next(number for number, each in enumerate(lines) if each.startswith(b"ATTENDEE"))
    folded = [lines[first]]
    for each in lines[first + 1 :]:
        if not each.startswith(b" "):
            break
        folded.append(each)
    unfolded = "".join((b"\r\n".join(folded)).decode().split("\r\n "))
    assert b"\r\n".join(folded) == Contentline(unfolded).to_ical()
