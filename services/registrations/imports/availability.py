"""Availability as CSV: one row, one window. All rows of a person make one command, as one replaces the last.

A row that names weekdays is a weekly window in local time, with zone and first and last date. A row without
weekdays is a dated window, whose start and end are instants with an offset.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from services.registrations.imports.cells import several, wall_time, weekdays
from services.registrations.imports.csv_rows import CsvRow
from services.registrations.imports.drafts import DraftCommand, Problem
from services.registrations.imports.sheets import Sheet


def _one_command_per_person(file: str, sheet: Sheet, rows: Sequence[CsvRow]) -> Iterator[DraftCommand | Problem]:
    by_person: dict[str, list[CsvRow]] = {}
    for row in rows:
        if person := row.cells.get("person"):
            by_person.setdefault(person, []).append(row)
        else:
            yield Problem(file, row.line, "person", "is missing", "the id of a person")
    for person, own in by_person.items():
        payload = {"person": person, "windows": [_window(sheet.values(row)) for row in own]}
        yield DraftCommand(file, own[0].line, "availability", "state", payload)


def _window(values: dict[str, Any]) -> dict[str, Any]:
    kind = "weekly" if "weekdays" in values else "dated"
    return {"kind": kind} | {name: value for name, value in values.items() if name != "person"}


AVAILABILITY = Sheet(
    name="availability",
    required=("person", "answer", "start", "end"),
    optional=("weekdays", "zone", "first", "last", "except_dates"),
    convert={"weekdays": weekdays, "start": wall_time, "end": wall_time, "except_dates": several},
    read=_one_command_per_person,
)
