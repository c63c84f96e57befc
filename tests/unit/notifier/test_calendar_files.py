"""The calendar of one person as a file."""

from __future__ import annotations

from datetime import timedelta

from icalendar import Calendar
from notifier_samples import COMMUNITY, NOW, POLICY, entry, message

from services.notifier.delivery.life import Mail, decided
from services.notifier.delivery.outcome import Sent
from services.notifier.planning.calendars import calendar_file
from services.notifier.planning.correspondence import followed
from services.notifier.planning.message import MessageDue
from services.notifier.planning.messages_due import claimed
from shared.contract.facts.notifier import CancelKind, Invite, Method


def _facts(*messages: MessageDue) -> list[Invite]:
    claims = [claimed(each, Mail("<m>", "m"), NOW + timedelta(days=each.n), POLICY) for each in messages]
    return [fact for claim in claims for fact in (claim, decided(claim, Sent("250"), NOW, POLICY))]


def _file(*messages: MessageDue) -> bytes:
    return calendar_file(followed(_facts(*messages)).values(), COMMUNITY)


def test_it_holds_the_entries_as_they_are_now_in_the_order_of_time() -> None:
    later = message(session="b", entry=entry(start=entry().start + timedelta(days=80), zone="Asia/Dubai"))
    moved = message(n=2, sequence=1, entry=entry(location="Hall"))
    calendar = Calendar.from_ical(_file(later, message(), moved))
    events = calendar.walk("VEVENT")
    assert (calendar["METHOD"], calendar["NAME"], calendar["X-WR-CALNAME"]) == (
        "PUBLISH",
        COMMUNITY.name,
        COMMUNITY.name,
    )
    assert [(event["UID"], event["SEQUENCE"]) for event in events] == [
        ("retrieval@northgate.example", 1),
        ("b@northgate.example", 0),
    ]
    assert events[0]["LOCATION"] == "Hall"
    assert (events[0]["CREATED"].dt, events[0]["DTSTAMP"].dt) == (NOW + timedelta(days=1), NOW + timedelta(days=2))
    assert [each["TZID"] for each in calendar.walk("VTIMEZONE")] == ["Asia/Dubai", "Europe/London"]


def test_it_has_no_attendees_and_nothing_that_was_cancelled() -> None:
    cancelled = message(n=2, sequence=1, method=Method.CANCEL, cancels=CancelKind.SEAT)
    assert b"ATTENDEE" not in _file(message())
    assert b"VEVENT" not in _file(message(), cancelled)


def test_equal_state_gives_equal_bytes() -> None:
    one, other = message(), message(session="b")
    assert _file(one, other) == _file(other, one)
