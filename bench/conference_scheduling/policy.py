"""Timefold's constraints as rules of ours, with the weights of a conference.

What is hard there must hold here. A constraint that the file moves to the soft level is weighed, one that it sets to
nothing is switched off. A unit of our rules is a unit of the source's, so weights stay what they are.

Two things are stricter here: a room never holds two talks, whatever a file says of `Room conflict`; and a room that is
not available in a timeslot is not available in any that overlaps it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bench.conference_scheduling.constraints import CONSTRAINTS, Constraint
from bench.conference_scheduling.instance import Conference
from bench.conference_scheduling.names import slug
from bench.peers.errors import FormatError
from services.scheduler.rules.audience_flow import ContentAudienceLevelFlow
from services.scheduler.rules.base import Level, Rule, Scope
from services.scheduler.rules.conflicts import PresenterConflict
from services.scheduler.rules.crowd_control import CrowdControl
from services.scheduler.rules.diversity import AudienceLevelDiversity, AudienceTypeDiversity, LanguageDiversity
from services.scheduler.rules.pause import ConsecutiveSessionsPause
from services.scheduler.rules.policy import Policy
from services.scheduler.rules.popular_rooms import PopularInLargeRooms
from services.scheduler.rules.prerequisite import Prerequisite
from services.scheduler.rules.presenter_makespan import PresenterMakespan
from services.scheduler.rules.room_stability import ThemeTrackRoomStability
from services.scheduler.rules.room_tags import (
    PreferredRoomTags,
    ProhibitedRoomTags,
    RequiredRoomTags,
    UndesiredRoomTags,
)
from services.scheduler.rules.rooms import RoomUnavailable
from services.scheduler.rules.same_day import SameDay
from services.scheduler.rules.tags_in_common import (
    AudienceTypeThemeTrackConflict,
    ContentConflict,
    MutuallyExclusive,
    SectorConflict,
    ThemeTrackConflict,
)
from services.scheduler.rules.timeslot_tags import (
    PreferredTimeslotTags,
    ProhibitedTimeslotTags,
    RequiredTimeslotTags,
    UndesiredTimeslotTags,
)

HARD_REWARD = 10**6
"""A reward on the hard level cannot be something that must hold; it weighs so much on the soft one."""

RULES: dict[str, Rule] = {
    "Room unavailable timeslot": RoomUnavailable(),
    "Speaker conflict": PresenterConflict(),
    "Talk prerequisite talks": Prerequisite(),
    "Talk mutually-exclusive-talks tags": MutuallyExclusive(),
    "Theme track conflict": ThemeTrackConflict(),
    "Theme track room stability": ThemeTrackRoomStability(),
    "Sector conflict": SectorConflict(),
    "Audience type diversity": AudienceTypeDiversity(by="in-common"),
    "Audience type theme track conflict": AudienceTypeThemeTrackConflict(),
    "Audience level diversity": AudienceLevelDiversity(),
    "Content audience level flow violation": ContentAudienceLevelFlow(),
    "Content conflict": ContentConflict(),
    "Language diversity": LanguageDiversity(),
    "Same day talks 'Theme track'": SameDay(by=("themes",)),
    "Same day talks 'Content'": SameDay(by=("contents",)),
    "Popular talks": PopularInLargeRooms(),
    "Speaker makespan": PresenterMakespan(),
    "Talk required timeslot tags": RequiredTimeslotTags(whose="session"),
    "Talk prohibited timeslot tags": ProhibitedTimeslotTags(whose="session"),
    "Talk preferred timeslot tags": PreferredTimeslotTags(whose="session"),
    "Talk undesired timeslot tags": UndesiredTimeslotTags(whose="session"),
    "Talk required room tags": RequiredRoomTags(whose="session"),
    "Talk prohibited room tags": ProhibitedRoomTags(whose="session"),
    "Talk preferred room tags": PreferredRoomTags(whose="session"),
    "Talk undesired room tags": UndesiredRoomTags(whose="session"),
    "Speaker required timeslot tags": RequiredTimeslotTags(whose="presenters"),
    "Speaker preferred timeslot tags": PreferredTimeslotTags(whose="presenters"),
    "Speaker undesired timeslot tags": UndesiredTimeslotTags(whose="presenters"),
    "Speaker required room tags": RequiredRoomTags(whose="presenters"),
    "Speaker prohibited room tags": ProhibitedRoomTags(whose="presenters"),
    "Speaker preferred room tags": PreferredRoomTags(whose="presenters"),
    "Speaker undesired room tags": UndesiredRoomTags(whose="presenters"),
}
"""Those that are one rule of ours, whatever the conference."""


@dataclass(frozen=True)
class Vocabulary:
    """What the rules of one conference name: the tags of its timeslots, those that stand for one timeslot, and by the
    length of talks in minutes, the formats that have it."""

    timeslot_tags: tuple[str, ...]
    timeslots_as_tags: tuple[str, ...]
    formats: Mapping[int, tuple[str, ...]]


def policy(conference: Conference, vocabulary: Vocabulary) -> Policy:
    """The rules of this conference, with the weights of its file. Raises FormatError for a weight below nothing."""
    rules = [
        _as_weighed(conference, constraint, rule, units, number)
        for constraint in CONSTRAINTS
        for number, (rule, units) in enumerate(_rules(conference, vocabulary, constraint.name))
    ]
    return Policy.model_validate({"pack": "conference", "version": 1, "rules": [rule.model_dump() for rule in rules]})


def _rules(conference: Conference, vocabulary: Vocabulary, name: str) -> Iterator[tuple[Rule, int]]:
    """The rules that are one constraint, each with how many units of the source one of its own is."""
    if name in RULES:
        yield RULES[name], 1
    elif name == "Consecutive talks pause":
        yield ConsecutiveSessionsPause(minutes=conference.pause, minutes_between_sites=0), 1
    elif name == "Speaker unavailable timeslot" and vocabulary.timeslots_as_tags:
        yield ProhibitedTimeslotTags(whose="presenters", tags=vocabulary.timeslots_as_tags), 1
    elif name == "Speaker prohibited timeslot tags" and vocabulary.timeslot_tags:
        yield ProhibitedTimeslotTags(whose="presenters", tags=vocabulary.timeslot_tags), 1
    elif name == "Crowd control":
        for minutes, formats in vocabulary.formats.items():
            yield CrowdControl(scope=Scope(formats=formats)), minutes


def _as_weighed(conference: Conference, constraint: Constraint, rule: Rule, units: int, number: int) -> Rule:
    weight = conference.weights.get(constraint.name) or conference.weights.get(constraint.family or "")
    weight = weight or constraint.weight
    if min(weight.hard, weight.soft) < 0:
        raise FormatError(f"constraintWeightOverrides: '{constraint.name}' is below nothing; allowed: 0 and more")
    soft = weight.soft + (HARD_REWARD * weight.hard if constraint.reward else 0)
    must = weight.hard and not constraint.reward
    return rule.model_copy(
        update={
            "id": slug(f"{constraint.name} {number}" if number else constraint.name),
            "source": f"Timefold, conference scheduling: {constraint.name}",
            "level": Level.MUST if must else Level.WARN if soft else Level.IGNORE,
            "weight": units * soft,
        }
    )
