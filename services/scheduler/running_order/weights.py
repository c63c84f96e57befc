"""What the weighed rules cost: the definitions that the model and the scorer both follow.

All but the last group are minutes that each person in the room would give to avoid it; times the people expected they
are person-minutes. ``LeftOutWeights`` is so large that nothing else ever decides who may speak.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.scheduler.running_order.evening import Evening, Talk

SAME_TOPIC = 3
"""Two neighbours share a tag. Neighbours are in the same part: a break refreshes."""

SAME_LENGTH = 1
"""Two neighbours are equally long."""

FIRST_TIMER_ENDS_PART = 2
FIRST_TIMER_ENDS_EVENING = 4
"""The last of the evening costs this alone, not the last of its part as well."""

LOAD_TOLERANCE = 5
LOAD = 1
"""For each minute by which the longest part exceeds the shortest, beyond the tolerance (minutes)."""


@dataclass(frozen=True)
class LeftOutWeights:
    """Minutes of each person in the room, in tiers: one of a higher tier outweighs all of the lower ones together.

    ``talk`` is for each talk left out, ``presenter`` on top for each presenter who does not speak at all,
    ``carried_over`` on top for each talk that was left out last time, too.
    """

    talk: int
    presenter: int
    carried_over: int

    @classmethod
    def of(cls, evening: Evening) -> LeftOutWeights:
        talks = len(evening.talks)
        talk = 1 + most_of_the_rest(evening)
        presenter = talk * (talks + 1)
        return cls(talk=talk, presenter=presenter, carried_over=presenter * (talks + 1))


def most_of_the_rest(evening: Evening) -> int:
    """What the other rules cannot exceed together, whoever speaks."""
    return (
        len(evening.talks) * (SAME_TOPIC + SAME_LENGTH)
        + len(evening.breaks) * FIRST_TIMER_ENDS_PART
        + FIRST_TIMER_ENDS_EVENING
        + LOAD * evening.minutes
    )


def neighbour_cost(one: Talk, next_one: Talk) -> int:
    """What it costs that one follows the other in the same part."""
    same_topic = SAME_TOPIC * bool(set(one.tags) & set(next_one.tags))
    return same_topic + SAME_LENGTH * (one.minutes == next_one.minutes)
