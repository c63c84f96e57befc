"""Validation errors as field, problem and what is allowed; never the refused value."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError

from shared.contract.results import FieldError

_ERROR_LIMIT = 20
_PATH_LIMIT = 200

_PROBLEMS = {
    "missing": "is missing",
    "extra_forbidden": "is not a field of this message",
    "json_invalid": "is not valid JSON",
    "string_pattern_mismatch": "is not of the allowed form",
    # pydantic's own words would repeat the refused value.
    "union_tag_invalid": "is of no known kind",
}


def field_errors(model: type[BaseModel], error: ValidationError) -> tuple[FieldError, ...]:
    """What is wrong with a message of ``model``, at most 20 errors."""
    schema = _schema(model)
    return tuple(
        FieldError(
            field=_path(each["loc"]),
            problem=_problem(each["type"], each["msg"]),
            allowed=_allowed(schema, each["loc"]),
        )
        for each in error.errors(include_url=False, include_input=False, include_context=False)[:_ERROR_LIMIT]
    )


@cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()


def _path(location: tuple[int | str, ...]) -> str:
    """Where it is. A field that nobody knows is named by its sender, who may have called it anything."""
    path = ".".join(str(part) for part in location) or "message"
    printable = "".join(character if character.isprintable() else "?" for character in path)
    return printable if len(printable) <= _PATH_LIMIT else f"{printable[:_PATH_LIMIT]}…"


def _problem(kind: str, message: str) -> str:
    return _PROBLEMS.get(kind) or message.removeprefix("Value error, ").replace("Input should", "should")


def _allowed(schema: dict[str, Any], location: tuple[int | str, ...]) -> str:
    node: dict[str, Any] | None = schema
    for part in location:
        parent = node
        node = _child(schema, node, part) if node is not None else None
        if node is None:
            return _fields(schema, parent)
    return _describe(schema, node or schema)


def _child(schema: dict[str, Any], node: dict[str, Any], part: int | str) -> dict[str, Any] | None:
    node = _resolve(schema, node)
    if isinstance(part, int):
        child = node.get("items") or (node.get("prefixItems") or [None])[0]
        return child if isinstance(child, dict) else None
    properties = node.get("properties", {})
    if part in properties:
        return dict(properties[part])
    return _variant(schema, node, part)


def _variant(schema: dict[str, Any], node: dict[str, Any], part: str) -> dict[str, Any] | None:
    """The member of a tagged union that a location names by its tag."""
    mapping = node.get("discriminator", {}).get("mapping", {})
    if part in mapping:
        return _resolve(schema, {"$ref": mapping[part]})
    return None


def _resolve(schema: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        node = schema["$defs"][node["$ref"].rsplit("/", 1)[-1]] | {k: v for k, v in node.items() if k != "$ref"}
    for option in node.get("anyOf", ()):
        if option.get("type") != "null":
            return _resolve(schema, option) | {k: v for k, v in node.items() if k == "description"}
    return node


def _fields(schema: dict[str, Any], parent: dict[str, Any] | None) -> str:
    properties = _resolve(schema, parent).get("properties", {}) if parent is not None else {}
    return f"the fields {', '.join(properties)}" if properties else "see the message's schema"


def _describe(schema: dict[str, Any], node: dict[str, Any]) -> str:
    node = _resolve(schema, node)
    if "enum" in node:
        return "one of " + ", ".join(map(str, node["enum"]))
    if "const" in node:
        return str(node["const"])
    if "discriminator" in node:
        kinds = node["discriminator"]
        return f"an object whose {kinds['propertyName']} is one of {', '.join(kinds['mapping'])}"
    parts = [_TYPES.get(str(node.get("type")), "a value"), _range(node), _lengths(node)]
    words = " ".join(part for part in parts if part)
    if "description" in node:
        return f"{words}: {node['description']}"
    if "pattern" in node:
        return f"{words} matching {node['pattern']}"
    if "format" in node:
        return f"{words}: {_FORMATS.get(node['format'], node['format'])}"
    return words


_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
}
_FORMATS = {
    "date": "a date such as 2027-01-31",
    "time": "a local time such as 15:30",
    "date-time": "an instant such as 2027-01-31T15:30:00Z",
}


def _range(node: dict[str, Any]) -> str:
    low, high = node.get("minimum", node.get("exclusiveMinimum")), node.get("maximum")
    if low is None and high is None:
        return ""
    if high is None:
        return f"from {low}"
    return f"from {low} to {high}" if low is not None else f"up to {high}"


def _lengths(node: dict[str, Any]) -> str:
    kind = "items" if node.get("type") == "array" else "characters"
    low = node.get("minItems", node.get("minLength"))
    high = node.get("maxItems", node.get("maxLength"))
    if high is not None:
        return f"of {low or 0} to {high} {kind}"
    return f"of at least {low} {kind}" if low else ""
