"""UID: what makes a session one entry in every calendar, wherever it comes from."""

from __future__ import annotations


def uid(session: str, domain: str) -> str:
    """One UID for a session, for ever. ``domain`` is the community's."""
    return f"{session}@{domain}"
