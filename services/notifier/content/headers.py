"""Header fields in 7-bit ASCII: encoded words (RFC 2047) where the text needs them, folded lines (RFC 5322)."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache

from services.notifier.content.printable import line

_ENCODED_WORD_BYTES = 42  # with the field name, lines stay under 78 characters
_PLAIN_LENGTH = 68


@lru_cache(maxsize=1024)
def text(unstructured: str) -> str:
    """The value of an unstructured field such as Subject. Never raises, whatever the text holds."""
    cleaned = line(unstructured)
    return cleaned if _is_plain(cleaned) else _encoded(cleaned)


def mailbox(name: str, address: str) -> str:
    """``name <address>``: quoted when it is plain ASCII, else in encoded words."""
    cleaned = line(name)
    if not _is_plain(cleaned):
        return f"{_encoded(cleaned)}\r\n <{line(address)}>"
    escaped = cleaned.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}" <{line(address)}>'


def date(instant: datetime) -> str:
    return format_datetime(instant.astimezone(UTC))


def _is_plain(cleaned: str) -> bool:
    return cleaned.isascii() and len(cleaned) <= _PLAIN_LENGTH and "=?" not in cleaned


def _encoded(cleaned: str) -> str:
    words = (base64.b64encode(part).decode() for part in _parts(cleaned))
    return "\r\n ".join(f"=?utf-8?b?{word}?=" for word in words)


def _parts(cleaned: str) -> Iterator[bytes]:
    """UTF-8 in pieces that each fit one encoded word; no character is split."""
    piece = b""
    for character in cleaned:
        encoded = character.encode()
        if len(piece) + len(encoded) > _ENCODED_WORD_BYTES:
            yield piece
            piece = b""
        piece += encoded
    yield piece
