"""pretalx: what its REST API tells of submissions (or talks), speakers and rooms, and its export of the schedule.

People come with their address only where the export has it (the API tells it to organisers).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from services.registrations.imports.cells import minutes, tags, whole_number
from services.registrations.imports.drafts import DraftCommand, Problem
from services.registrations.imports.hints import Hints
from services.registrations.imports.proposals import with_status
from services.registrations.imports.rooms import room_id
from services.registrations.imports.shapes import entries, first, named, records, words
from services.registrations.imports.wording import slug

_CODE_IN_ADDRESS = re.compile(r"/(?:talk|submission)s?/([A-Za-z0-9]+)")
# Whether it may be recorded is said with a no, too.
_NOTHING: tuple[Any, ...] = (None, "", [])
Drafts = Iterator[DraftCommand | Problem]


def is_pretalx(document: Any) -> bool:
    """Whether this is one of pretalx's forms."""
    if isinstance(document, dict) and isinstance(document.get("schedule"), dict):
        return isinstance(document["schedule"].get("conference"), dict)
    some = next(records(_page(document)), {})
    return "code" in some and bool({"title", "name", "submissions"} & some.keys())


def read_pretalx(file: str, document: Any, hints: Hints) -> Drafts:
    """Commands for rooms, people and proposals."""
    if isinstance(document, dict) and "schedule" in document:
        yield from _schedule(file, document["schedule"]["conference"], hints)
        return
    for number, record in enumerate(records(_page(document)), start=1):
        if "title" in record:
            yield from _submission(file, number, record, hints)
        else:
            yield from _speaker(file, number, record, hints)


def _page(document: Any) -> Any:
    return document.get("results") if isinstance(document, dict) else document


def _schedule(file: str, conference: dict[str, Any], hints: Hints) -> Drafts:
    number = 0
    site = hints.values.get("site") or first(conference, "title")
    for room in records(conference.get("rooms")):
        number += 1
        yield _room(file, number, room, site, hints)
    for day in records(conference.get("days")):
        of_room = day.get("rooms")
        for talks in of_room.values() if isinstance(of_room, dict) else ():
            for talk in records(talks):
                number += 1
                yield from _submission(file, number, talk, hints, status="confirmed")


def _room(file: str, number: int, room: dict[str, Any], site: str, hints: Hints) -> DraftCommand:
    name = first(room, "name")
    capacity = room.get("capacity")
    payload: dict[str, Any] = {"room": room_id(site, name), "name": name, "site": site}
    if capacity or "capacity" in hints.values:
        payload["capacity"] = capacity or whole_number(hints.values["capacity"])
    return DraftCommand(file, number, "room", "add", payload)


def _submission(file: str, number: int, record: dict[str, Any], hints: Hints, *, status: str | None = None) -> Drafts:
    speakers = [*entries(record.get("speakers")), *entries(record.get("persons"))]
    for speaker in records(speakers):
        yield from _speaker(file, number, speaker, hints)
    found = _CODE_IN_ADDRESS.search(first(record, "url"))
    code = first(record, "code") or (found[1] if found else "") or first(record, "guid", "id")
    kind = named(record.get("submission_type") or record.get("type"))
    payload: dict[str, Any] = {
        "proposal": f"pretalx-{slug(code)}",
        "title": first(record, "title"),
        "abstract": first(record, "abstract", "description"),
        "presenters": [_called(each) for each in speakers],
        "format": slug(kind) if kind and not kind.isdecimal() else hints.values.get("format"),
        "minutes": _minutes(record, hints),
        "programme": hints.values.get("programme"),
        "tags": _tags(record),
        "recording": not record["do_not_record"] if isinstance(record.get("do_not_record"), bool) else None,
    }
    draft = DraftCommand(
        file, number, "proposal", "submit", {name: each for name, each in payload.items() if each not in _NOTHING}
    )
    yield from with_status(draft, status or first(record, "state") or None)


def _minutes(record: dict[str, Any], hints: Hints) -> int | str | None:
    stated = words(record.get("duration")) or hints.values.get("minutes", "")
    return minutes(stated) if stated else None


def _tags(record: dict[str, Any]) -> list[str]:
    stated = [named(record.get("track")), *(named(each) for each in entries(record.get("tags")))]
    return list(dict.fromkeys(tag for each in stated if each and not each.isdecimal() for tag in tags(each)))[:20]


def _speaker(file: str, number: int, speaker: dict[str, Any], hints: Hints) -> Drafts:
    payload = {
        "name": first(speaker, "public_name", "name", "full_public_name"),
        "address": first(speaker, "email", "address"),
        "school": first(speaker, "organisation", "company") or hints.values.get("school", ""),
    }
    known = {name: each for name, each in payload.items() if each}
    yield DraftCommand(file, number, "person", "register", known, called=(_called(speaker), payload["name"]))


def _called(speaker: Any) -> str:
    """How the proposals of a file call a speaker."""
    if isinstance(speaker, dict):
        code = first(speaker, "code", "guid", "id")
        return f"pretalx:{code}" if code else first(speaker, "public_name", "name")
    return f"pretalx:{words(speaker)}"
