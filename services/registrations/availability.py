"""Whether a person can come at a time, by everything they and their systems said."""

from __future__ import annotations

from datetime import timedelta

from shared.contract.facts.registrations import Availability
from shared.contract.values import Answer
from shared.time.intervals import Interval

_MOST_CAUTIOUS_FIRST = (Answer.NO, Answer.IF_NEED_BE, Answer.YES)


def answer_at(availability: Availability | None, time: Interval) -> Answer | None:
    """The most cautious answer that holds at some moment of ``time``; None where nothing was said."""
    if availability is None:
        return None
    first, last = time.start.date() - timedelta(days=1), time.end.date() + timedelta(days=1)
    given = {
        window.answer
        for window in availability.windows()
        for interval in window.intervals(first, last)
        if interval.overlaps(time)
    }
    return next((answer for answer in _MOST_CAUTIOUS_FIRST if answer in given), None)
