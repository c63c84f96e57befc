"""The vocabulary in which rules state themselves on the tables: relations of two sessions, measures of several."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Relation(IntEnum):
    """How one session lies to another; each is a number, 0 where they do not lie so. ``p`` is the parameter."""

    OVERLAP = 0
    """1 when they share an instant."""
    OVERLAP_MINUTES = 1
    """The minutes that they share."""
    OVERLAP_IN_OTHER_ROOM = 2
    SAME_TIMESLOT = 3
    """1 when both lie in the same timeslot; without timeslots, when they begin together."""
    SAME_TIMESLOT_IN_OTHER_ROOM = 4
    SAME_CELL = 5
    """1 when both lie in the same timeslot and room."""
    SAME_DAY = 6
    OTHER_DAY = 7
    SAME_DAY_IN_OTHER_ROOM = 8
    SAME_WEEK = 9
    SAME_SITE = 10
    NOT_BEFORE = 11
    """1 when the one does not end before the other begins."""
    BEFORE = 12
    """1 when the one ends before the other begins, or as it begins."""
    GAP_UNDER = 13
    """1 when they do not overlap and less than ``p`` minutes lie between them."""
    GAP_UNDER_BETWEEN_SITES = 14
    """The same, when they are at different sites."""
    ONE_IN_LARGER_ROOM = 15
    """1 when the one's room holds more people than the other's."""
    DAYS_OUTSIDE = 16
    """1 unless the other lies ``p // 1000`` to ``p % 1000`` days after the one."""
    NOT_NEXT_TO = 17
    """1 unless one begins as the other ends, in the same room."""


@dataclass(frozen=True)
class PairTerm:
    """``amount`` times the relation of one session to another. Negative amounts are gains.

    ``requires``: it counts too when the other has a place and the one has none.
    """

    one: str
    other: str
    relation: Relation
    amount: int = 1
    parameter: int = 0
    requires: bool = False


class Key(IntEnum):
    """What of a place sessions are sorted by."""

    ALL = 0
    DAY = 1
    WEEK = 2
    TIMESLOT = 3
    ROOM = 4
    SITE = 5
    CELL = 6
    """Timeslot and room."""
    CADENCE = 7
    """Weekday and local time, and the open week in which a weekly series would begin that has this part here. Parts of
    one series that agree in it follow one another week by week."""


class Measure(IntEnum):
    """What is measured of a group of sessions."""

    COUNT = 0
    """For each value of the key, ``table[number of members there]``; past its end, the last step goes on."""
    DISTINCT = 1
    """For each value of the key, how many values of ``inner`` beyond the first the members there have."""
    GAPS_IN_TIMESLOTS = 2
    """1 when the timeslots that the members use are not in one run of the programme's timeslots."""
    LARGEST_OVERFLOW = 3
    """The largest of the members' demands (``table``, in their order) less their room's capacity; at least the last
    entry of ``table``, which is one more than there are members."""
    DAYS = 4
    """``table[days from the first to the last of the members]``; past its end, the last step goes on. The table never
    falls, and amounts cost."""
    USED = 5
    """For each value of the key at which members are, the entry of ``table`` for the value of ``inner`` there. Entries
    go by the timeslot's rank, the room's number, or, for cells, timeslot by timeslot through all rooms."""
    MIXED = 6
    """For each value of the key, how many labels beyond the first the members there have (``table``, by member)."""
    PARALLEL = 7
    """For each value of the key, how many values of ``inner`` the members labelled 0 have there, times how many those
    labelled 1 have (``table``, in their order)."""
    SEQUENCE = 8
    """How many members are not at the place they want (``table``, in their order; from 1, 0 for any) in the running
    sequence of the members: timeslot by timeslot, room by room, then by start."""
    NO_FREE_STRETCH = 9
    """The days with members on which these leave less than ``table[0]`` minutes in one piece inside the day's window.
    The rest of ``table`` is begin and end of each day's window, in minutes since the epoch; 0 and 0 where there is
    none."""


@dataclass(frozen=True)
class GroupTerm:
    """``amount`` times a measure of these sessions as far as they have a place. ``table``: see the measures."""

    members: tuple[str, ...]
    measure: Measure
    key: Key = Key.ALL
    inner: Key = Key.ALL
    amount: int = 1
    table: tuple[int, ...] = (0,)


@dataclass(frozen=True)
class SumTerm:
    """What is missing of all that a group wants: ``missing`` while no session has a place, less what sessions bring.

    It counts once for each threshold that it is above, as far as it is above it: a convex cost in whole steps.
    Thresholds are in order.
    """

    missing: int
    thresholds: tuple[int, ...]

    def counted(self, missing: int) -> int:
        """What the sum counts for when so much is missing."""
        return sum(max(0, missing - threshold) for threshold in self.thresholds)
