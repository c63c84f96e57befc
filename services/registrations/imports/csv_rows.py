"""CSV as spreadsheets write it: UTF-8 with or without BOM, comma or semicolon, blank rows at the end."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.registrations.imports.drafts import Problem, UnreadableFileError

MAX_BROKEN_ROWS = 100

_NOT_UTF8 = re.compile("[\udc80-\udcff]")
_NEUTRALISED = re.compile(r"'(?=[=+@\t\r-])")


@dataclass(frozen=True)
class CsvRow:
    """One row: the line it starts on, and its cells by column name. Empty cells are left out."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class CsvTable:
    columns: tuple[str, ...]
    rows: tuple[CsvRow, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class _Record:
    line: int
    cells: list[str]
    broken: bool = False


def read_table(file: str, content: bytes) -> CsvTable:
    """The table in a CSV file, its first row the header. Raises UnreadableFileError when there is no header."""
    text = content.decode("utf-8-sig", errors="surrogateescape")
    lines = list(io.StringIO(text, newline=""))
    records = _records(lines)
    columns = _columns(next(records, _Record(1, [])))
    rows: list[CsvRow] = []
    problems: list[Problem] = []
    for record in records:
        fault = _fault(file, columns, record)
        if fault:
            problems.append(fault)
        elif cells := _cells(columns, record):
            rows.append(CsvRow(record.line, cells))
    return CsvTable(columns, tuple(rows), tuple(problems))


def _records(lines: list[str]) -> Iterator[_Record]:
    """Every record with the line it starts on. After a broken quote, reading goes on at the next line."""
    delimiter = _delimiter(lines)
    start = 0
    for _ in range(MAX_BROKEN_ROWS):
        reader = csv.reader(lines[start:], delimiter=delimiter, strict=True)
        line = start
        try:
            for cells in reader:
                yield _Record(line + 1, cells)
                line = start + reader.line_num
        except csv.Error:
            yield _Record(line + 1, [], broken=True)
            start = line + 1
        else:
            return
    raise UnreadableFileError("row", "has a broken quote, like 99 rows before it", "CSV", line=start)


def _delimiter(lines: list[str]) -> str:
    header = lines[0] if lines else ""
    return ";" if header.count(";") > header.count(",") else ","


def _columns(header: _Record) -> tuple[str, ...]:
    """Column names in lower case. Raises UnreadableFileError for a header that names none, or one twice."""
    names = [cell.strip().lower() for cell in header.cells]
    while names and not names[-1]:
        names.pop()
    if not names or header.broken or any(_NOT_UTF8.search(name) for name in names):
        raise UnreadableFileError("header", "is missing or is not UTF-8", "CSV in UTF-8 whose first row names columns")
    for name in names:
        if names.count(name) > 1:
            raise UnreadableFileError("header", f"names the column {name!r} twice", "each column once, none unnamed")
    return tuple(names)


def _fault(file: str, columns: tuple[str, ...], record: _Record) -> Problem | None:
    if record.broken:
        return Problem(file, record.line, "row", "has a quote that is not closed properly", 'text with " written as ""')
    if any(_NOT_UTF8.search(cell) for cell in record.cells):
        return Problem(file, record.line, "row", "is not UTF-8", "the file saved as 'CSV UTF-8'")
    if any(cell.strip() for cell in record.cells[len(columns) :]):
        return Problem(file, record.line, "row", "has more cells than columns", f"{len(columns)} cells")
    return None


def _cells(columns: tuple[str, ...], record: _Record) -> dict[str, str]:
    texts = (_text(cell) for cell in record.cells)
    return {column: text for column, text in zip(columns, texts, strict=False) if text}


def _text(cell: str) -> str:
    """The cell as text. Formulas are never evaluated; the apostrophe that exports put before them is taken off."""
    return _NEUTRALISED.sub("", cell.strip(), count=1) if cell.startswith("'") else cell.strip()
