"""What new zone rules do to what calendars hold.

A session is an instant, while its invitation tells a wall time and a zone. When other rules come with an upgrade of
tzdata, calendars keep the wall time and show another instant. So an invite fact keeps the offsets that its message
was written with; where they no longer hold, the calendar must be told again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta, tzinfo

from shared.contract.facts.notifier import CalendarEntry, Invite
from shared.time.zones import zone

ZoneRules = Callable[[str], tzinfo]
"""Gives the rules of the zone with an IANA name."""

_MINUTE = timedelta(minutes=1)


def offsets(entry: CalendarEntry, rules: ZoneRules = zone) -> tuple[int, ...]:
    """By how many minutes the entry's clocks are ahead of UTC at each start, in the order of dates and changes."""
    starts = (*(entry.dates or (entry.start,)), *(each.start for each in entry.changed))
    local = [start.astimezone(rules(entry.zone)).utcoffset() for start in starts]
    return tuple(offset // _MINUTE for offset in local if offset is not None)


def is_moved(told: Invite, rules: ZoneRules = zone) -> bool:
    """Whether a calendar shows another instant than it was told. Messages from before offsets were kept are right."""
    return told.offsets is not None and told.offsets != offsets(told.entry, rules)
