"""Until when an offered seat is held."""

from __future__ import annotations

from datetime import datetime, timedelta

from shared.contract.facts.seats import SeatPolicy
from shared.time.intervals import Interval

_SHORTEST_OFFER = timedelta(minutes=15)


def held_until(now: datetime, start: datetime, policy: SeatPolicy, zone: str) -> datetime:
    """When an offer ends that is made ``now`` to somebody who lives by the clock of ``zone``.

    Quiet hours do not count: nobody loses a seat in their sleep. Close to the session an offer is held for half of the
    time that is left, so that it can still pass on; never beyond its start. Who has nothing but quiet hours left until
    then has a session in the middle of them, and is taken to be awake.
    """
    hours = timedelta(hours=policy.offer_hours)
    quiet = policy.quiet()
    if quiet is not None:
        # What is further away than twice the hours makes no difference.
        far = quiet.after(now, 2 * hours, zone, at_most=start)
        awake = quiet.waking(Interval(now, far), zone)
        if awake:
            return quiet.after(now, min(hours, _half(awake)), zone, at_most=start)
    return min(now + min(hours, _half(start - now)), start)


def _half(left: timedelta) -> timedelta:
    return max(left / 2, _SHORTEST_OFFER)
