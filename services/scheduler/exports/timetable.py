"""A release as schedule.xml and schedule.json have it: days, rooms and events, with every field as it is written.

The rules are those of the c3voc schedule format. A day begins with its first event and ends with its last, which may
be after midnight; an event belongs to the local day on which it starts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from uuid import UUID

from services.scheduler.exports.edition import Edition, EditionSession, Venue
from services.scheduler.exports.identifiers import Kind, guid, numbers, slug
from shared.time.intervals import local_instant


@dataclass(frozen=True)
class NamedRoom:
    """A room under a name that no other room of the export has."""

    name: str
    guid: UUID
    capacity: int | None


@dataclass(frozen=True)
class NamedPerson:
    id: int
    guid: UUID
    name: str


@dataclass(frozen=True)
class Event:
    """One session. ``date`` has its offset; ``start`` is local and ``duration`` a length, both as HH:MM."""

    id: int
    guid: UUID
    date: str
    start: str
    duration: str
    room: str
    slug: str
    title: str
    subtitle: str
    type: str
    abstract: str
    persons: tuple[NamedPerson, ...]
    url: str | None


@dataclass(frozen=True)
class Day:
    """A local day with at least one event; ``start`` and ``end`` have their offsets."""

    index: int
    date: str
    start: str
    end: str
    rooms: tuple[tuple[NamedRoom, tuple[Event, ...]], ...]


@dataclass(frozen=True)
class Timetable:
    rooms: tuple[NamedRoom, ...]
    days: tuple[Day, ...]


def timetable(edition: Edition) -> Timetable:
    """The days of an edition in order. Without any session there is one empty day, since readers expect one."""
    rooms = _rooms(edition)
    events = _events(edition, rooms)
    by_date = groupby(edition.sessions, key=lambda each: _local(edition, each.start).date())
    days = tuple(
        _day(edition, index, on, tuple(sessions), rooms, events) for index, (on, sessions) in enumerate(by_date, 1)
    )
    return Timetable(tuple(rooms.values()), days or (_empty_day(edition),))


def hours_and_minutes(minutes: int) -> str:
    """A length as HH:MM."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _rooms(edition: Edition) -> dict[Venue, NamedRoom]:
    lines = [venue.line for venue in edition.venues]
    return {
        venue: NamedRoom(
            name=venue.line if lines.count(venue.line) == 1 else f"{venue.line} ({venue.id})",
            guid=guid(edition.host.domain, Kind.ROOM, venue.id),
            capacity=venue.capacity,
        )
        for venue in edition.venues
    }


def _persons(edition: Edition) -> dict[str, NamedPerson]:
    guids = {each.id: guid(edition.host.domain, Kind.PERSON, each.id) for each in edition.presenters}
    ids = numbers(guids.values())
    return {each.id: NamedPerson(ids[guids[each.id]], guids[each.id], each.name) for each in edition.presenters}


def _events(edition: Edition, rooms: Mapping[Venue, NamedRoom]) -> dict[str, Event]:
    guids = {each.id: guid(edition.host.domain, Kind.SESSION, each.id) for each in edition.sessions}
    ids, persons = numbers(guids.values()), _persons(edition)
    events = {}
    for session in edition.sessions:
        start = _local(edition, session.start)
        own, number = guids[session.id], ids[guids[session.id]]
        events[session.id] = Event(
            id=number,
            guid=own,
            date=start.isoformat(),
            start=f"{start:%H:%M}",
            duration=hours_and_minutes(session.minutes),
            room=rooms[session.venue].name,
            slug=slug(edition.programme, number, session.id),
            title=session.title,
            subtitle="part {} of {}".format(*session.part) if session.part is not None else "",
            type=session.format,
            abstract=session.abstract,
            persons=tuple(persons[each.id] for each in session.presenters),
            url=edition.link(session),
        )
    return events


def _day(
    edition: Edition,
    index: int,
    on: date,
    sessions: tuple[EditionSession, ...],
    rooms: Mapping[Venue, NamedRoom],
    events: Mapping[str, Event],
) -> Day:
    used = sorted({each.venue for each in sessions})
    return Day(
        index=index,
        date=on.isoformat(),
        start=_local(edition, min(each.start for each in sessions)).isoformat(),
        end=_local(edition, max(each.end for each in sessions)).isoformat(),
        rooms=tuple(
            (rooms[venue], tuple(events[each.id] for each in sessions if each.venue == venue)) for venue in used
        ),
    )


def _empty_day(edition: Edition) -> Day:
    midnights = (edition.first_day, edition.first_day + timedelta(days=1))
    start, end = (_local(edition, local_instant(each, time(0), edition.local)) for each in midnights)
    return Day(1, edition.first_day.isoformat(), start.isoformat(), end.isoformat(), ())


def _local(edition: Edition, instant: datetime) -> datetime:
    return instant.astimezone(edition.local)
