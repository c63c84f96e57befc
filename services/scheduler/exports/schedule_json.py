"""schedule.json: the c3voc schedule format as JSON."""

from __future__ import annotations

import json
from typing import Any

from services.scheduler.exports.edition import Edition
from services.scheduler.exports.identifiers import acronym
from services.scheduler.exports.schedule_xml import GENERATOR
from services.scheduler.exports.timetable import Day, Event, hours_and_minutes, timetable


def schedule_json(edition: Edition) -> str:
    """The edition as schedule.json. Equal editions give equal text."""
    links = {"base_url": edition.url} if edition.url is not None else {}
    schedule = {"version": str(edition.number), **links, "conference": _conference(edition)}
    return json.dumps({"generator": {"name": GENERATOR}, "schedule": schedule}, ensure_ascii=False, indent=2) + "\n"


def _conference(edition: Edition) -> dict[str, Any]:
    table = timetable(edition)
    links = {"url": edition.url} if edition.url is not None else {}
    return {
        "acronym": acronym(edition.programme),
        "title": edition.title,
        "start": table.days[0].date,
        "end": table.days[-1].date,
        "daysCount": len(table.days),
        "timeslot_duration": hours_and_minutes(edition.grid_minutes),
        "time_zone_name": edition.zone,
        **links,
        "rooms": [{"name": each.name, "guid": str(each.guid), "capacity": each.capacity} for each in table.rooms],
        "days": [_day(each) for each in table.days],
    }


def _day(day: Day) -> dict[str, Any]:
    return {
        "index": day.index,
        "date": day.date,
        "day_start": day.start,
        "day_end": day.end,
        "rooms": {room.name: [_event(each) for each in events] for room, events in day.rooms},
    }


def _event(event: Event) -> dict[str, Any]:
    links = {"url": event.url} if event.url is not None else {}
    return {
        "id": event.id,
        "guid": str(event.guid),
        "date": event.date,
        "start": event.start,
        "duration": event.duration,
        "room": event.room,
        "slug": event.slug,
        **links,
        "title": event.title,
        "subtitle": event.subtitle,
        "track": None,
        "type": event.type,
        # Nobody states the language of a session, but readers expect the field.
        "language": "",
        "abstract": event.abstract,
        "persons": [{"id": each.id, "guid": str(each.guid), "name": each.name} for each in event.persons],
        "links": [],
    }
