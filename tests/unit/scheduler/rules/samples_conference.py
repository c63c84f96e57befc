"""Samples of the conference vocabulary: tags, themes, contents, audiences, crowds, presenters."""

from __future__ import annotations

from typing import Any

from rule_checks import Sample
from rule_problems import Dice, small_problem, some

from services.scheduler.problem import Problem
from services.scheduler.rules.audience_flow import ContentAudienceLevelFlow
from services.scheduler.rules.base import Level
from services.scheduler.rules.crowd_control import CrowdControl
from services.scheduler.rules.diversity import AudienceLevelDiversity, AudienceTypeDiversity, LanguageDiversity
from services.scheduler.rules.pause import ConsecutiveSessionsPause
from services.scheduler.rules.popular_rooms import PopularInLargeRooms
from services.scheduler.rules.presenter_makespan import PresenterMakespan
from services.scheduler.rules.room_stability import ThemeTrackRoomStability
from services.scheduler.rules.room_tags import (
    PreferredRoomTags,
    ProhibitedRoomTags,
    RequiredRoomTags,
    UndesiredRoomTags,
)
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

WEIGHED = (Level.WARN,)
TAGS = ("after-lunch", "recorded", "step-free")
TOPICS = ("fractions", "phonics", "coding")


def _demanding(dice: Dice) -> Problem:
    def demand() -> dict[str, Any]:
        return {kind: some(dice, TAGS) for kind in ("required", "prohibited", "preferred", "undesired")}

    def wishes(_: int) -> dict[str, Any]:
        return {"timeslot_tags": demand(), "room_tags": demand()}

    made = small_problem(
        dice,
        timeslots=True,
        session=lambda number: wishes(number) | {"needs": some(dice, TAGS)},
        person=wishes,
        room=lambda _: {"features": some(dice, TAGS, 3)},
    )
    tagged = [one.model_copy(update={"tags": tuple(sorted(some(dice, TAGS)))}) for one in made.timeslots]
    return made.model_copy(update={"timeslots": tuple(tagged)})


def _about_topics(dice: Dice, *, timeslots: bool = False) -> Problem:
    def describe(_: int) -> dict[str, Any]:
        kinds = ("themes", "sectors", "contents", "audience_types", "exclusive")
        return {kind: some(dice, TOPICS) for kind in kinds} | {
            "audience_level": dice.choice((None, 1, 2, 3)),
            "language": dice.choice((None, "en", "cy")),
            "popularity": dice.choice((None, 0, 1, 5)),
            "crowd_risk": dice.choice((0, 1, 2)),
        }

    return small_problem(dice, sessions=6, timeslots=timeslots, days=2, session=describe)


def _in_timeslots(dice: Dice) -> Problem:
    return _about_topics(dice, timeslots=True)


def _few_presenters(dice: Dice) -> Problem:
    return small_problem(dice, sessions=6, people=3, days=6)


SAMPLES = {
    "required-timeslot-tags": Sample(RequiredTimeslotTags(weight=3), _demanding),
    "required-timeslot-tags some only": Sample(
        RequiredTimeslotTags(weight=3, whose="presenters", tags=("recorded",)), _demanding
    ),
    "prohibited-timeslot-tags": Sample(ProhibitedTimeslotTags(weight=3), _demanding),
    "preferred-timeslot-tags": Sample(PreferredTimeslotTags(weight=3), _demanding),
    "undesired-timeslot-tags": Sample(UndesiredTimeslotTags(weight=3, whose="session"), _demanding),
    "room-features of presenters": Sample(RequiredRoomTags(weight=3, whose="presenters"), _demanding),
    "room-features of everybody": Sample(RequiredRoomTags(weight=3), _demanding),
    "prohibited-room-tags": Sample(ProhibitedRoomTags(weight=3), _demanding),
    "preferred-room-tags": Sample(PreferredRoomTags(weight=3, whose="session"), _demanding),
    "undesired-room-tags": Sample(UndesiredRoomTags(weight=3, tags=("recorded", "step-free")), _demanding),
    "mutually-exclusive": Sample(MutuallyExclusive(weight=3), _about_topics),
    "theme-track-conflict": Sample(ThemeTrackConflict(), _about_topics),
    "sector-conflict": Sample(SectorConflict(weight=3), _about_topics),
    "content-conflict": Sample(ContentConflict(), _about_topics),
    "audience-type-theme-track-conflict": Sample(AudienceTypeThemeTrackConflict(weight=3), _about_topics),
    "audience-type-diversity": Sample(AudienceTypeDiversity(weight=3), _in_timeslots, levels=WEIGHED),
    "audience-type-diversity in common": Sample(
        AudienceTypeDiversity(weight=3, by="in-common"), _about_topics, levels=WEIGHED
    ),
    "audience-level-diversity": Sample(AudienceLevelDiversity(weight=3), _in_timeslots, levels=WEIGHED),
    "language-diversity": Sample(LanguageDiversity(weight=3), _in_timeslots, levels=WEIGHED),
    "content-audience-level-flow": Sample(ContentAudienceLevelFlow(weight=3), _about_topics),
    "same-day": Sample(SameDay(weight=3), _about_topics),
    "same-day by theme": Sample(SameDay(weight=3, by=("themes",)), _about_topics),
    "theme-track-room-stability": Sample(ThemeTrackRoomStability(weight=3), _about_topics),
    "popular-in-large-rooms": Sample(PopularInLargeRooms(weight=3), _about_topics),
    "crowd-control": Sample(CrowdControl(weight=3), _in_timeslots),
    "crowd-control without timeslots": Sample(CrowdControl(weight=3, most=1), _about_topics),
    "consecutive-sessions-pause": Sample(ConsecutiveSessionsPause(weight=3), _few_presenters),
    "consecutive-sessions-pause everywhere": Sample(
        ConsecutiveSessionsPause(weight=3, minutes=45, minutes_between_sites=90), _few_presenters
    ),
    "presenter-makespan": Sample(PresenterMakespan(), _few_presenters),
    "presenter-makespan on one day": Sample(PresenterMakespan(days=0), _few_presenters),
}
