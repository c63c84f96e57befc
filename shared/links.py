"""Signed links: whoever holds one acts as that person, within its scope, until it expires or is revoked."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from shared.contract.values import Id, Instant

_MAC_BYTES = 16


class LinkScope(StrEnum):
    ME = "me"
    ANSWER = "answer"
    FEED = "feed"
    UNSUBSCRIBE = "unsubscribe"
    PROPOSAL = "proposal"
    CONFIRM = "confirm"
    OFFER = "offer"
    ENROLMENT = "enrolment"


class LinkError(Exception):
    """The link is not ours, was changed, or has expired. Says no more than that."""


class LinkClaims(BaseModel):
    """What a link says. Its generation must be the contact's present one."""

    model_config = ConfigDict(frozen=True)

    community: Id
    person: Id
    scope: LinkScope
    expires: Instant
    generation: int
    session: Id | None = None
    """of links that are about one thing: the id of the session, the proposal or the programme"""


class LinkKey:
    """The HMAC key that notifier, web and registrations read from one file."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def read(cls, file: Path) -> LinkKey:
        return cls(bytes.fromhex(file.read_text().strip()))

    def sign(self, claims: LinkClaims) -> str:
        """A token of URL-safe characters."""
        body = claims.model_dump_json(exclude_none=True).encode()
        return _text(body) + "." + _text(self._mac(body))

    def verify(self, token: str, *, now: datetime) -> LinkClaims:
        """The claims of a token that we signed and that has not expired. Raises LinkError."""
        try:
            body, mac = (_bytes(part) for part in token.split("."))
            if not hmac.compare_digest(mac, self._mac(body)):
                raise LinkError("this link is not valid")
            claims = LinkClaims.model_validate_json(body)
        except (ValueError, ValidationError) as error:
            raise LinkError("this link is not valid") from error
        if claims.expires <= now:
            raise LinkError("this link has expired")
        return claims

    def digest(self, *parts: str) -> str:
        """A keyed digest of some texts, 32 hexadecimal digits: equal for equal texts, and tells nothing else."""
        return self._mac("\x1f".join(("digest", *parts)).encode()).hex()

    def _mac(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, hashlib.sha256)[:_MAC_BYTES]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    # The decoder passes over foreign characters and spare bits; a token has one spelling only.
    if _text(raw) != text:
        raise ValueError("not as we spell it")
    return raw
