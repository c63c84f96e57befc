"""What our own mail server found out about a sender, from the Authentication-Results field that it wrote (RFC 8601)."""

from __future__ import annotations

import re
from collections.abc import Sequence

_COMMENT = re.compile(r"\([^()]*\)")
_HEADER_FROM = re.compile(r"header\.from\s*=\s*\"?@?([^\s;\"]+)", re.IGNORECASE)
_DMARC_PASS = re.compile(r"dmarc\s*=\s*pass\b", re.IGNORECASE)


def is_aligned(fields: Sequence[str], authserv_id: str | None, sender: str) -> bool:
    """Whether our mail server says that the domain of ``sender`` stands behind the mail (DMARC passed for it).

    Only the topmost field with our server's own name counts: anybody can write fields further down. Without a name
    (``authserv_id`` None) nothing counts.
    """
    if authserv_id is None or "@" not in sender:
        return False
    own = next((field for field in map(_plain, fields) if _names(field, authserv_id)), None)
    return own is not None and any(_passes(result, sender) for result in own.split(";")[1:])


def _plain(field: str) -> str:
    return _COMMENT.sub(" ", " ".join(field.split()))


def _names(field: str, authserv_id: str) -> bool:
    stated = field.partition(";")[0].split()
    return bool(stated) and stated[0].lower() == authserv_id.lower()


def _passes(result: str, sender: str) -> bool:
    about = _HEADER_FROM.search(result)
    domain = sender.rpartition("@")[2].lower()
    return _DMARC_PASS.match(result.strip()) is not None and about is not None and about[1].lower() == domain
