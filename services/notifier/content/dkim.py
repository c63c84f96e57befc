"""Signs mails (DKIM, RFC 6376 and RFC 8463), relaxed in header and body, with RSA or Ed25519 keys.

signer = Signer({"autumn": load_key(Path("autumn.pem"))})
signed = signer.signed(mail_text, "northgate.example", now)

The signature depends on nothing but its arguments, so equal mails get equal bytes.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

SigningKey = RSAPrivateKey | Ed25519PrivateKey

# What a reader sees or a calendar acts upon. From is named once more than it occurs, so that none can be added.
_SIGNED = (
    "from",
    "to",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "mime-version",
    "content-type",
    "content-language",
    "auto-submitted",
    "list-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
)
_LEAST_RSA_BITS = 2048
_FOLDS = re.compile(rb"\r\n(?=[ \t])")
_SPACES = re.compile(rb"[ \t]+")
_SPACE_BEFORE_END = re.compile(rb"[ \t]+(?=\r\n)")
_EMPTY_LINES_AT_END = re.compile(rb"(\r\n)*\Z")
_FOLD = 72


def load_key(file: Path) -> SigningKey:
    """A private key from a PEM file without a passphrase. Raises ValueError for one that DKIM has no use for."""
    key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    if isinstance(key, RSAPrivateKey) and key.key_size >= _LEAST_RSA_BITS:
        return key
    if isinstance(key, Ed25519PrivateKey):
        return key
    raise ValueError(f"{file} is neither an Ed25519 key nor an RSA key of at least {_LEAST_RSA_BITS} bits")


class Signer:
    """Puts one signature for each key before a mail; ``keys`` are by selector."""

    def __init__(self, keys: Mapping[str, SigningKey]) -> None:
        self._keys = dict(keys)

    def signed(self, mail: str, domain: str, now: datetime) -> str:
        """The mail (ASCII, lines that end with CRLF) with its signatures by ``domain``, made at ``now``."""
        head, _, body = mail.encode("ascii").partition(b"\r\n\r\n")
        fields = _fields(head)
        present = [name for name in _SIGNED if name in fields]
        signed_part = b"".join(fields[name] + b"\r\n" for name in present)
        body_digest = base64.b64encode(hashlib.sha256(relaxed_body(body)).digest()).decode()
        signatures = (
            _signature(selector, key, domain, now, present, signed_part, body_digest)
            for selector, key in self._keys.items()
        )
        return "".join(signatures) + mail


def relaxed_body(body: bytes) -> bytes:
    """RFC 6376, 3.4.4."""
    lines = _SPACES.sub(b" ", _SPACE_BEFORE_END.sub(b"", body))
    trimmed = _EMPTY_LINES_AT_END.sub(b"", lines.rstrip(b" "), count=1)
    return trimmed + b"\r\n" if trimmed else b""


def _fields(head: bytes) -> dict[str, bytes]:
    """The header fields, relaxed (RFC 6376, 3.4.2), by lower-case name; of repeated ones the last."""
    unfolded = _FOLDS.sub(b"", head)
    found = {}
    for field in unfolded.split(b"\r\n"):
        name, _, value = field.partition(b":")
        lowered = name.strip().lower()
        found[lowered.decode("ascii")] = lowered + b":" + _relaxed_value(value)
    return found


def _relaxed_value(value: bytes) -> bytes:
    return _SPACES.sub(b" ", _FOLDS.sub(b"", value)).strip()


def _signature(
    selector: str,
    key: SigningKey,
    domain: str,
    now: datetime,
    present: list[str],
    signed_part: bytes,
    body_digest: str,
) -> str:
    algorithm = "rsa-sha256" if isinstance(key, RSAPrivateKey) else "ed25519-sha256"
    tags = (
        f"v=1; a={algorithm}; c=relaxed/relaxed",
        f"d={domain}; s={selector}; t={int(now.timestamp())}",
        f"h={_lines(present)}:from",
        f"bh={body_digest}",
        "b=",
    )
    value = ";\r\n ".join(tags)
    unsigned = b"dkim-signature:" + _relaxed_value(value.encode("ascii"))
    signature = base64.b64encode(_sign(key, signed_part + unsigned)).decode()
    pieces = [signature[start : start + _FOLD] for start in range(0, len(signature), _FOLD)]
    return f"DKIM-Signature: {value}" + "\r\n ".join(pieces) + "\r\n"


def _lines(names: list[str]) -> str:
    """Names of header fields with colons between, four on a line."""
    rows = [":".join(names[start : start + 4]) for start in range(0, len(names), 4)]
    return ":\r\n ".join(rows)


def _sign(key: SigningKey, text: bytes) -> bytes:
    if isinstance(key, RSAPrivateKey):
        return key.sign(text, padding.PKCS1v15(), hashes.SHA256())
    # RFC 8463, 3: the signature is over the digest.
    return key.sign(hashlib.sha256(text).digest())
