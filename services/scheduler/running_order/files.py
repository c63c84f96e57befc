"""Evenings, commitments, draws and running orders as JSON files."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from services.scheduler.errors import complaints
from services.scheduler.running_order.drawing import Seed, Word, new_seed
from services.scheduler.running_order.errors import RunningOrderError
from shared.contract.values import Instant

LARGEST_FILE_MIB = 4

Form = TypeVar("Form", bound=BaseModel)
Checked = TypeVar("Checked")


def read(form: type[Form], path: Path) -> Form:
    """What a JSON file holds. Raises ``RunningOrderError``, whose message names each wrong field, one a line."""
    try:
        if path.stat().st_size > LARGEST_FILE_MIB * 2**20:
            raise RunningOrderError(f"{path}: larger than {LARGEST_FILE_MIB} MiB, which is the most it may be")
        return form.model_validate_json(path.read_bytes())
    except OSError as error:
        raise RunningOrderError(f"{path}: cannot be read: {error.strerror}") from None
    except ValidationError as error:
        raise RunningOrderError("\n".join(f"{path}: {line}" for line in complaints(form, error))) from None


def write(value: BaseModel, path: Path) -> None:
    """Raises ``RunningOrderError`` when the file cannot be written."""
    try:
        path.write_text(value.model_dump_json(indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise RunningOrderError(f"{path}: cannot be written: {error.strerror}") from None


def kept_seed(path: Path) -> str:
    """The seed in a file; a new one is made there, readable by its owner only, when there is none."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            seed = new_seed()
            file.write(seed + "\n")
            return seed
    except FileExistsError:
        return read_seed(path)
    except OSError as error:
        raise RunningOrderError(f"{path}: cannot be written: {error.strerror}") from None


def read_seed(path: Path) -> str:
    """The seed in a file. Raises ``RunningOrderError``."""
    try:
        return checked_seed(path.read_text(encoding="ascii").strip())
    except OSError as error:
        raise RunningOrderError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        return checked_seed("")


def checked_seed(text: str) -> str:
    return _checked(_SEED, text, "seed: is not of the allowed form; allowed: 64 of 0-9 and a-f, as commit makes them")


def checked_word(text: str) -> str:
    return _checked(_WORD, text, "word: is not of the allowed form; allowed: up to 200 printable ASCII characters")


def checked_instant(text: str) -> datetime:
    """An instant as RFC 3339 has it."""
    return _checked(
        _INSTANT, text, "now: is not of the allowed form; allowed: an instant with an offset, e.g. 2027-03-04T18:34:00Z"
    )


_SEED: TypeAdapter[str] = TypeAdapter(Seed)
_WORD: TypeAdapter[str] = TypeAdapter(Word)
_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)


def _checked(form: TypeAdapter[Checked], text: str, problem: str) -> Checked:
    try:
        return form.validate_strings(text)
    except ValidationError:
        raise RunningOrderError(problem) from None
