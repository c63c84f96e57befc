"""The constraints of Timefold's conference scheduling example, each as the number of units it counts in a plan.

Written from the constraint provider of github.com/TimefoldAI/timefold-solver-benchmarks and of the quickstart
`conference-scheduling` (read on 2026-11-22), independent of our rules. A unit is a minute, times how often something
is in common or missing. In the constraints between two talks their timeslots either overlap, and the shared minutes
count, or not, and the minutes of both together count.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, permutations

from bench.conference_scheduling.instance import Conference, Room, Speaker, Tags, TagWishes, Talk, Timeslot, Weight

_MINUTES_OF_A_DAY_TOO_MANY = 8 * 60


@dataclass(frozen=True)
class Placed:
    """A talk with its timeslot, room and speakers."""

    talk: Talk
    timeslot: Timeslot
    room: Room
    speakers: tuple[Speaker, ...]

    @property
    def minutes(self) -> int:
        return self.timeslot.minutes

    def shared(self, other: Placed) -> int:
        return self.timeslot.shared_minutes(other.timeslot)

    def together(self, other: Placed) -> int:
        return self.minutes + other.minutes

    def same_slot(self, other: Placed) -> bool:
        return self.timeslot.id == other.timeslot.id

    def same_day(self, other: Placed) -> bool:
        return self.timeslot.day == other.timeslot.day

    def common_speakers(self, other: Placed) -> int:
        return len(set(self.talk.speakers) & set(other.talk.speakers))


@dataclass(frozen=True)
class Plan:
    conference: Conference
    talks: tuple[Placed, ...]


Units = Callable[[Plan], int]


@dataclass(frozen=True)
class Constraint:
    """`weight` is the default of one unit, which a file may override by the constraint's name, or by its `family`'s."""

    name: str
    weight: Weight
    units: Units
    reward: bool = False
    family: str | None = None


def _each(units: Callable[[Placed], int]) -> Units:
    return lambda plan: sum(units(placed) for placed in plan.talks)


def _pairs(units: Callable[[Placed, Placed], int]) -> Units:
    return lambda plan: sum(units(one, other) for one, other in combinations(plan.talks, 2))


def _ordered(units: Callable[[Placed, Placed], int]) -> Units:
    return lambda plan: sum(units(one, other) for one, other in permutations(plan.talks, 2))


def _common(one: Tags, other: Tags) -> int:
    return len(one & other)


def _themes(one: Placed, other: Placed) -> int:
    return _common(one.talk.themes, other.talk.themes)


def _content(one: Placed, other: Placed) -> int:
    return _common(one.talk.content, other.talk.content)


def _audience_types(one: Placed, other: Placed) -> int:
    return _common(one.talk.audience_types, other.talk.audience_types)


def _room_unavailable(placed: Placed) -> int:
    return (placed.timeslot.id in placed.room.unavailable) * placed.minutes


def _room_conflict(one: Placed, other: Placed) -> int:
    return (one.room.id == other.room.id) * one.shared(other)


def _speaker_unavailable(placed: Placed) -> int:
    return sum(placed.timeslot.id in speaker.unavailable for speaker in placed.speakers) * placed.minutes


def _speaker_conflict(one: Placed, other: Placed) -> int:
    return one.common_speakers(other) * one.shared(other)


def _prerequisite(one: Placed, other: Placed) -> int:
    """The first is required to be over before the second starts."""
    late = one.talk.id in other.talk.prerequisites and one.timeslot.end > other.timeslot.start
    return late * one.together(other)


def _mutually_exclusive(one: Placed, other: Placed) -> int:
    return _common(one.talk.mutually_exclusive, other.talk.mutually_exclusive) * one.shared(other)


def _pause(plan: Plan) -> int:
    """Two talks of a speaker that overlap, or are on one day with too short a pause."""
    return sum(
        one.together(other)
        for one, other in combinations(plan.talks, 2)
        if one.common_speakers(other) and _too_close(one.timeslot, other.timeslot, plan.conference.pause)
    )


def _too_close(one: Timeslot, other: Timeslot, minutes: int) -> bool:
    gap = max(one.start, other.start) - min(one.end, other.end)
    return one.overlaps(other) or (one.day == other.day and gap < timedelta(minutes=minutes))


def _crowd_control(plan: Plan) -> int:
    """Risky talks belong in twos; one alone in its timeslot is let pass."""
    risky = [placed for placed in plan.talks if placed.talk.crowd_risk > 0]
    in_slot = Counter(placed.timeslot.id for placed in risky)
    return sum(placed.minutes for placed in risky if in_slot[placed.timeslot.id] > 2)


def _room_stability(one: Placed, other: Placed) -> int:
    moved = one.same_day(other) and one.room.id != other.room.id
    return moved * _themes(one, other) * one.together(other)


def _audience_flow(one: Placed, other: Placed) -> int:
    """The first is for beginners beside the second, and is not over when the second starts."""
    late = one.talk.audience_level < other.talk.audience_level and one.timeslot.end > other.timeslot.start
    return late * _content(one, other) * one.together(other)


def _popular(one: Placed, other: Placed) -> int:
    """The first is liked less and has the larger room, at whatever time."""
    upside_down = one.talk.favorites < other.talk.favorites and one.room.capacity > other.room.capacity
    return upside_down * one.together(other)


def _makespan(plan: Plan) -> int:
    days: dict[str, list[date]] = defaultdict(list)
    for placed in plan.talks:
        for speaker in placed.talk.speakers:
            days[speaker].append(placed.timeslot.day)
    spans = ((max(spent) - min(spent)).days for spent in days.values())
    return sum(max(0, span - 1) * _MINUTES_OF_A_DAY_TOO_MANY for span in spans)


def _tag_constraints() -> Iterator[Constraint]:
    """What talks and their speakers require, prefer, refuse and dislike about timeslots and rooms."""
    for who in ("Speaker", "Talk"):
        for about in ("timeslot", "room"):
            for kind in ("required", "prohibited", "preferred", "undesired"):
                weight = Weight(hard=1) if kind in {"required", "prohibited"} else Weight(soft=20)
                yield Constraint(f"{who} {kind} {about} tags", weight, _each(_unmet(who, about, kind)))


def _unmet(who: str, about: str, kind: str) -> Callable[[Placed], int]:
    def units(placed: Placed) -> int:
        tags = placed.timeslot.tags if about == "timeslot" else placed.room.tags
        wishers: tuple[Talk | Speaker, ...] = (placed.talk,) if who == "Talk" else placed.speakers
        wishes = (wisher.timeslot if about == "timeslot" else wisher.room for wisher in wishers)
        return sum(_breaches(wish, kind, tags) for wish in wishes) * placed.minutes

    return units


def _breaches(wishes: TagWishes, kind: str, tags: Tags) -> int:
    breaches = {
        "required": wishes.required - tags,
        "preferred": wishes.preferred - tags,
        "prohibited": wishes.prohibited & tags,
        "undesired": wishes.undesired & tags,
    }
    return len(breaches[kind])


def _same_day(common: Callable[[Placed, Placed], int]) -> Units:
    return _pairs(lambda one, other: (not one.same_day(other)) * common(one, other) * one.together(other))


def _in_parallel(common: Callable[[Placed, Placed], int]) -> Units:
    return _pairs(lambda one, other: common(one, other) * one.shared(other))


def _in_one_slot(common: Callable[[Placed, Placed], int]) -> Units:
    return _pairs(lambda one, other: one.same_slot(other) * common(one, other) * one.minutes)


CONSTRAINTS: tuple[Constraint, ...] = (
    Constraint("Room unavailable timeslot", Weight(hard=100_000), _each(_room_unavailable)),
    Constraint("Room conflict", Weight(hard=1_000), _pairs(_room_conflict)),
    Constraint("Speaker unavailable timeslot", Weight(hard=100), _each(_speaker_unavailable)),
    Constraint("Speaker conflict", Weight(hard=10), _pairs(_speaker_conflict)),
    Constraint("Talk prerequisite talks", Weight(hard=10), _ordered(_prerequisite)),
    Constraint("Talk mutually-exclusive-talks tags", Weight(hard=1), _pairs(_mutually_exclusive)),
    Constraint("Consecutive talks pause", Weight(hard=1), _pause),
    Constraint("Crowd control", Weight(hard=1), _crowd_control),
    Constraint("Theme track conflict", Weight(soft=10), _in_parallel(_themes)),
    Constraint("Theme track room stability", Weight(soft=10), _pairs(_room_stability)),
    Constraint(
        "Sector conflict",
        Weight(soft=10),
        _in_parallel(lambda one, other: _common(one.talk.sectors, other.talk.sectors)),
    ),
    Constraint("Audience type diversity", Weight(soft=1), _in_one_slot(_audience_types), reward=True),
    Constraint(
        "Audience type theme track conflict",
        Weight(soft=1),
        _in_parallel(lambda one, other: _audience_types(one, other) * _themes(one, other)),
    ),
    Constraint(
        "Audience level diversity",
        Weight(soft=1),
        _in_one_slot(lambda one, other: one.talk.audience_level != other.talk.audience_level),
        reward=True,
    ),
    Constraint("Content audience level flow violation", Weight(soft=10), _ordered(_audience_flow)),
    Constraint("Content conflict", Weight(soft=100), _in_parallel(_content)),
    Constraint(
        "Language diversity",
        Weight(soft=10),
        _in_one_slot(lambda one, other: one.talk.language != other.talk.language),
        reward=True,
    ),
    Constraint("Same day talks 'Theme track'", Weight(soft=10), _same_day(_themes), family="Same day talks"),
    Constraint("Same day talks 'Content'", Weight(soft=10), _same_day(_content), family="Same day talks"),
    Constraint("Popular talks", Weight(soft=10), _ordered(_popular)),
    Constraint("Speaker makespan", Weight(soft=20), _makespan),
    *_tag_constraints(),
)
