"""Where a calendar is and how to sign in there, encrypted before it becomes part of a fact.

An address such as Google's "private address in iCal format" is as good as a password, and often holds somebody's
e-mail address.
"""

from __future__ import annotations

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import Field, ValidationError

from shared.contract.values import Value

_NONCE_BYTES = 12


class CalendarAddress(Value):
    """A checked address, and the credentials where it needs some."""

    url: str = Field(repr=False)
    user: str | None = Field(default=None, repr=False)
    password: str | None = Field(default=None, repr=False)


class SealError(Exception):
    """What was sealed cannot be opened: it was sealed with another key, or for another calendar."""


class Seal:
    """Encrypts addresses with a key made from the community keys' secret; AES-256-GCM, bound to its entity."""

    def __init__(self, secret: bytes) -> None:
        derived = HKDF(SHA256(), 32, salt=None, info=b"teachmeet calendar sources").derive(secret)
        self._cipher = AESGCM(derived)

    def seal(self, address: CalendarAddress, *entity: str) -> str:
        """Sealed for that entity (community, person, source) and no other."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, address.model_dump_json(exclude_none=True).encode(), _bound(entity))
        return base64.b64encode(nonce + sealed).decode()

    def open(self, sealed: str, *entity: str) -> CalendarAddress:
        """Raises SealError."""
        try:
            raw = base64.b64decode(sealed, validate=True)
            opened = self._cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _bound(entity))
            return CalendarAddress.model_validate_json(opened)
        except (InvalidTag, binascii.Error, ValueError, ValidationError):
            raise SealError("sealed with another key") from None


def _bound(entity: tuple[str, ...]) -> bytes:
    return "\x1f".join(entity).encode()
