"""Quiet hours: the part of a person's day in which nobody expects anything of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from shared.time.intervals import Interval, local_interval
from shared.time.zones import zone

_FORM = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True)
class QuietHours:
    """From ``start`` to ``end`` by the person's clock; over midnight when ``end`` is not after ``start``."""

    start: time
    end: time

    @classmethod
    def read(cls, text: str) -> QuietHours:
        """From ``22:00-07:00``. Raises ValueError."""
        found = _FORM.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"{text!r} is not a span of local time such as 22:00-07:00")
        hours = [int(each) for each in found.groups()]
        start, end = time(hours[0], hours[1]), time(hours[2], hours[3])
        if start == end:
            raise ValueError(f"{text!r} would never end; leave quiet hours away if there are none")
        return cls(start, end)

    def ends_at(self, now: datetime, zone_name: str) -> datetime | None:
        """When the quiet hours end that ``now`` lies in; None outside them."""
        night = next(self._since(now, zone_name))
        return night.end if night.start <= now else None

    def waking(self, between: Interval, zone_name: str) -> timedelta:
        """How much of that time is outside the quiet hours."""
        awake = between.end - between.start
        for quiet in self._since(between.start, zone_name):
            if quiet.start >= between.end:
                return awake
            awake -= min(quiet.end, between.end) - max(quiet.start, between.start)
        return awake

    def after(self, moment: datetime, awake: timedelta, zone_name: str, *, at_most: datetime) -> datetime:
        """When so much time outside the quiet hours has passed since ``moment``; ``at_most`` where that is earlier."""
        for quiet in self._since(moment, zone_name):
            free = max(quiet.start - moment, timedelta(0))
            if awake <= free or moment >= at_most:
                break
            awake -= free
            moment = quiet.end
        return min(moment + awake, at_most)

    def _since(self, moment: datetime, zone_name: str) -> Iterator[Interval]:
        """The quiet hours that end after that moment, night by night, by a clock that may be changed in between."""
        clock = zone(zone_name)
        day = moment.astimezone(clock).date() - timedelta(days=1)
        while True:
            night = local_interval(day, self.start, self.end, clock)
            if night.end > moment:
                yield night
            day += timedelta(days=1)
