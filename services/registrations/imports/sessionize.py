"""Sessionize: its API's views "All", "Sessions" and "Speakers". They never tell addresses: a table with names and
addresses in the same import does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from services.registrations.imports.cells import minutes, tags, whole_number
from services.registrations.imports.drafts import DraftCommand, Problem
from services.registrations.imports.hints import Hints
from services.registrations.imports.proposals import with_status
from services.registrations.imports.rooms import room_id
from services.registrations.imports.shapes import entries, first, records, words
from services.registrations.imports.wording import slug

_LENGTH = re.compile(r"([0-9]{1,3})\s*(m|min|mins|minutes?|h|hours?)\b", re.IGNORECASE)
Drafts = Iterator[DraftCommand | Problem]


def is_sessionize(document: Any) -> bool:
    """Whether this is one of those views."""
    if isinstance(document, dict):
        return isinstance(document.get("sessions"), list) and isinstance(document.get("speakers"), list)
    some = next(records(document), {})
    return "groupId" in some or {"fullName", "sessions"} <= some.keys()


def read_sessionize(file: str, document: Any, hints: Hints) -> Drafts:
    """Commands for rooms, people and proposals."""
    whole = document if isinstance(document, dict) else {}
    groups = list(records(document))
    sessions = [*records(whole.get("sessions")), *(each for group in groups for each in records(group.get("sessions")))]
    if groups and "groupId" not in groups[0]:
        sessions = []
    speakers = [*records(whole.get("speakers")), *(each for each in groups if "fullName" in each)]
    site = hints.values.get("site", "")
    categories = _categories(whole)
    number = 0
    for room in records(whole.get("rooms")):
        number += 1
        yield _room(file, number, room, site, hints)
    for speaker in speakers:
        number += 1
        yield _speaker(file, number, speaker, hints)
    for session in sessions:
        number += 1
        if session.get("isServiceSession") is not True:
            yield from _session(file, number, session, categories, hints)


def _room(file: str, number: int, room: dict[str, Any], site: str, hints: Hints) -> DraftCommand:
    name = first(room, "name")
    payload: dict[str, Any] = {"room": room_id(site, name), "name": name, "site": site}
    if "capacity" in hints.values:
        payload["capacity"] = whole_number(hints.values["capacity"])
    return DraftCommand(file, number, "room", "add", {key: each for key, each in payload.items() if each})


def _speaker(file: str, number: int, speaker: dict[str, Any], hints: Hints) -> DraftCommand:
    name = first(speaker, "fullName", "name") or f"{first(speaker, 'firstName')} {first(speaker, 'lastName')}".strip()
    payload = {
        "name": name,
        "address": first(speaker, "email", "emailAddress"),
        "school": first(speaker, "company", "organisation") or hints.values.get("school", ""),
    }
    known = {key: each for key, each in payload.items() if each}
    return DraftCommand(file, number, "person", "register", known, called=(_called(speaker), name))


def _session(
    file: str, number: int, session: dict[str, Any], categories: dict[str, tuple[str, str]], hints: Hints
) -> Drafts:
    items = [categories[words(each)] for each in entries(session.get("categoryItems")) if words(each) in categories]
    for category in records(session.get("categories")):
        items += [
            (first(category, "name", "title"), first(each, "name")) for each in records(category.get("categoryItems"))
        ]
    kind = next((name for title, name in items if "format" in title.lower() or "type" in title.lower()), "")
    payload: dict[str, Any] = {
        "proposal": f"sessionize-{slug(first(session, 'id'))}",
        "title": first(session, "title"),
        "abstract": first(session, "description"),
        "presenters": [_called(each) for each in entries(session.get("speakers"))],
        "format": slug(_LENGTH.sub("", kind)) or hints.values.get("format"),
        "minutes": _minutes(session, kind, hints),
        "programme": hints.values.get("programme"),
        "tags": list(dict.fromkeys(tag for _, name in items if name != kind for tag in tags(name)))[:20],
    }
    draft = DraftCommand(file, number, "proposal", "submit", {name: each for name, each in payload.items() if each})
    status = "confirmed" if session.get("isConfirmed") is True else first(session, "status").replace("_", "-")
    yield from with_status(draft, status or None)


def _categories(whole: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Title and name of each item that a session may have, by the item's id."""
    return {
        words(item.get("id")): (first(category, "title"), first(item, "name"))
        for category in records(whole.get("categories"))
        for item in records(category.get("items"))
    }


def _minutes(session: dict[str, Any], kind: str, hints: Hints) -> int | str | None:
    try:
        length = datetime.fromisoformat(words(session.get("endsAt"))) - datetime.fromisoformat(
            words(session.get("startsAt"))
        )
        return int(length.total_seconds() // 60)
    except (ValueError, TypeError):
        pass
    if found := _LENGTH.search(kind):
        return int(found[1]) * (60 if found[2].lower().startswith("h") else 1)
    stated = hints.values.get("minutes")
    return minutes(stated) if stated else None


def _called(speaker: Any) -> str:
    """How the sessions of a file call a speaker."""
    return f"sessionize:{first(speaker, 'id') if isinstance(speaker, dict) else words(speaker)}"
