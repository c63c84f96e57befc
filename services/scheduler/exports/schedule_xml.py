"""schedule.xml: the c3voc schedule format, which conference apps and info screens read."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from services.scheduler.exports.edition import Edition
from services.scheduler.exports.identifiers import acronym
from services.scheduler.exports.timetable import Day, Event, NamedRoom, Timetable, hours_and_minutes, timetable

GENERATOR = "TeachMeet Scheduler"


def schedule_xml(edition: Edition) -> str:
    """The edition as schedule.xml. Equal editions give equal text."""
    table = timetable(edition)
    root = Element("schedule")
    SubElement(root, "generator", name=GENERATOR)
    _text(root, "version", str(edition.number))
    _add_conference(root, edition, table)
    for day in table.days:
        _add_day(root, day)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _add_conference(root: Element, edition: Edition, table: Timetable) -> None:
    conference = SubElement(root, "conference")
    _text(conference, "title", edition.title)
    _text(conference, "acronym", acronym(edition.programme))
    _text(conference, "start", table.days[0].date)
    _text(conference, "end", table.days[-1].date)
    _text(conference, "days", str(len(table.days)))
    _text(conference, "timeslot_duration", hours_and_minutes(edition.grid_minutes))
    if edition.url is not None:
        _text(conference, "base_url", edition.url)
    _text(conference, "time_zone_name", edition.zone)


def _add_day(root: Element, day: Day) -> None:
    element = SubElement(root, "day", index=str(day.index), date=day.date, start=day.start, end=day.end)
    for room, events in day.rooms:
        _add_room(element, room, events)


def _add_room(day: Element, room: NamedRoom, events: tuple[Event, ...]) -> None:
    element = SubElement(day, "room", name=room.name, guid=str(room.guid))
    for event in events:
        _add_event(element, event)


def _add_event(room: Element, event: Event) -> None:
    element = SubElement(room, "event", guid=str(event.guid), id=str(event.id))
    for name in ("room", "title", "subtitle", "type", "date", "start", "duration", "abstract", "slug"):
        _text(element, name, getattr(event, name))
    _text(element, "track", "")
    persons = SubElement(element, "persons")
    for person in event.persons:
        # Not every checker of the format takes a GUID here; schedule.json has it.
        SubElement(persons, "person", id=str(person.id)).text = person.name
    if event.url is not None:
        _text(element, "url", event.url)


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text
