"""A finished plan in the source's own terms: which talk is in which timeslot and room.

As JSON it is the source's own file with `timeslot` and `room` of every talk filled in, so that Timefold can load it.
As CSV it has one line for each talk::

    talk,code,timeslot,start,end,room,room_name
    Talk#10,S10,Timeslot#1,2018-10-01T10:15:00,2018-10-01T11:00:00,Room#0,R 1
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path

from bench.conference_scheduling.instance import Conference, Place
from bench.conference_scheduling.objects import identified
from bench.conference_scheduling.reading import read as read_conference
from bench.peers.errors import FormatError

_COLUMNS = ("talk", "code", "timeslot", "start", "end", "room", "room_name")


def write(source: Path, places: Mapping[str, Place], path: Path) -> None:
    """As JSON where the path ends in .json, else as CSV. `source` is the file the conference was read from."""
    if path.suffix == ".json":
        content = json.loads(source.read_text(encoding="utf-8"))
        known = identified(content)
        for talk, place in places.items():
            known[talk].update(timeslot=place.timeslot, room=place.room)
        path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        return
    conference = read_conference(source)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows(_line(conference, talk, place) for talk, place in sorted(places.items()))


def read(path: Path) -> dict[str, Place]:
    """What `write` wrote, by the talks' ids. Raises FormatError for anything else."""
    if path.suffix == ".json":
        return {talk.id: talk.place for talk in read_conference(path).talks.values() if talk.place}
    try:
        rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))
        return {row["talk"]: Place(row["timeslot"], row["room"]) for row in rows}
    except (KeyError, ValueError) as error:
        raise FormatError(f"{path} is not a plan with the columns {', '.join(_COLUMNS)} ({error})") from error


def _line(conference: Conference, talk: str, place: Place) -> tuple[str, ...]:
    timeslot, room = conference.timeslots[place.timeslot], conference.rooms[place.room]
    times = (timeslot.start.isoformat(), timeslot.end.isoformat())
    return (talk, conference.talks[talk].code, timeslot.id, *times, room.id, room.name)
