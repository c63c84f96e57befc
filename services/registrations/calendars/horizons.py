"""The days for which a calendar's busy times are kept: at least from a week ago to 400 days ahead.

They move on in steps of four weeks. A step a day would write everybody's availability anew each day, for one more
lesson a year from now.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from services.registrations.imports.horizon import Horizon
from shared.time.zones import zone

DAYS_BACK = 7
DAYS_AHEAD = 400
STEP_DAYS = 28


def horizon_at(now: datetime, zone_name: str) -> Horizon:
    """The days that count now, in somebody's own zone."""
    earliest = now.astimezone(zone(zone_name)).date() - timedelta(days=DAYS_BACK)
    first = earliest - timedelta(days=earliest.toordinal() % STEP_DAYS)
    return Horizon(first, first + timedelta(days=STEP_DAYS + DAYS_BACK + DAYS_AHEAD), zone_name)
