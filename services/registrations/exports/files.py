"""Exported rows as files: CSV for spreadsheets, and JSON of the commands that bring the same in again."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Any

from services.registrations.exports.rows import Row
from services.registrations.imports.availability import AVAILABILITY
from services.registrations.imports.drafts import DraftCommand
from services.registrations.imports.interests import INTERESTS
from services.registrations.imports.people import PEOPLE
from services.registrations.imports.programmes import PROGRAMMES
from services.registrations.imports.proposals import PROPOSALS, with_status
from services.registrations.imports.rooms import ROOMS
from shared.cells import harmless
from shared.contract.commands.intake import DataKind

# Which command a row is, where the row itself does not tell.
_COMMANDS = {
    DataKind.COMMUNITY: "community.establish",
    DataKind.PEOPLE: "person.register",
    DataKind.PROGRAMMES: "programme.announce",
    DataKind.ROOMS: "room.add",
    DataKind.INTERESTS: "interest.state",
    DataKind.AVAILABILITY: "availability.state",
}
_COLUMNS: dict[DataKind, tuple[str, ...]] = {
    DataKind.PEOPLE: ("person", "name", *(each for each in PEOPLE.columns if each not in {"person", "name"})),
    DataKind.PROGRAMMES: PROGRAMMES.columns,
    DataKind.ROOMS: ("room", *(each for each in ROOMS.columns if each != "room")),
    DataKind.PROPOSALS: ("proposal", *(each for each in PROPOSALS.columns if each != "proposal")),
    DataKind.INTERESTS: INTERESTS.columns,
    DataKind.AVAILABILITY: AVAILABILITY.columns,
    DataKind.SEATS: ("session", "proposal", "programme", "person", "place", "pool"),
    DataKind.GROUPS: ("command", "person", "teams", "rule", "programme", "group"),
}
_NEVER_WRITTEN = frozenset({"first_name", "last_name"})
_SEPARATOR = "|"
_BYTE_ORDER_MARK = "\ufeff"


def csv_sheet(kind: DataKind, rows: Iterable[Row]) -> str:
    """The rows as CSV (RFC 4180) with a byte order mark, by which spreadsheets know the encoding."""
    flat = [each for row in rows for each in _flat(kind, row)]
    columns = _COLUMNS.get(kind) or tuple(dict.fromkeys(name for row in flat for name in row))
    columns = tuple(name for name in columns if name not in _NEVER_WRITTEN)
    sheet = StringIO(newline="")
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(name)) for name in columns] for row in flat)
    return _BYTE_ORDER_MARK + sheet.getvalue()


def json_document(kind: DataKind, rows: Iterable[Row]) -> dict[str, list[Row]]:
    """The rows by the name of the command that each is."""
    document: dict[str, list[Row]] = {}
    for row in rows:
        for name, payload in _as_commands(kind, row):
            document.setdefault(name, []).append(payload)
    return document


def _as_commands(kind: DataKind, row: Row) -> Iterator[tuple[str, Row]]:
    if kind is DataKind.SEATS:
        yield "seats", row
        return
    if kind is DataKind.PROPOSALS:
        payload = {name: each for name, each in row.items() if name not in {"status", "called_off"}}
        draft = DraftCommand("", 1, "proposal", "submit", payload)
        for step in with_status(draft, row["status"], row.get("called_off", ())):
            if isinstance(step, DraftCommand):
                yield step.name, step.payload
        return
    payload = {name: each for name, each in row.items() if name not in {"command", "withdrawn"}}
    yield row.get("command") or _COMMANDS[kind], payload
    if row.get("withdrawn"):
        yield "room.withdraw", {"room": row["room"]}


def _flat(kind: DataKind, row: Row) -> Iterator[Row]:
    """A row of CSV for each window; one for anything else."""
    if kind is not DataKind.AVAILABILITY:
        yield row
        return
    for window in row["windows"]:
        yield {"person": row["person"], "source": row["source"]} | window


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and not any(_is_nested(each) for each in value):
        return harmless(_SEPARATOR.join(map(str, value)))
    if isinstance(value, (list, dict)):
        return harmless(json.dumps(value, ensure_ascii=False))
    return harmless(str(value))


def _is_nested(value: Any) -> bool:
    """Whether a part of a list would be taken for several, or for something else, when it is read again."""
    return not isinstance(value, (str, int)) or any(each in str(value) for each in "|;,\n[") or not str(value).strip()
