"""The naive way that composing is measured against says the same as our own mail: else the ratio would mean nothing."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default

from icalendar import Calendar

from bench.composing import invitations, naive_mail, own_mail


def _event(raw: bytes) -> dict[str, object]:
    parts = message_from_bytes(raw, policy=default).walk()
    [calendar] = [each.get_payload(decode=True) for each in parts if each.get_content_type() == "text/calendar"]
    [event] = Calendar.from_ical(calendar).walk("VEVENT")
    times = {name: event[name].dt for name in ("DTSTAMP", "DTSTART", "DTEND")}
    return times | {name: str(event[name]) for name in ("UID", "SUMMARY", "LOCATION", "ATTENDEE", "STATUS", "SEQUENCE")}


def _tree(raw: bytes) -> list[str]:
    return [each.get_content_type() for each in message_from_bytes(raw, policy=default).walk()]


def test_both_tell_the_same_meeting_in_the_same_parts() -> None:
    message, contact = next(iter(invitations()))
    ours, naive = own_mail(message, contact), naive_mail(message, contact)
    assert _event(ours) == _event(naive)
    assert _tree(ours) == _tree(naive)
