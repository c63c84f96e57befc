"""When a room is closed: all times outside its opening hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta

from shared.contract.facts.registrations import Room
from shared.time.intervals import Interval, local_interval, merged
from shared.time.zones import zone

_MIDNIGHT, _DAY = time(0), timedelta(days=1)


def closed_times(room: Room, first: date, last: date, programme_zone: str) -> Iterator[Interval]:
    """The times from ``first`` to ``last`` (local days of the programme) at which the room is closed.

    A room that states no hours is never closed. Hours are told by the room's own clock, or by the programme's.
    """
    if not room.hours:
        return
    clock = room.zone or programme_zone
    # One more day on either side: nights reach over, and so do rooms in another zone.
    open_ = merged(each for hours in room.hours for each in hours.intervals(first - _DAY, last + _DAY, clock))
    local = zone(programme_zone)
    closed_from = local_interval(first, _MIDNIGHT, _MIDNIGHT, local).start
    until = local_interval(last, _MIDNIGHT, _MIDNIGHT, local).end
    for each in open_:
        if closed_from < min(each.start, until):
            yield Interval(closed_from, min(each.start, until))
        closed_from = max(closed_from, each.end)
    if closed_from < until:
        yield Interval(closed_from, until)
