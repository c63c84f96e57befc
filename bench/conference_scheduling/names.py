"""The source's names as ids and tags of ours: small letters, digits and hyphens."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LONGEST = 40


def slug(text: str) -> str:
    """Not empty, and short enough for a tag."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:_LONGEST] or "x"


def names(sources: Iterable[str]) -> dict[str, str]:
    """A name of ours for each of the source's; those that would be the same get a number."""
    taken: dict[str, str] = {}
    for source in sorted(set(sources)):
        name, number = slug(source), 2
        while name in taken.values():
            name, number = f"{slug(source)[: _LONGEST - 5]}-{number}", number + 1
        taken[source] = name
    return taken
