"""A sheet: one kind of table, its columns, and the commands that its rows stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.registrations.imports.cells import Convert, text
from services.registrations.imports.csv_rows import CsvRow
from services.registrations.imports.drafts import DraftCommand, Problem, UnreadableFileError
from services.registrations.imports.headings import fields_of
from services.registrations.imports.hints import Hints

Read = Callable[[str, "Sheet", Sequence[CsvRow]], Iterator[DraftCommand | Problem]]


@dataclass(frozen=True)
class Sheet:
    """Column names are the command's field names, so that a rejection names the column.

    ``identifying`` are those of the required columns by which a table is known to be of this kind; ``found`` are
    fields that are made out where a table lacks them.
    """

    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    read: Read
    convert: Mapping[str, Convert] = field(default_factory=dict)
    aside: tuple[str, ...] = ()
    """columns that are read, and are no fields of the command"""

    @property
    def columns(self) -> tuple[str, ...]:
        return self.required + self.optional + self.aside

    def values(self, row: CsvRow) -> dict[str, Any]:
        return {column: self.convert.get(column, text)(cell) for column, cell in row.cells.items()}


@dataclass(frozen=True)
class Matched:
    """Which sheet a table is, and which of its headings mean which columns of that sheet."""

    sheet: Sheet
    fields: Mapping[str, str]
    unused: tuple[str, ...]

    def renamed(self, rows: Sequence[CsvRow], values: Mapping[str, str]) -> list[CsvRow]:
        """The rows with the sheet's own column names, and ``values`` where they say nothing."""
        fill = {name: value for name, value in values.items() if name in self.sheet.columns}
        return [
            CsvRow(
                row.line, fill | {self.fields[name]: cell for name, cell in row.cells.items() if name in self.fields}
            )
            for row in rows
        ]

    def note(self, file: str) -> str | None:
        """How the columns were understood, where that is not plain."""
        renamed = [f"'{heading}' as {name}" for heading, name in self.fields.items() if heading != name]
        parts = [
            *([f"read {', '.join(renamed)}"] if renamed else []),
            *([f"not used: {', '.join(map(repr, self.unused))}"] if self.unused else []),
        ]
        return f"{file}: {self.sheet.name}; {'; '.join(parts)}" if parts else None


def one_command_per_row(entity: str, verb: str) -> Read:
    def read(file: str, sheet: Sheet, rows: Sequence[CsvRow]) -> Iterator[DraftCommand | Problem]:
        for row in rows:
            yield DraftCommand(file, row.line, entity, verb, sheet.values(row))

    return read


def sheet_for(columns: Sequence[str], sheets: Sequence[Sheet], hints: Hints) -> Matched:
    """The sheet that these columns are of. Raises UnreadableFileError that names what is missing."""
    matches = [(sheet, *fields_of(columns, sheet.columns, hints.columns)) for sheet in sheets]
    sheet, fields, unused = max(matches, key=lambda match: _fit(match[0], match[1], hints))
    if not fields:
        kinds = "; ".join(f"{sheet.name}: {', '.join(sheet.required)}" for sheet in sheets)
        raise UnreadableFileError("header", "fits no kind of file", f"the columns of one of {kinds}")
    missing = [column for column in sheet.required if column not in {*fields.values(), *hints.values}]
    if missing:
        named = [f"does not know {', '.join(map(repr, unused))}"] if unused else []
        raise UnreadableFileError(
            "header",
            " and ".join([f"lacks {', '.join(missing)}", *named]),
            f"{sheet.name}: {', '.join(sheet.required)}; optional: {', '.join((*sheet.optional, *sheet.aside))}; "
            "a column of another name with --map 'NAME=COLUMN', a value for all rows with --set COLUMN=VALUE",
        )
    return Matched(sheet, fields, tuple(unused))


def _fit(sheet: Sheet, fields: Mapping[str, str], hints: Hints) -> tuple[float, int]:
    """How well a table fits: the share of what is required first, then how many columns have a meaning."""
    given = {*fields.values(), *hints.values}
    return sum(column in given for column in sheet.required) / len(sheet.required), len(fields)
