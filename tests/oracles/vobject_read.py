"""Reads iCalendar files with vobject and says in JSON what it found: one line for each file, as libical_check does.

usage: python vobject_read.py FILE...

vobject prefers what it knows of a zone by its name, so it is no witness of the VTIMEZONEs.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import vobject

_MOST_STARTS = 60


def read(raw: bytes) -> dict[str, Any]:
    try:
        calendar = vobject.readOne(raw.decode())
        calendar.validate(raiseException=True)
        events = [_event(each) for each in calendar.contents.get("vevent", [])]
    except Exception as error:  # noqa: BLE001 - whatever a foreign parser raises is its verdict
        return {"errors": [f"{type(error).__name__}: {error}"], "method": None, "events": []}
    return {"errors": [], "method": _value(calendar, "method"), "events": events}


def _event(event: Any) -> dict[str, Any]:
    sequence = _value(event, "sequence")
    return {
        "uid": _value(event, "uid"),
        "recurrence_id": _instant(_value(event, "recurrence_id")),
        "sequence": None if sequence is None else int(sequence),
        "status": _value(event, "status"),
        "start": _instant(_value(event, "dtstart")),
        "end": _instant(_value(event, "dtend")),
        "starts": _starts(event),
        "attendees": [each.value for each in event.contents.get("attendee", [])],
        "organizer": _value(event, "organizer"),
        "summary": _value(event, "summary"),
        "location": _value(event, "location"),
    }


def _value(component: Any, name: str) -> Any:
    found = getattr(component, name, None)
    return None if found is None else found.value


def _starts(event: Any) -> list[str | None]:
    if "dtstart" not in event.contents:
        return []
    rules = event.getrruleset(addRDate=True)
    return (
        [_instant(event.dtstart.value)] if rules is None else [_instant(each) for each in islice(rules, _MOST_STARTS)]
    )


def _instant(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, datetime) or value.tzinfo is None:
        return "a time in a zone that the file does not define"
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


if __name__ == "__main__":
    for path in sys.argv[1:]:
        print(json.dumps(read(Path(path).read_bytes())))
