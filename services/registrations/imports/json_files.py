"""JSON files: of pretalx, of Sessionize, a table (a list of flat objects), or commands by name as we export them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from pydantic_core import from_json

from services.registrations.imports.community_file import COMMUNITY_FILE_BYTES, known_section, read_community_file
from services.registrations.imports.csv_rows import CsvRow
from services.registrations.imports.drafts import DraftCommand, Import, Problem, UnreadableFileError
from services.registrations.imports.encodings import decoded
from services.registrations.imports.hints import Hints
from services.registrations.imports.pretalx import is_pretalx, read_pretalx
from services.registrations.imports.sessionize import is_sessionize, read_sessionize
from services.registrations.imports.shapes import records
from services.registrations.imports.wording import tidy

_ALLOWED = "pretalx submissions or schedule, a Sessionize view, a list of rows, or commands by name"


def read_json(file: str, content: bytes, hints: Hints, table: Callable[[str, list[CsvRow], Hints], Import]) -> Import:
    """What a JSON file holds; ``table`` reads rows. Raises UnreadableFileError."""
    document = _document(content)
    if is_pretalx(document):
        return _gathered(read_pretalx(file, document, hints), f"{file}: read as pretalx")
    if is_sessionize(document):
        return _gathered(read_sessionize(file, document, hints), f"{file}: read as Sessionize")
    if isinstance(document, list):
        return table(file, _rows(document), hints)
    if len(content) <= COMMUNITY_FILE_BYTES:
        # It tells the lines of what is wrong.
        return read_community_file(file, content)
    return _gathered(_commands(file, document), None)


def _document(content: bytes) -> dict[str, Any] | list[Any]:
    try:
        text = decoded(content).text.removeprefix("\ufeff")
        document = from_json(text.encode(errors="surrogateescape"), allow_inf_nan=False)
    except ValueError:
        raise UnreadableFileError("file", "is not JSON", _ALLOWED) from None
    if not isinstance(document, (dict, list)):
        raise UnreadableFileError("file", "is no object and no list", _ALLOWED)
    return document


def _rows(document: list[Any]) -> list[CsvRow]:
    if not document or not all(isinstance(each, dict) for each in document):
        raise UnreadableFileError("file", "is no list of rows", _ALLOWED)
    return [
        CsvRow(number, {str(name).lower(): cell for name, value in each.items() if (cell := _cell(value))})
        for number, each in enumerate(records(document), start=1)
    ]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tidy("|".join(value))
    return tidy(value) if isinstance(value, str) else json.dumps(value)


def _commands(file: str, document: Any) -> Iterator[DraftCommand | Problem]:
    number = 0
    for section, content in document.items():
        known = known_section(str(section))
        if known is None:
            yield Problem(file, number + 1, "section", "is not known", _ALLOWED)
            continue
        for entry in content if isinstance(content, list) else [content]:
            number += 1
            if isinstance(entry, dict):
                yield DraftCommand(file, number, *known, dict(entry))
            else:
                yield Problem(file, number, ".".join(known), "holds an entry that is no object", "fields and values")


def _gathered(results: Iterator[DraftCommand | Problem], note: str | None) -> Import:
    found = list(results)
    return Import(
        tuple(each for each in found if isinstance(each, DraftCommand)),
        tuple(each for each in found if isinstance(each, Problem)),
        notes=(note,) if note else (),
    )
