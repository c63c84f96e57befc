"""All kinds of rules, and those that every programme has unless its policy states them differently."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.scheduler.rules.attendance import AttendanceMaximisation
from services.scheduler.rules.attendee_conflict import AttendeeConflict
from services.scheduler.rules.audience_flow import ContentAudienceLevelFlow
from services.scheduler.rules.base import Rule
from services.scheduler.rules.conflicts import PresenterConflict, RoomConflict
from services.scheduler.rules.consecutive_tracks import ConsecutiveTracks
from services.scheduler.rules.crowd_control import CrowdControl
from services.scheduler.rules.diversity import AudienceLevelDiversity, AudienceTypeDiversity, LanguageDiversity
from services.scheduler.rules.even_weeks import EvenWeeks
from services.scheduler.rules.fairness import Fairness
from services.scheduler.rules.free_minutes import FreeMinutes
from services.scheduler.rules.largest_overflow import LargestOverflow
from services.scheduler.rules.notice import Frozen, NoticePeriod
from services.scheduler.rules.parallel_cells import ChairConflict, SimilarTracks
from services.scheduler.rules.pause import ConsecutiveSessionsPause
from services.scheduler.rules.people_in_blocks import (
    AttendeesAtOneTime,
    AttendeesInOneTimeslot,
    PresentersAtOneTime,
    PresentersInOneTimeslot,
)
from services.scheduler.rules.pinned import PinnedAssignment
from services.scheduler.rules.popular_rooms import PopularInLargeRooms
from services.scheduler.rules.prerequisite import Prerequisite
from services.scheduler.rules.presenter_if_need_be import PresenterIfNeedBe
from services.scheduler.rules.presenter_load import PresenterLoad
from services.scheduler.rules.presenter_makespan import PresenterMakespan
from services.scheduler.rules.presenter_unavailable import PresenterUnavailable
from services.scheduler.rules.presenter_zones import PresenterLocalHours
from services.scheduler.rules.programme_dates import ProgrammeDates
from services.scheduler.rules.published import PublishedRoom, PublishedTimeslot
from services.scheduler.rules.repeats import SpreadOfRepeats
from services.scheduler.rules.room_overflow import RoomOverflow
from services.scheduler.rules.room_stability import ThemeTrackRoomStability
from services.scheduler.rules.room_tags import (
    PreferredRoomTags,
    ProhibitedRoomTags,
    RequiredRoomTags,
    UndesiredRoomTags,
)
from services.scheduler.rules.rooms import RoomCapacityMinimum, RoomTakesFormat, RoomUnavailable
from services.scheduler.rules.same_day import SameDay
from services.scheduler.rules.session_costs import SessionRoomCosts, SessionTimeslotCosts
from services.scheduler.rules.session_fits_timeslot import SessionFitsTimeslot
from services.scheduler.rules.session_times import ImpossibleTimes, PreferredTimes
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
from services.scheduler.rules.topic_variety import TopicVariety
from services.scheduler.rules.track_cell import TrackCell
from services.scheduler.rules.track_costs import TimeslotRoomCosts, TrackRoomCosts, TrackTimeslotCosts
from services.scheduler.rules.track_order import TrackOrder
from services.scheduler.rules.track_rooms import ParallelTracks, TrackRoomStability
from services.scheduler.rules.weekly_series import WeeklySeries
from services.scheduler.rules.windows import ProhibitedDates, ProhibitedTimes, RequiredTimes

AnyRule = Annotated[
    ProhibitedTimes
    | RequiredTimes
    | ProhibitedDates
    | ProgrammeDates
    | SessionFitsTimeslot
    | PinnedAssignment
    | PresenterUnavailable
    | RoomUnavailable
    | RoomCapacityMinimum
    | RequiredRoomTags
    | RoomTakesFormat
    | RoomConflict
    | PresenterConflict
    | Prerequisite
    | WeeklySeries
    | AttendanceMaximisation
    | AttendeeConflict
    | PresenterIfNeedBe
    | ImpossibleTimes
    | PreferredTimes
    | LargestOverflow
    | PublishedTimeslot
    | PublishedRoom
    | Frozen
    | NoticePeriod
    | PresenterLoad
    | PresenterLocalHours
    | EvenWeeks
    | FreeMinutes
    | Fairness
    | SpreadOfRepeats
    | TopicVariety
    | RoomOverflow
    | RequiredTimeslotTags
    | ProhibitedTimeslotTags
    | PreferredTimeslotTags
    | UndesiredTimeslotTags
    | ProhibitedRoomTags
    | PreferredRoomTags
    | UndesiredRoomTags
    | MutuallyExclusive
    | ConsecutiveSessionsPause
    | CrowdControl
    | ThemeTrackConflict
    | ThemeTrackRoomStability
    | SectorConflict
    | ContentConflict
    | ContentAudienceLevelFlow
    | AudienceTypeDiversity
    | AudienceLevelDiversity
    | AudienceTypeThemeTrackConflict
    | LanguageDiversity
    | SameDay
    | PopularInLargeRooms
    | PresenterMakespan
    | TrackCell
    | SessionTimeslotCosts
    | SessionRoomCosts
    | TrackTimeslotCosts
    | TrackRoomCosts
    | TimeslotRoomCosts
    | SimilarTracks
    | ChairConflict
    | TrackRoomStability
    | ParallelTracks
    | ConsecutiveTracks
    | TrackOrder
    | PresentersInOneTimeslot
    | PresentersAtOneTime
    | AttendeesInOneTimeslot
    | AttendeesAtOneTime,
    Field(discriminator="kind"),
]

STANDARD: tuple[Rule, ...] = (
    ProgrammeDates(),
    SessionFitsTimeslot(),
    PinnedAssignment(),
    PresenterUnavailable(),
    RoomUnavailable(),
    RoomCapacityMinimum(),
    RequiredRoomTags(),
    RoomTakesFormat(),
    RoomConflict(),
    PresenterConflict(),
    Prerequisite(),
    WeeklySeries(),
    AttendanceMaximisation(),
    AttendeeConflict(),
    PresenterIfNeedBe(),
    ImpossibleTimes(),
    PreferredTimes(),
    PublishedTimeslot(),
    PublishedRoom(),
    Frozen(),
    PresenterLocalHours(),
    SpreadOfRepeats(),
    RequiredTimeslotTags(),
    ProhibitedTimeslotTags(),
    PreferredTimeslotTags(),
    UndesiredTimeslotTags(),
    ProhibitedRoomTags(),
    PreferredRoomTags(),
    UndesiredRoomTags(),
    MutuallyExclusive(),
    ConsecutiveSessionsPause(),
    CrowdControl(),
    ThemeTrackConflict(),
    ContentConflict(),
    ContentAudienceLevelFlow(),
)
"""The rules that every programme has. A policy that states a rule of the same kind replaces it."""
