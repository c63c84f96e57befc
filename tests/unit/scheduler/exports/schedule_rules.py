"""The rules of the c3voc schedule format, as far as a file can be held to them without its schema."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from xml.etree.ElementTree import Element, fromstring

ACRONYM = re.compile("[a-z0-9_-]{4,}")
SLUG = re.compile("[a-z0-9_-]+[a-z0-9]")
CLOCK = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]")
DURATION = re.compile("[0-9]{2}:[0-5][0-9]")
GUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

# In the order in which a sequence has them; optional ones end with a question mark.
CONFERENCE = ("title", "acronym", "start", "end", "days", "timeslot_duration", "base_url?", "time_zone_name")
EVENT = (
    *("room", "title", "subtitle", "type", "date", "start", "duration", "abstract", "slug", "track", "persons"),
    "url?",
)


def checked_xml(text: str) -> Element:
    """The document, once it keeps every rule."""
    root = fromstring(text.encode())
    assert root.tag == "schedule"
    _has(root, ("generator", "version", "conference", *["day"] * len(root.findall("day"))))
    assert root.findtext("version")
    conference = root.find("conference")
    assert conference is not None
    _check_conference(conference, len(root.findall("day")))
    days = root.findall("day")
    assert [int(day.attrib["index"]) for day in days] == [*range(1, len(days) + 1)]
    _check_unique([day.attrib["date"] for day in days])
    for day in days:
        _check_day(day)
    events = root.findall("day/room/event")
    for values in (
        [each.attrib["id"] for each in events],
        [each.attrib["guid"] for each in events],
        [each.findtext("slug") for each in events],
    ):
        _check_unique(values)
    return root


def _has(element: Element, expected: tuple[str, ...]) -> None:
    """Children in this order and no others."""
    tags = [child.tag for child in element]
    wanted = [name.rstrip("?") for name in expected if not name.endswith("?") or name.rstrip("?") in tags]
    assert tags == wanted


def _check_conference(conference: Element, days: int) -> None:
    _has(conference, CONFERENCE)
    assert ACRONYM.fullmatch(conference.findtext("acronym", ""))
    first, last = (date.fromisoformat(conference.findtext(name, "")) for name in ("start", "end"))
    assert first <= last
    assert conference.findtext("days") == str(days)
    assert days >= 1
    assert DURATION.fullmatch(conference.findtext("timeslot_duration", ""))


def _check_day(day: Element) -> None:
    assert set(day.attrib) == {"index", "date", "start", "end"}
    begins, ends = (with_offset(day.attrib[name]) for name in ("start", "end"))
    assert begins < ends
    rooms = day.findall("room")
    _check_unique([room.attrib["name"] for room in rooms])
    for room in rooms:
        assert set(room.attrib) == {"name", "guid"}
        assert GUID.fullmatch(room.attrib["guid"])
        for event in room:
            _check_event(event, room.attrib["name"])
            assert with_offset(event.findtext("date", "")).date().isoformat() == day.attrib["date"]
            assert begins <= with_offset(event.findtext("date", "")) < ends


def _check_event(event: Element, room: str) -> None:
    _has(event, EVENT)
    assert set(event.attrib) == {"guid", "id"}
    assert 1 <= int(event.attrib["id"]) < 2**31
    assert GUID.fullmatch(event.attrib["guid"])
    assert event.findtext("room") == room
    assert CLOCK.fullmatch(event.findtext("start", ""))
    assert f"{with_offset(event.findtext('date', '')):%H:%M}" == event.findtext("start")
    assert DURATION.fullmatch(event.findtext("duration", ""))
    assert SLUG.fullmatch(event.findtext("slug", ""))
    for person in event.findall("persons/person"):
        assert set(person.attrib) == {"id"}
        assert int(person.attrib["id"]) >= 1
        assert person.text
    assert all(re.match("https?://", link.text or "") for link in event.findall("url"))


def checked_json(document: dict[str, Any]) -> dict[str, Any]:
    """The conference of a document, once it keeps every rule."""
    schedule = document["schedule"]
    conference: dict[str, Any] = schedule["conference"]
    assert isinstance(schedule["version"], str)
    assert set(conference) - {"url"} == {
        *("acronym", "title", "start", "end", "daysCount", "timeslot_duration", "time_zone_name", "rooms", "days"),
    }
    assert ACRONYM.fullmatch(conference["acronym"])
    assert date.fromisoformat(conference["start"]) <= date.fromisoformat(conference["end"])
    assert conference["daysCount"] == len(conference["days"]) >= 1
    known = {room["name"]: room["guid"] for room in conference["rooms"]}
    assert len(known) == len(conference["rooms"])
    assert [day["index"] for day in conference["days"]] == [*range(1, conference["daysCount"] + 1)]
    for day in conference["days"]:
        assert set(day) == {"index", "date", "day_start", "day_end", "rooms"}
        assert with_offset(day["day_start"]) < with_offset(day["day_end"])
        assert set(day["rooms"]) <= set(known)
    events = [(name, event) for day in conference["days"] for name, each in day["rooms"].items() for event in each]
    for name, event in events:
        _check_json_event(name, event)
    for field in ("id", "guid", "slug"):
        _check_unique([event[field] for _, event in events])
    return conference


def _check_json_event(room: str, event: dict[str, Any]) -> None:
    assert set(event) - {"url"} == {
        *("id", "guid", "date", "start", "duration", "room", "slug", "title", "subtitle", "track", "type"),
        *("language", "abstract", "persons", "links"),
    }
    assert event["room"] == room
    assert isinstance(event["id"], int)
    assert 1 <= event["id"] < 2**31
    assert GUID.fullmatch(event["guid"])
    assert SLUG.fullmatch(event["slug"])
    assert DURATION.fullmatch(event["duration"])
    assert f"{with_offset(event['date']):%H:%M}" == event["start"]
    for person in event["persons"]:
        assert set(person) == {"id", "guid", "name"}
        assert GUID.fullmatch(person["guid"])


def with_offset(text: str) -> datetime:
    """A date and time that has its offset from UTC."""
    found = datetime.fromisoformat(text)
    assert found.tzinfo is not None
    return found


def _check_unique(values: Iterable[object]) -> None:
    values = list(values)
    assert len(set(values)) == len(values)
