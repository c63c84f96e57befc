"""People as a table: one row, one person. Without an id, the address says who it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from services.registrations.imports.cells import tag, tags, truth
from services.registrations.imports.csv_rows import CsvRow
from services.registrations.imports.drafts import DraftCommand, Problem
from services.registrations.imports.sheets import Sheet


def _people(file: str, sheet: Sheet, rows: Sequence[CsvRow]) -> Iterator[DraftCommand | Problem]:
    for row in rows:
        payload = sheet.values(row)
        parts = [payload.pop(name) for name in ("first_name", "last_name") if name in payload]
        if parts and "name" not in payload:
            payload["name"] = " ".join(parts)
        yield DraftCommand(file, row.line, "person", "register", payload)


PEOPLE = Sheet(
    name="people",
    required=("address", "school"),
    optional=(
        "person",
        "name",
        "zone",
        "language",
        "name_public",
        "department",
        "pattern",
        "sector",
        "tags",
        "groups",
    ),
    aside=("first_name", "last_name"),
    convert={"name_public": truth, "pattern": tag, "sector": tag, "tags": tags, "groups": tags},
    read=_people,
)
