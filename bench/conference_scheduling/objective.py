"""What a plan scores by Timefold's conference scheduling example, and what its solver could not have answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bench.conference_scheduling.constraints import CONSTRAINTS, Constraint, Placed, Plan
from bench.conference_scheduling.instance import Conference, Place, Talk, Weight


@dataclass(frozen=True)
class Score:
    """At best 0 hard; more is better on both levels. `constraints` are their shares, by name. `invalid` are sentences
    about talks that are not placed, not where their type allows or no longer where they are pinned."""

    hard: int
    soft: int
    constraints: Mapping[str, Weight]
    invalid: tuple[str, ...]


def score(conference: Conference, places: Mapping[str, Place]) -> Score:
    """`places` are by the talks' ids; ids of places that the conference does not have raise KeyError."""
    placed = (_placed(conference, talk, places[talk.id]) for talk in conference.talks.values() if talk.id in places)
    plan = Plan(conference, tuple(placed))
    shares = {constraint.name: _share(constraint, plan) for constraint in CONSTRAINTS}
    hard, soft = (sum(getattr(share, level) for share in shares.values()) for level in ("hard", "soft"))
    return Score(hard, soft, shares, tuple(_invalid(conference, places)))


def _placed(conference: Conference, talk: Talk, place: Place) -> Placed:
    speakers = tuple(conference.speakers[speaker] for speaker in talk.speakers)
    return Placed(talk, conference.timeslots[place.timeslot], conference.rooms[place.room], speakers)


def _share(constraint: Constraint, plan: Plan) -> Weight:
    weights = plan.conference.weights
    named = weights.get(constraint.name) or weights.get(constraint.family or "")
    weight = named or constraint.weight
    units = constraint.units(plan) * (1 if constraint.reward else -1)
    return Weight(weight.hard * units, weight.soft * units)


def _invalid(conference: Conference, places: Mapping[str, Place]) -> Iterator[str]:
    yield from (f"{talk} is no talk of the conference" for talk in places if talk not in conference.talks)
    for talk in conference.talks.values():
        place = places.get(talk.id)
        if place is None:
            yield f"{talk.code} is not placed"
        else:
            yield from _misplaced(conference, talk, place)


def _misplaced(conference: Conference, talk: Talk, place: Place) -> Iterator[str]:
    allowed = conference.talk_types[talk.type]
    if place.timeslot not in allowed.timeslots:
        yield f"{talk.code} is in {place.timeslot}, which is not for talks of type {allowed.name}"
    if place.room not in allowed.rooms:
        yield f"{talk.code} is in {place.room}, which is not for talks of type {allowed.name}"
    if talk.pinned and place != talk.place:
        yield f"{talk.code} is not where it is pinned"
