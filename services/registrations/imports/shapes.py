"""Values out of JSON that other systems wrote, where nothing is sure to be of the kind that it should be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from services.registrations.imports.wording import tidy

_LANGUAGES = ("en", "en-gb", "de")


def words(value: Any) -> str:
    """A text; of one in several languages the English one, or the first. Empty for anything else."""
    if isinstance(value, dict):
        texts = {str(key).lower(): each for key, each in value.items() if isinstance(each, str)}
        value = next((texts[each] for each in _LANGUAGES if texts.get(each)), next(iter(texts.values()), ""))
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return tidy(value) if isinstance(value, str) else ""


def first(record: dict[str, Any], *names: str) -> str:
    """The first of these fields that says something."""
    return next((text for name in names if (text := words(record.get(name)))), "")


def named(value: Any) -> str:
    """The name of something: a text, or an object that has one."""
    return words(value.get("name") or value.get("title") or value.get("tag")) if _is_object(value) else words(value)


def records(value: Any) -> Iterator[dict[str, Any]]:
    """The objects of a list."""
    yield from (each for each in value if isinstance(each, dict)) if isinstance(value, list) else ()


def entries(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_object(value: Any) -> bool:
    """An object with a name, not a text in several languages."""
    return isinstance(value, dict) and any(name in value for name in ("name", "title", "tag"))
