"""Ids made from the names of schools, departments and sites, which facts hold as words."""

from __future__ import annotations

import hashlib
import re
import unicodedata

LONGEST = 64
DIGITS = 12


def slug(name: str) -> str:
    """An id that reads like the name: ``St. Mary's`` is ``st-mary-s``. Names that differ in case alone share it.

    Where nothing of the name is left in the alphabet of ids, or it is too long, a digest of the name stands in.
    """
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    read = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    digest = hashlib.sha256(name.casefold().encode()).hexdigest()[:DIGITS]
    if not read:
        return digest
    return read if len(read) <= LONGEST else f"{read[: LONGEST - DIGITS - 1].rstrip('-')}-{digest}"
