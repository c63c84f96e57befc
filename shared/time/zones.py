"""IANA zones by the pinned rules of the tzdata package, never by the machine's own files.

Two machines with other system rules would put one session at two instants (America/Vancouver in January 2027
differs by an hour between tzdata 2025b and 2026.6), so the search path for system files is emptied here.
"""

from __future__ import annotations

import zoneinfo
from functools import cache

zoneinfo.reset_tzpath(to=())


@cache
def known_zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def zone(name: str) -> zoneinfo.ZoneInfo:
    """The zone of that IANA name. Raises ``zoneinfo.ZoneInfoNotFoundError``."""
    return zoneinfo.ZoneInfo(name)
