"""Sheets of a workbook as tables whose errors name sheet, row and column."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from bench.peers.errors import FormatError

Cell = object


@dataclass(frozen=True)
class Place:
    """Where a value stands."""

    sheet: str
    row: str
    column: str

    def refuse(self, value: Cell, allowed: str) -> FormatError:
        return FormatError(
            f"sheet '{self.sheet}', row '{self.row}', column '{self.column}': {value!r} is not {allowed}"
        )


@dataclass(frozen=True)
class Row:
    """One row of a table with a header; its first cell names it."""

    sheet: str
    cells: Mapping[str, Cell]
    name: str

    def text(self, column: str) -> str:
        """The cell as written, outer blanks included; an empty cell is an empty text."""
        return as_text(self._cell(column))

    def whole(self, column: str) -> int:
        return as_whole(self._cell(column), self.place(column))

    def names(self, column: str) -> tuple[str, ...]:
        """A comma-separated cell, each name once and without outer blanks."""
        parts = (part.strip() for part in self.text(column).split(","))
        return tuple(dict.fromkeys(part for part in parts if part))

    def clock(self, column: str) -> time:
        return as_clock(self._cell(column), self.place(column))

    def day(self, column: str) -> date | None:
        value = self._cell(column)
        if isinstance(value, datetime):
            return value.date()
        return value if isinstance(value, date) else None

    def place(self, column: str) -> Place:
        return Place(self.sheet, self.name, column)

    def _cell(self, column: str) -> Cell:
        wanted = column.strip().casefold()
        if wanted not in self.cells:
            raise FormatError(f"sheet '{self.sheet}' has no column '{column}'; it has: {', '.join(self.cells)}")
        return self.cells[wanted]


@dataclass(frozen=True)
class Sheet:
    """The cells of a sheet without blank rows and without the blank columns at its right."""

    name: str
    cells: Sequence[Sequence[Cell]]

    def rows(self) -> Iterator[Row]:
        """The rows under the header, by its column names."""
        header = [as_text(cell).strip().casefold() for cell in self.cells[0]]
        twice = [name for name in header if name and header.count(name) > 1]
        if twice:
            raise FormatError(f"sheet '{self.name}' has two columns '{twice[0]}'")
        for cells in self.cells[1:]:
            by_name = {name: cell for name, cell in zip(header, cells, strict=True) if name}
            yield Row(self.name, by_name, as_text(cells[0]).strip())

    def square(self) -> tuple[list[str], list[list[int]]]:
        """A square matrix by position: the names of its rows, and its numbers. Its columns' names do not count."""
        names = [as_text(cells[0]) for cells in self.cells[1:]]
        width = len(names) + 1
        padded = [[*cells, *([None] * width)][1:width] for cells in self.cells[1:]]
        numbers = [
            [as_whole(cell, Place(self.name, row, column)) for cell, column in zip(cells, names, strict=True)]
            for cells, row in zip(padded, names, strict=True)
        ]
        return names, numbers


@dataclass(frozen=True)
class Workbook:
    """The sheets of a file, found whatever their case and outer blanks."""

    path: Path
    sheets: Mapping[str, Sheet]

    def sheet(self, name: str) -> Sheet:
        found = self.sheets.get(name.casefold())
        if found is None:
            raise FormatError(f"{self.path.name} has no sheet '{name}'; it has: {', '.join(self.sheets)}")
        if not found.cells:
            raise FormatError(f"{self.path.name}: sheet '{name}' is empty")
        return found


def open_workbook(path: Path) -> Workbook:
    """Raises FormatError for anything that is not a workbook."""
    try:
        book = load_workbook(path, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, OSError) as error:
        raise FormatError(f"{path} cannot be read as a workbook (.xlsx): {error}") from error
    sheets = [
        Sheet(sheet.title.strip(), _without_blank_rows(sheet.iter_rows(values_only=True))) for sheet in book.worksheets
    ]
    return Workbook(path, {sheet.name.casefold(): sheet for sheet in sheets})


def _without_blank_rows(rows: Iterator[tuple[Cell, ...]]) -> list[tuple[Cell, ...]]:
    return [row for row in rows if any(as_text(cell).strip() for cell in row)]


def as_text(value: Cell) -> str:
    """A number that a spreadsheet keeps as 7.0 is '7'."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def as_whole(value: Cell, place: Place) -> int:
    """An empty cell is 0."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return 0
    try:
        number = float(str(value))
    except ValueError:
        raise place.refuse(value, "a whole number") from None
    if not math.isfinite(number) or not number.is_integer():
        raise place.refuse(value, "a whole number")
    return int(number)


def as_clock(value: Cell, place: Place) -> time:
    """A time of day: as such, as a text like 09:30, or as the fraction of a day that spreadsheets count in."""
    if isinstance(value, datetime):
        return value.time()
    if isinstance(value, time):
        return value
    if isinstance(value, float) and 0 <= value < 1:
        minutes = round(value * 24 * 60) % (24 * 60)
        return time(minutes // 60, minutes % 60)
    try:
        return time.fromisoformat(as_text(value).strip().zfill(5))
    except ValueError:
        raise place.refuse(value, "a time of day such as 09:30") from None
