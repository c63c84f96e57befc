"""CSV as spreadsheets write it: in any encoding, with comma, semicolon or tab, blank rows at the end."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from services.registrations.imports.drafts import Problem, UnreadableFileError
from services.registrations.imports.encodings import UNREADABLE, decoded
from services.registrations.imports.wording import tidy
from shared.cells import as_it_was

MAX_BROKEN_ROWS = 100
MAX_COLUMNS = 200

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
_DECLARED = "sep="


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
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Record:
    line: int
    cells: list[str]
    broken: bool = False


def read_table(file: str, content: bytes, *, encoding: str | None = None) -> CsvTable:
    """The table in a CSV file, its first row the header. Raises UnreadableFileError when there is no header."""
    read = decoded(content, encoding)
    lines = list(io.StringIO(read.text.removeprefix("\ufeff"), newline=""))
    delimiter, first = _delimiter(lines)
    records = _records(lines, delimiter, first)
    columns = _columns(next(records, _Record(1, [])))
    rows: list[CsvRow] = []
    problems: list[Problem] = []
    for record in records:
        fault = _fault(file, columns, record)
        if fault:
            problems.append(fault)
        elif cells := _cells(columns, record):
            rows.append(CsvRow(record.line, cells))
    how = f"{file}: {len(rows)} rows in {read.encoding}, cells between {_DELIMITERS[delimiter]}s"
    told = "; the encoding is assumed: if names look wrong, state it with --encoding" if read.assumed else ""
    return CsvTable(columns, tuple(rows), tuple(problems), (how + told,))


def _records(lines: list[str], delimiter: str, first: int) -> Iterator[_Record]:
    """Every record with the line it starts on. After a broken quote, reading goes on at the next line."""
    start = first
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


def _delimiter(lines: list[str]) -> tuple[str, int]:
    """What stands between cells, and the line of the header: a spreadsheet may declare the former before it."""
    if lines and lines[0].lower().startswith(_DECLARED) and lines[0][len(_DECLARED) :][:1] in _DELIMITERS:
        return lines[0][len(_DECLARED)], 1
    header = lines[0] if lines else ""
    return max(_DELIMITERS, key=header.count), 0


def _columns(header: _Record) -> tuple[str, ...]:
    """Column names in lower case. Raises UnreadableFileError for a header that names none, or one twice."""
    names = [cell.strip().lower() for cell in header.cells]
    while names and not names[-1]:
        names.pop()
    if not names or header.broken or any(UNREADABLE.search(name) or "\0" in name for name in names):
        raise UnreadableFileError("header", "is missing or cannot be read", "CSV whose first row names columns")
    if len(names) > MAX_COLUMNS:
        raise UnreadableFileError("header", "names too many columns", f"at most {MAX_COLUMNS}")
    for name in names:
        if names.count(name) > 1:
            raise UnreadableFileError("header", f"names the column {name!r} twice", "each column once, none unnamed")
    return tuple(names)


def _fault(file: str, columns: tuple[str, ...], record: _Record) -> Problem | None:
    if record.broken:
        return Problem(file, record.line, "row", "has a quote that is not closed properly", 'text with " written as ""')
    if any(UNREADABLE.search(cell) for cell in record.cells):
        return Problem(file, record.line, "row", "has a character that cannot be read", "the file saved as 'CSV UTF-8'")
    if any(cell.strip() for cell in record.cells[len(columns) :]):
        return Problem(file, record.line, "row", "has more cells than columns", f"{len(columns)} cells")
    return None


def _cells(columns: tuple[str, ...], record: _Record) -> dict[str, str]:
    # Formulas are never evaluated; the apostrophe that exports put before them is taken off.
    texts = (tidy(as_it_was(cell.strip())) for cell in record.cells)
    return {column: text for column, text in zip(columns, texts, strict=False) if text}
