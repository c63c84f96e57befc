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
    stated: dict[tuple[str, str | None], list[CsvRow]] = {}
    for row in rows:
        if person := row.cells.get("person"):
            stated.setdefault((person, row.cells.get("source")), []).append(row)
        else:
            yield Problem(file, row.line, "person", "is missing", "the id or the address of a person")
    for (person, source), own in stated.items():
        payload: dict[str, Any] = {"person": person} | ({"source": source} if source is not None else {})
        payload["windows"] = [_window(sheet.values(row)) for row in own]
        yield DraftCommand(file, own[0].line, "availability", "state", payload)


_OF_THE_COMMAND = frozenset({"person", "source"})


def _window(values: dict[str, Any]) -> dict[str, Any]:
    kind = "weekly" if "weekdays" in values else "dated"
    return {"kind": kind} | {name: value for name, value in values.items() if name not in _OF_THE_COMMAND}


AVAILABILITY = Sheet(
    name="availability",
    required=("person", "answer", "start", "end"),
    optional=("source", "weekdays", "zone", "first", "last", "except_dates"),
    convert={"weekdays": weekdays, "start": wall_time, "end": wall_time, "except_dates": several},
    read=_one_command_per_person,
)
