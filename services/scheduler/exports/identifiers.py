"""Ids for schedule.xml and schedule.json: the same for ever, and made from our own ids alone.

A GUID is a UUID of version 5 (RFC 9562, 5.5) in the name space of the community's domain. Nothing is ever made from a
person's address: whoever knows the address could recognise them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from uuid import NAMESPACE_DNS, UUID, uuid5

# Readers keep ids as signed 32-bit integers.
_LARGEST = 2**31 - 1
_SHORTEST_ACRONYM = 4


class Kind(StrEnum):
    SESSION = "session"
    ROOM = "room"
    PERSON = "person"


def guid(domain: str, kind: Kind, id: str) -> UUID:
    """The GUID of a session, room or person of the community with that domain."""
    return uuid5(uuid5(NAMESPACE_DNS, domain), f"{kind}/{id}")


def numbers(guids: Iterable[UUID]) -> dict[UUID, int]:
    """A positive integer for each GUID, unique among them; the same from one export to the next.

    Only where two would have the same number does one of them depend on which others there are.
    """
    given: dict[int, UUID] = {}
    for each in sorted(set(guids)):
        number = each.int % _LARGEST + 1
        while number in given:
            number = number % _LARGEST + 1
        given[number] = each
    return {each: number for number, each in given.items()}


def acronym(programme: str) -> str:
    """A programme's id in the alphabet of acronyms: at least four of a-z, 0-9 and '_'."""
    name = programme.replace("-", "_")
    return name if len(name) >= _SHORTEST_ACRONYM else f"tm_{name}"


def slug(programme: str, number: int, session: str) -> str:
    """A unique name for links and files: acronym, number, session."""
    return re.sub("-+$", "", f"{acronym(programme)}-{number}-{session}")
