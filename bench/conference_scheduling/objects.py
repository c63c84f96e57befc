"""JSON as Jackson writes it with object identities: an object is written out where it is first met, wherever that is,
and named by its `@id` from then on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.peers.errors import FormatError


@dataclass(frozen=True)
class Node:
    """An object of the file, with all of the file's objects by their `@id`. A missing list or set is an empty one."""

    where: str
    fields: Mapping[str, Any]
    known: Mapping[str, Mapping[str, Any]]

    @property
    def id(self) -> str:
        return str(self._value("@id"))

    def text(self, field: str) -> str:
        return str(self._value(field))

    def whole(self, field: str, default: int | None = None) -> int:
        value = self.fields.get(field, default)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._refuse(field, "a whole number")
        return value

    def flag(self, field: str) -> bool:
        return self.fields.get(field) is True

    def tags(self, field: str) -> frozenset[str]:
        return frozenset(str(tag) for tag in self._list(field))

    def moment(self, field: str) -> datetime:
        """Local date and time, as a list of numbers or as ISO 8601."""
        value = self._value(field)
        try:
            return datetime(*value[:6]) if isinstance(value, list) else datetime.fromisoformat(value)  # noqa: DTZ001 - local, as in the source
        except (TypeError, ValueError):
            raise self._refuse(field, "a local date and time") from None

    def one(self, field: str) -> Node:
        return self._node(self._value(field), field)

    def maybe(self, field: str) -> Node | None:
        value = self.fields.get(field)
        return None if value is None else self._node(value, field)

    def many(self, field: str) -> list[Node]:
        return [self._node(value, field) for value in self._list(field)]

    def references(self, field: str) -> tuple[str, ...]:
        return tuple(node.id for node in self.many(field))

    def _value(self, field: str) -> Any:
        if self.fields.get(field) is None:
            raise FormatError(f"{self.where} has no '{field}'")
        return self.fields[field]

    def _list(self, field: str) -> list[Any]:
        value = self.fields.get(field) or []
        if not isinstance(value, list):
            raise self._refuse(field, "a list")
        return value

    def _node(self, value: Any, field: str) -> Node:
        found = value if isinstance(value, dict) else self.known.get(str(value))
        if found is None:
            raise self._refuse(field, "an object, or the @id of one")
        return Node(str(found.get("@id", f"{self.where}, {field}")), found, self.known)

    def _refuse(self, field: str, allowed: str) -> FormatError:
        return FormatError(f"{self.where}: '{field}' is {self.fields.get(field)!r} and not {allowed}")


def load(path: Path) -> Node:
    """The outermost object of a file. Raises FormatError."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FormatError(f"{path} cannot be read as JSON: {error}") from error
    if not isinstance(content, dict):
        raise FormatError(f"{path} is not one JSON object")
    return Node(path.name, content, identified(content))


def identified(content: Any) -> dict[str, dict[str, Any]]:
    """Every object that has an `@id`, by it."""
    return {str(found["@id"]): found for found in _objects(content) if "@id" in found}


def _objects(content: Any) -> Iterator[dict[str, Any]]:
    if isinstance(content, dict):
        yield content
    nested = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    for value in nested:
        yield from _objects(value)
