"""VTIMEZONE (RFC 5545, 3.6.5) for a stretch of time: one observance for what holds at first, one for each change.

The changes are looked up in the zone's own data, so that every zone has an exact definition, also those whose rules
do not repeat from year to year. (The icalendar library's own definitions begin summer time an hour late.)
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from shared.time.zones import zone

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


def vtimezone(zone_name: str, first: datetime, last: datetime) -> Timezone:
    """The definition of an IANA zone that is exact from ``first`` to ``last`` (UTC instants) and a day around them."""
    begin, end = first.replace(hour=0, minute=0, second=0, microsecond=0) - _DAY, last + _DAY
    changes = _changes(zone_name, begin, end)
    usual = min(_offset(zone_name, each) for each in (begin, *changes))
    component = Timezone()
    component.add("tzid", zone_name)
    component.add_component(_observance(zone_name, begin, _offset(zone_name, begin), usual))
    for onset in changes:
        component.add_component(_observance(zone_name, onset, _offset(zone_name, onset - _SECOND), usual))
    return component


def _observance(
    zone_name: str, onset: datetime, before: timedelta, usual: timedelta
) -> TimezoneStandard | TimezoneDaylight:
    """What holds from ``onset``. STANDARD is the smaller offset, also where the law names it otherwise (Dublin)."""
    offset = _offset(zone_name, onset)
    component = TimezoneStandard() if offset == usual else TimezoneDaylight()
    # An onset is told by the clock that ends then.
    component.add("dtstart", (onset + before).replace(tzinfo=None))
    component.add("tzoffsetfrom", before)
    component.add("tzoffsetto", offset)
    component.add("tzname", onset.astimezone(zone(zone_name)).tzname())
    return component


def _changes(zone_name: str, begin: datetime, end: datetime) -> list[datetime]:
    """The instants between ``begin`` and ``end`` from which another offset holds. No zone changes twice in a day."""
    found = []
    at = begin
    while at < end:
        if _offset(zone_name, at) != _offset(zone_name, at + _DAY):
            found.append(_onset(zone_name, at, at + _DAY))
        at += _DAY
    return found


def _onset(zone_name: str, before: datetime, after: datetime) -> datetime:
    """The first second with the offset of ``after``."""
    while after - before > _SECOND:
        middle = before + timedelta(seconds=(after - before) // _SECOND // 2)
        if _offset(zone_name, middle) == _offset(zone_name, before):
            before = middle
        else:
            after = middle
    return after


def _offset(zone_name: str, instant: datetime) -> timedelta:
    offset = instant.astimezone(UTC).astimezone(zone(zone_name)).utcoffset()
    assert offset is not None, "an instant in a zone has an offset"
    return offset
