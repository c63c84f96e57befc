"""Quiet hours: the part of a recipient's day in which only what is urgent arrives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from shared.time.zones import zone

_FORM = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True)
class QuietHours:
    """From ``start`` to ``end`` by the recipient's clock; over midnight when ``end`` is not after ``start``."""

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
        """When the quiet hours end that ``now`` lies in; None outside them.

        Across a change of the clocks they end at the same local time as ever; a local time that the change skips
        counts as the moment after it.
        """
        local = now.astimezone(zone(zone_name))
        for day in (local.date() - timedelta(days=1), local.date()):
            start = datetime.combine(day, self.start, tzinfo=local.tzinfo).astimezone(UTC)
            last_day = day if self.end > self.start else day + timedelta(days=1)
            end = datetime.combine(last_day, self.end, tzinfo=local.tzinfo).astimezone(UTC)
            if start <= now < end:
                return end
        return None
