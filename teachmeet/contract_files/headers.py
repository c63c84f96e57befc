"""The CloudEvents headers of facts, commands and results, as schemas."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from shared.contract.envelope import CONTENT_TYPE, Envelope

_SAMPLE_ID = "01jd3v7q2m8f4k6n9r1t5w7y0z"
_SAMPLE_TIME = datetime(2026, 12, 1, 9, tzinfo=UTC)

_PROPERTIES: dict[str, dict[str, Any]] = {
    "ce-specversion": {"const": "1.0", "description": "CloudEvents version"},
    "ce-id": {
        "type": "string",
        "minLength": 1,
        "maxLength": 200,
        "description": "identity of the message; the same id again is the same message",
    },
    "ce-source": {"type": "string", "format": "uri-reference", "description": "/tm/<community>/<who wrote it>"},
    "ce-type": {"type": "string", "description": "what kind of message this is"},
    "ce-subject": {"type": "string", "description": "the entity: its kind and ids"},
    "ce-time": {"type": "string", "format": "date-time", "description": "when it was written, UTC"},
    "ce-correlationid": {"type": "string", "maxLength": 200, "description": "one id for all that belongs together"},
    "ce-causationid": {"type": "string", "description": "ce-id of the command behind it"},
    "content-type": {"const": CONTENT_TYPE},
}
_ACTOR = {
    "type": "string",
    "pattern": "^(organiser|person:[a-z0-9-]{1,64})$",
    "description": "on whose behalf; believed from web and cli only",
}
_DRY_RUN = {
    "enum": ["true", "false"],
    "description": "true: only check the command; requests to registrations only, other services and inboxes refuse it",
}
_ALWAYS = ["ce-specversion", "ce-id", "ce-source", "ce-type", "ce-subject", "ce-time", "content-type"]

HEADER_SCHEMAS: dict[str, dict[str, Any]] = {
    "fact-headers": {
        "title": "Headers of a fact",
        "description": "CloudEvents 1.0, binary mode.",
        "type": "object",
        "properties": _PROPERTIES,
        "required": [*_ALWAYS, "ce-causationid", "ce-correlationid"],
    },
    "command-headers": {
        "title": "Headers of a command",
        "description": "CloudEvents 1.0, binary mode. Only ce-id must be there; a ce-type must fit the subject. "
        "In structured mode the content-type is application/cloudevents+json and the event is the body.",
        "type": "object",
        "properties": {**_PROPERTIES, "ce-actor": _ACTOR, "ce-dryrun": _DRY_RUN},
        "required": ["ce-id"],
    },
    "result-headers": {
        "title": "Headers of a result in the outbox",
        "description": "CloudEvents 1.0, binary mode. ce-causationid is the ce-id of the command that is answered.",
        "type": "object",
        "properties": _PROPERTIES,
        "required": [*_ALWAYS, "ce-causationid"],
    },
}


def typed_headers(schema: str, type: str) -> dict[str, Any]:
    """The headers of one kind of message: those of its family, and its own ce-type."""
    return {
        "allOf": [
            {"$ref": f"#/components/schemas/{schema}"},
            {"type": "object", "properties": {"ce-type": {"const": type}}},
        ]
    }


def sample_headers(
    source: str, type: str, subject: str, *, causation: str | None = None, correlation: str | None = None
) -> dict[str, str]:
    """Headers as a message of that type carries them."""
    return Envelope(
        id=_SAMPLE_ID,
        source=source,
        type=type,
        subject=subject,
        time=_SAMPLE_TIME,
        causation=causation,
        correlation=correlation,
    ).headers()
