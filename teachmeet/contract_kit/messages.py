"""Sample messages as files: one JSON object, a list of them, or one a line (NDJSON).

A message is ``{"subject": …, "headers": {…}, "body": …}``, or a CloudEvent in structured mode alone, whose type then
tells the subject.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from shared.contract.envelope import command_type
from shared.contract.structured import STRUCTURED
from shared.contract.subjects import InboxSubject, Service, SubjectError

_MOST_BYTES = 64 * 1024 * 1024
_KEYS = frozenset({"subject", "headers", "body"})


class UnreadableSampleError(Exception):
    """A sample is no message: what is wrong, and what would be right."""

    def __init__(self, field: str, problem: str, allowed: str) -> None:
        super().__init__(f"{field} {problem}; allowed: {allowed}")
        self.field, self.problem, self.allowed = field, problem, allowed


@dataclass(frozen=True)
class Sample:
    """One message as it would be published."""

    subject: str
    headers: Mapping[str, str]
    body: bytes

    def as_json(self) -> dict[str, Any]:
        return {"subject": self.subject, "headers": dict(self.headers), "body": json.loads(self.body or b"null")}


def read_samples(content: bytes) -> Iterator[Any]:
    """The raw samples of a file, in order; what is not JSON comes as an UnreadableSampleError."""
    if len(content) > _MOST_BYTES:
        yield UnreadableSampleError("file", "is too large", f"at most {_MOST_BYTES} bytes")
        return
    text = content.removeprefix(b"\xef\xbb\xbf").strip()
    try:
        whole = from_json(text)
    except ValueError:
        yield from (_line(line) for line in text.splitlines() if line.strip())
        return
    yield from whole if isinstance(whole, list) else [whole]


def sample_of(raw: Any, *, community: str, partner: str) -> Sample:
    """The message in a raw sample. Raises UnreadableSampleError."""
    if isinstance(raw, UnreadableSampleError):
        raise raw
    if not isinstance(raw, dict):
        raise UnreadableSampleError("message", "is no object", "subject, headers and body")
    if "specversion" in raw:
        return Sample(_subject(raw, community, partner), {"content-type": STRUCTURED}, json.dumps(raw).encode())
    if unknown := raw.keys() - _KEYS:
        field = "".join(each if each.isprintable() else "?" for each in min(unknown))[:100]
        raise UnreadableSampleError(field, "is no part of a sample", "subject, headers and body")
    subject, headers, body = raw.get("subject"), raw.get("headers", {}), raw.get("body")
    if not isinstance(subject, str):
        raise UnreadableSampleError("subject", "is missing", "the subject that the message is published on")
    if not isinstance(headers, dict) or not all(isinstance(each, str) for each in headers.values()):
        raise UnreadableSampleError("headers", "are no texts by name", '{"ce-id": "row-42"}')
    text = body if isinstance(body, str) else json.dumps(body) if body is not None else ""
    return Sample(subject, headers, text.encode("utf-8", errors="replace"))


def _subject(event: dict[str, Any], community: str, partner: str) -> str:
    """The inbox subject that fits the type of an event."""
    stated = str(event.get("type"))
    prefix, suffix = command_type(Service.REGISTRATIONS, "*", "*").split("*.*")
    entity, _, verb = stated.removeprefix(prefix).removesuffix(suffix).partition(".")
    try:
        return str(InboxSubject(community, partner, entity, verb))
    except SubjectError:
        raise UnreadableSampleError(
            "ce-type", "is the type of no command", f"{prefix}<entity>.<verb>{suffix}"
        ) from None


def _line(line: bytes) -> Any:
    try:
        return from_json(line)
    except ValueError:
        return UnreadableSampleError("message", "is not valid JSON", "JSON, one message a line, or a list of them")
