"""Any file that people send, read by what it is: tables, timetables, settings, exports of other systems."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from services.registrations.imports.availability import AVAILABILITY
from services.registrations.imports.community_file import read_community_file
from services.registrations.imports.csv_rows import CsvRow, read_table
from services.registrations.imports.drafts import DraftCommand, Import, Problem, UnreadableFileError
from services.registrations.imports.hints import NO_HINTS, Hints
from services.registrations.imports.horizon import Horizon
from services.registrations.imports.interests import INTERESTS
from services.registrations.imports.json_files import read_json
from services.registrations.imports.people import PEOPLE
from services.registrations.imports.programmes import PROGRAMMES
from services.registrations.imports.proposals import PROPOSALS
from services.registrations.imports.rooms import ROOMS
from services.registrations.imports.sheets import sheet_for
from services.registrations.imports.timetable_ics import read_timetable

MAX_BYTES = 32 * 1024 * 1024

_SHEETS = (PEOPLE, PROPOSALS, INTERESTS, AVAILABILITY, ROOMS, PROGRAMMES)


def read_import(path: Path, *, horizon: Horizon | None = None, hints: Hints = NO_HINTS) -> Import:
    """What the file holds: commands to send, problems to mend. Never raises for what is in a file.

    A timetable needs the horizon (see ``horizon_of``), and is named after the person whose it is: ``p-001.ics``.
    """
    try:
        return _reader(path, horizon, hints)(path.name, _content(path))
    except UnreadableFileError as error:
        return Import(problems=(error.of(path.name),))


def horizon_of(imports: Iterable[Import]) -> Horizon | None:
    """From the first day to the last of all programmes among these imports, in the zone of the first of them."""
    programmes = [
        command.payload
        for each in imports
        for command in each.commands
        if (command.entity, command.verb) == ("programme", "announce")
    ]
    try:
        first = min(date.fromisoformat(programme["first_day"]) for programme in programmes)
        last = max(date.fromisoformat(programme["last_day"]) for programme in programmes)
        return Horizon(first, last, programmes[0]["zone"])
    except (KeyError, TypeError, ValueError):
        return None


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnreadableFileError("file", f"cannot be opened ({error.strerror})", "a readable file") from None
    if len(content) > MAX_BYTES:
        raise UnreadableFileError("file", "is too large", f"at most {MAX_BYTES // 1024 // 1024} MiB")
    return content


def _reader(path: Path, horizon: Horizon | None, hints: Hints) -> Callable[[str, bytes], Import]:
    match path.suffix.lower():
        case ".csv" | ".tsv" | ".txt":
            return lambda file, content: _csv(file, content, hints)
        case ".ics":
            return lambda file, content: _timetable(file, content, horizon)
        case ".yaml" | ".yml":
            return read_community_file
        case ".json":
            return lambda file, content: read_json(file, content, hints, _rows)
    raise UnreadableFileError("file", "is of no known kind", ".csv, .tsv, .ics, .yaml, .yml or .json")


def _csv(file: str, content: bytes, hints: Hints) -> Import:
    table = read_table(file, content, encoding=hints.encoding)
    read = _table(file, table.columns, table.rows, hints)
    return Import(read.commands, table.problems + read.problems, notes=table.notes + read.notes)


def _rows(file: str, rows: list[CsvRow], hints: Hints) -> Import:
    return _table(file, tuple(dict.fromkeys(name for row in rows for name in row.cells)), rows, hints)


def _table(file: str, columns: tuple[str, ...], rows: Iterable[CsvRow], hints: Hints) -> Import:
    matched = sheet_for(columns, _SHEETS, hints)
    results = list(matched.sheet.read(file, matched.sheet, matched.renamed(list(rows), hints.values)))
    commands = tuple(each for each in results if isinstance(each, DraftCommand))
    problems = tuple(each for each in results if isinstance(each, Problem))
    note = matched.note(file)
    return Import(commands, problems, notes=(note,) if note else ())


def _timetable(file: str, content: bytes, horizon: Horizon | None) -> Import:
    if horizon is None:
        raise UnreadableFileError("file", "is a timetable for unknown dates", "first and last day, or a programme")
    timetable = read_timetable(file, content, horizon)
    windows = [window.model_dump(mode="json") for window in timetable.windows]
    payload = {"person": Path(file).stem, "source": "timetable", "windows": windows}
    return Import((DraftCommand(file, 1, "availability", "state", payload),), timetable.problems)
