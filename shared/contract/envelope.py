"""The envelope: CloudEvents 1.0 in binary mode, as NATS headers, and the identities of writes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from shared.contract.subjects import EntityRef

ORGANISATION = "org.teachmeet"
CONTENT_TYPE = "application/json"


def digest(*parts: str | int) -> str:
    """A short digest of some parts, in the alphabet of subject tokens."""
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()[:32]


def command_digest(community: str, caller: str, command_id: str) -> str:
    """The identity of a command, as facts carry it in ``applied``."""
    return digest(community, caller, command_id)


def message_id(command: str, ref: EntityRef, index: int) -> str:
    """``Nats-Msg-Id`` of a fact: never a raw client id, which another message could have used before."""
    return digest(command, ref.every_fact(), index)


@dataclass(frozen=True)
class Envelope:
    """The CloudEvents attributes of one message."""

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    correlation: str | None = None
    causation: str | None = None
    actor: str | None = None

    def headers(self) -> dict[str, str]:
        headers = {
            "ce-specversion": "1.0",
            "ce-id": self.id,
            "ce-source": self.source,
            "ce-type": self.type,
            "ce-subject": self.subject,
            "ce-time": self.time.isoformat().replace("+00:00", "Z"),
            "content-type": CONTENT_TYPE,
        }
        optional = {
            "ce-correlationid": self.correlation,
            "ce-causationid": self.causation,
            "ce-actor": self.actor,
        }
        return headers | {name: value for name, value in optional.items() if value is not None}


def fact_type(ref: EntityRef, what: str) -> str:
    return f"{ORGANISATION}.{ref.service}.{ref.entity}.{what}.v1"


def command_type(service: str, entity: str, verb: str) -> str:
    return f"{ORGANISATION}.{service}.{entity}.{verb}.v1"


def source(community: str, service: str) -> str:
    return f"/tm/{community}/{service}"


def written_at(headers: Mapping[str, str] | None) -> datetime | None:
    """When the message was written, by its writer's clock (``ce-time``); None where it does not say."""
    stated = (headers or {}).get("ce-time") or header(headers, "ce-time")
    return None if stated is None else _instant(stated)


@lru_cache(maxsize=16)
def _instant(stated: str) -> datetime | None:
    """The facts of one batch were written at one instant, which is kept once."""
    try:
        instant = datetime.fromisoformat(stated)
    except ValueError:
        return None
    return instant if instant.tzinfo is not None else None


def header(headers: Mapping[str, str] | None, name: str) -> str | None:
    """A header by its name in any case; NATS clients differ in how they spell it."""
    for key, value in (headers or {}).items():
        if key.lower() == name:
            return value
    return None
