"""Shares of person-minutes: the definitions that both implementations of a rule follow.

Attendance counts a person's minutes in full when they said *coming* and *yes*. Everything else is a share of that,
in twentieths, so that sums stay whole until the one division at the end.
"""

from __future__ import annotations

from services.scheduler.entities import Session
from services.scheduler.timeline import Standing

WHOLE = 20
LEVEL_SHARE = {"coming": 20, "interested": 10}
STANDING_SHARE = {Standing.YES: 20, Standing.UNKNOWN: 18, Standing.IF_NEED_BE: 10, Standing.NO: 0}

PRESENTER_IF_NEED_BE = 3
"""A minute at which a presenter comes only if need be counts as much as three people's minutes lost."""

MOVED_TIME = 600
MOVED_ROOM = 150
"""Person-minutes of inconvenience for each person whose published session moves in time, or only changes room."""

OUTSIDE_PREFERRED_TIMES = 1
"""A minute outside the times that a proposal prefers counts as one person's minute."""

UNWANTED_TAG = 1
"""A minute in a timeslot or room that is not as somebody would like it counts as one person's minute."""

SHARED_THEME = 2
SHARED_CONTENT = 5
SHARED_TAG = 1
"""A minute at which two sessions with something in common overlap: as if so many more people wanted both."""

WORKING_DAY = 8 * 60
"""Minutes that a day costs somebody who has to be there."""


def attendee_share(level: str, standing: Standing) -> int:
    """Twentieths of a person-minute that one person adds to each minute of a session."""
    return LEVEL_SHARE[level] * STANDING_SHARE[standing] // WHOLE


def seats_for_attendees(session: Session, capacity: int) -> int:
    """How many can attend beside the presenters."""
    return max(0, capacity - len(session.presenters))
