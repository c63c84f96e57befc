"""The dates of a series as calendars take them: a rule where one is exact, a list of dates where none is.

Outlook shows a series only by its rule, so dates that are whole weeks or days apart become an RRULE, without the ones
in between that are left out (EXDATE). A rule repeats what the clock shows; dates whose wall times differ, as weekly
instants in UTC do when clocks change, are listed (RDATE).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import gcd

_DAYS_OF_WEEK = 7
_DATES_PER_LEFT_OUT = 2
"""A rule that leaves out more than every second date tells less than a list."""


@dataclass(frozen=True)
class Recurrence:
    """What recurs from the first date on: ``rule`` as RRULE has it or ``listed`` dates, both without ``left_out``."""

    rule: tuple[tuple[str, str | int], ...] = ()
    listed: tuple[datetime, ...] = ()
    left_out: tuple[datetime, ...] = ()


def recurrence(walls: Sequence[datetime], cancelled: Sequence[datetime]) -> Recurrence:
    """The recurrence of dates in order, all by one clock; ``cancelled`` are those of them that are not held."""
    by_rule = _by_rule(walls)
    if by_rule is None:
        return Recurrence(listed=tuple(walls[1:]), left_out=tuple(cancelled))
    rule, between = by_rule
    return Recurrence(rule=rule, left_out=tuple(sorted((*between, *cancelled), key=_shown)))


def _by_rule(walls: Sequence[datetime]) -> tuple[tuple[tuple[str, str | int], ...], list[datetime]] | None:
    shown = [_shown(wall) for wall in walls]
    if len(shown) < 2 or any(each.time() != shown[0].time() for each in shown):
        return None
    step = gcd(*((later - sooner).days for sooner, later in pairwise(shown)))
    count = (shown[-1] - shown[0]).days // step + 1
    if count > _DATES_PER_LEFT_OUT * len(shown):
        return None
    all_dates = [walls[0] + timedelta(days=step * number) for number in range(count)]
    between = [each for each in all_dates if _shown(each) not in set(shown)]
    weekly = step % _DAYS_OF_WEEK == 0
    frequency, interval = ("WEEKLY", step // _DAYS_OF_WEEK) if weekly else ("DAILY", step)
    return (("FREQ", frequency), ("INTERVAL", interval), ("COUNT", count)), between


def _shown(wall: datetime) -> datetime:
    """What the clock shows, without its zone: aware datetimes are told apart by instants."""
    return wall.replace(tzinfo=None)
