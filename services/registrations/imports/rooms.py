"""Rooms as a table: one row, one room. Without an id, site and name make one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from services.registrations.imports.cells import features, nested, truth, whole_number
from services.registrations.imports.csv_rows import CsvRow
from services.registrations.imports.drafts import DraftCommand, Problem
from services.registrations.imports.sheets import Sheet
from services.registrations.imports.wording import slug


def room_id(site: str, name: str) -> str:
    """An id for a room that brings none."""
    return slug(f"{site} {name}", longest=64)


def _rooms(file: str, sheet: Sheet, rows: Sequence[CsvRow]) -> Iterator[DraftCommand | Problem]:
    for row in rows:
        payload = sheet.values(row)
        withdrawn = payload.pop("withdrawn", False) is True
        payload = {"room": room_id(str(payload.get("site", "")), str(payload.get("name", "")))} | payload
        yield DraftCommand(file, row.line, "room", "add", payload)
        if withdrawn:
            yield DraftCommand(file, row.line, "room", "withdraw", {"room": payload["room"]})


ROOMS = Sheet(
    name="rooms",
    required=("name", "site", "capacity"),
    optional=(
        "room",
        "online_capacity",
        "features",
        "online",
        "join_url",
        "join_template",
        "zone",
        "hours",
        "unavailable",
    ),
    aside=("withdrawn",),
    convert={
        "capacity": whole_number,
        "online_capacity": whole_number,
        "features": features,
        "online": truth,
        "hours": nested,
        "unavailable": nested,
        "withdrawn": truth,
    },
    read=_rooms,
)
