"""Where people join a session online: the room's own link, or one for each session made from its template."""

from __future__ import annotations

import hashlib
import hmac

from shared.contract.facts.registrations import Room
from shared.contract.rooms import expanded

_TOKEN_DIGITS = 20


def join_url(room: Room, *, session: str, proposal: str, programme: str) -> str | None:
    """The address at which people join this session; None for a room without one.

    A template's ``{token}`` is a keyed digest of the session: the same for every release, and nobody finds it from
    the ids that releases publish.
    """
    if room.join_template is None:
        return room.join_url
    filled = expanded(room.join_template)
    values = {
        "session": session,
        "proposal": proposal,
        "programme": programme,
        "room": room.room,
        "token": _token(room, session),
    }
    for name, value in values.items():
        filled = filled.replace(f"{{{name}}}", value)
    return filled


def _token(room: Room, session: str) -> str:
    secret = room.join_secret or ""
    return hmac.digest(secret.encode(), session.encode(), hashlib.sha256).hex()[:_TOKEN_DIGITS]
