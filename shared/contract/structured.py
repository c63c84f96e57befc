"""CloudEvents 1.0 as they come: in binary mode (attributes as headers), or in structured mode (one JSON envelope).

Whatever the mode, the rest of the system sees headers ``ce-*`` and the data as the body.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import from_json, to_json

from shared.contract.envelope import header
from shared.contract.results import FieldError

STRUCTURED = "application/cloudevents+json"
_BATCHED = "application/cloudevents-batch+json"
_REQUIRED = {
    "specversion": "1.0",
    "id": "1 to 200 printable characters, new for each command, the same when it is retried",
    "source": "a URI reference that says who sends it",
    "type": "the type of the command",
}
_DATA = frozenset({"data", "data_base64"})


@dataclass(frozen=True)
class Sent:
    """A message in binary mode, and what is wrong with the envelope that it came in."""

    headers: Mapping[str, str]
    body: bytes
    errors: tuple[FieldError, ...] = field(default=())


def unwrapped(headers: Mapping[str, str] | None, body: bytes, *, most_bytes: int) -> Sent:
    """The message in binary mode, whichever mode it came in. In structured mode no ``ce-*`` header counts."""
    kind = _media_type(header(headers, "content-type"))
    if kind == _BATCHED:
        wrong = FieldError(field="content-type", problem="is a batch of events", allowed="one event in each message")
        return Sent(headers or {}, body, (wrong,))
    if kind != STRUCTURED:
        return Sent(headers or {}, body)
    if len(body) > most_bytes:
        wrong = FieldError(field="message", problem="is too large", allowed=f"at most {most_bytes} bytes")
        return Sent({}, b"", (wrong,))
    try:
        event = from_json(body, allow_inf_nan=False)
    except ValueError:
        event = None
    if not isinstance(event, dict):
        wrong = FieldError(field="message", problem="is not a JSON object", allowed="a CloudEvent as JSON")
        return Sent({}, b"", (wrong,))
    return _from_event(event)


def _from_event(event: dict[str, Any]) -> Sent:
    errors = list(_envelope_errors(event))
    headers = {
        f"ce-{name}": _text(value)
        for name, value in event.items()
        if name not in _DATA and isinstance(value, (str, int))
    }
    try:
        body = _data(event)
    except ValueError:
        body = b""
        errors.append(FieldError(field="data_base64", problem="is not base64", allowed="JSON in base64, or data"))
    return Sent(headers, body, tuple(errors))


def _envelope_errors(event: dict[str, Any]) -> Iterator[FieldError]:
    for name, allowed in _REQUIRED.items():
        stated = event.get(name)
        if not isinstance(stated, str) or not stated:
            problem = "is missing" if stated in (None, "") else "is no text"
            yield FieldError(field=f"ce-{name}", problem=problem, allowed=allowed)
        elif name == "specversion" and stated != "1.0":
            yield FieldError(field="ce-specversion", problem="is another version", allowed=allowed)
    for name, value in event.items():
        if not (name in _DATA or name in _REQUIRED or value is None or isinstance(value, (str, int))):
            yield FieldError(
                field=_named(name), problem="is not the value of an attribute", allowed="text, a whole number, a truth"
            )
    if event.keys() >= _DATA:
        yield FieldError(field="data_base64", problem="stands beside data", allowed="one of the two")
    if not _is_json(event.get("datacontenttype")):
        yield FieldError(field="ce-datacontenttype", problem="is not JSON", allowed="application/json, or nothing")


def _data(event: dict[str, Any]) -> bytes:
    """The data as a body. Raises ValueError for base64 that is none."""
    encoded = event.get("data_base64")
    if encoded is None:
        return to_json(event["data"]) if event.get("data") is not None else b""
    # binascii.Error is a ValueError.
    return base64.b64decode(encoded if isinstance(encoded, str) else "no text", validate=True)


def _text(value: str | int) -> str:
    return value if isinstance(value, str) else to_json(value).decode()


def _named(name: str) -> str:
    """How an attribute is called in an error: its sender may have called it anything."""
    printable = "".join(character if character.isprintable() else "?" for character in name)
    return f"ce-{printable[:40]}"


def _is_json(media_type: object) -> bool:
    if media_type is None:
        return True
    kind = _media_type(media_type) if isinstance(media_type, str) else ""
    return kind == "application/json" or kind.endswith("+json")


def _media_type(stated: str | None) -> str:
    return (stated or "").partition(";")[0].strip().lower()
