"""Join-link templates and opening hours as they are stated."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.contract.commands.registrations import AddRoom
from shared.contract.rooms import JOIN_PLACEHOLDERS, JoinTemplate, OpenHours, expanded
from shared.contract.values import Weekday

MEETING = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_abc%40thread.v2/0?context=%7b%7d"
TEMPLATE = TypeAdapter(JoinTemplate)


@pytest.mark.parametrize(
    ("template", "address"),
    [
        ("jitsi", "https://meet.jit.si/{programme}-{session}-{token}"),
        ("jitsi:meet.school.example", "https://meet.school.example/{programme}-{session}-{token}"),
        (f"teams:{MEETING}", MEETING),
        ("teams:https://teams.live.com/meet/9312?p=x1", "https://teams.live.com/meet/9312?p=x1"),
        ("bigbluebutton:bbb.school.example/abc-def-ghi", "https://bbb.school.example/rooms/abc-def-ghi/join"),
        ("https://meet.example/{session}", "https://meet.example/{session}"),
        ("https://meet.example:8443/a?b={token}", "https://meet.example:8443/a?b={token}"),
    ],
)
def test_presets_and_addresses_become_addresses(template: str, address: str) -> None:
    assert TEMPLATE.validate_python(template) == template
    assert expanded(template) == address


@pytest.mark.parametrize(
    "template",
    [
        "",
        "zoom",
        "http://meet.example/{session}",
        "https://meet.example/{person}",
        "https://meet.example/{session",
        "https://meet.example/session}",
        "https://meet.example/{{session}}",
        "https://{session}.meet.example/",
        "https://user@meet.example/",
        "https://meet.example/a b",
        'https://meet.example/"',
        "javascript:alert(1)",
        "jitsi:",
        "jitsi:https://meet.example",
        "teams",
        "teams:https://teams.example/l/meetup-join/1",
        "bigbluebutton:bbb.school.example",
        "https://meet.example/" + "a" * 2000,
    ],
)
def test_what_is_no_join_link_is_refused(template: str) -> None:
    with pytest.raises(ValidationError):
        TEMPLATE.validate_python(template)


@given(st.text(max_size=80))
def test_whatever_is_stated_is_an_https_address_or_refused(text: str) -> None:
    try:
        address = expanded(TEMPLATE.validate_python(text))
    except ValidationError:
        return
    assert address.startswith("https://")
    assert not set(address) & set(' <>"\n\t')


def test_the_refusal_says_what_is_allowed() -> None:
    with pytest.raises(ValidationError) as refused:
        AddRoom.model_validate(AddRoom.example | {"join_template": "https://meet.example/{person}"})
    message = refused.value.errors()[0]["msg"]
    assert all(f"{{{name}}}" in message for name in JOIN_PLACEHOLDERS)


def hours(**other: Any) -> OpenHours:
    return OpenHours.model_validate({"weekdays": ["mon"], "start": "22:00", "end": "02:00"} | other)


def test_hours_are_told_by_the_local_clock_and_reach_over_midnight() -> None:
    monday, sunday = date(2027, 3, 29), date(2027, 4, 4)
    (interval,) = hours().intervals(monday, sunday, "Europe/London")
    assert (interval.start, interval.end) == (
        datetime(2027, 3, 29, 21, tzinfo=UTC),
        datetime(2027, 3, 30, 1, tzinfo=UTC),
    )
    whole = hours(weekdays=[each.value for each in Weekday], start="00:00", end="00:00")
    assert len(list(whole.intervals(monday, sunday, "Europe/London"))) == 7


def test_hours_have_no_offset() -> None:
    with pytest.raises(ValidationError):
        OpenHours(weekdays=(Weekday.MON,), start=time(9, tzinfo=UTC), end=time(10))
