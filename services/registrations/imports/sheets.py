"""A sheet: one kind of CSV file, its columns, and the commands that its rows stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.registrations.imports.cells import Convert, text
from services.registrations.imports.csv_rows import CsvRow
from services.registrations.imports.drafts import DraftCommand, Problem, UnreadableFileError

Read = Callable[[str, "Sheet", Sequence[CsvRow]], Iterator[DraftCommand | Problem]]


@dataclass(frozen=True)
class Sheet:
    """Column names are the command's field names, so that a rejection names the column."""

    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    read: Read
    convert: Mapping[str, Convert] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        return self.required + self.optional

    def values(self, row: CsvRow) -> dict[str, Any]:
        return {column: self.convert.get(column, text)(cell) for column, cell in row.cells.items()}


def one_command_per_row(entity: str, verb: str) -> Read:
    def read(file: str, sheet: Sheet, rows: Sequence[CsvRow]) -> Iterator[DraftCommand | Problem]:
        for row in rows:
            yield DraftCommand(file, row.line, entity, verb, sheet.values(row))

    return read


def sheet_for(columns: Sequence[str], sheets: Sequence[Sheet]) -> Sheet:
    """The sheet with these columns. Raises UnreadableFileError that names the columns which are wrong or missing."""
    best = max(sheets, key=lambda sheet: len(set(sheet.columns) & set(columns)))
    if not set(best.columns) & set(columns):
        kinds = "; ".join(f"{sheet.name}: {', '.join(sheet.required)}" for sheet in sheets)
        raise UnreadableFileError("header", "fits no kind of file", f"the columns of one of {kinds}")
    _check(columns, best)
    return best


def _check(columns: Sequence[str], sheet: Sheet) -> None:
    missing = [column for column in sheet.required if column not in columns]
    unknown = [column for column in columns if column not in sheet.columns]
    complaints = [
        *([f"lacks {', '.join(missing)}"] if missing else []),
        *([f"has unknown columns {', '.join(map(repr, unknown))}"] if unknown else []),
    ]
    if complaints:
        allowed = f"{sheet.name}: {', '.join(sheet.required)}; optional: {', '.join(sheet.optional) or 'none'}"
        raise UnreadableFileError("header", " and ".join(complaints), allowed)
