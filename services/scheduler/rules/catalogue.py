"""All kinds of rules, and those that every programme has unless its policy states them differently."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.scheduler.rules.attendance import AttendanceMaximisation
from services.scheduler.rules.attendee_conflict import AttendeeConflict
from services.scheduler.rules.base import Rule
from services.scheduler.rules.conflicts import PresenterConflict, RoomConflict
from services.scheduler.rules.pinned import PinnedAssignment
from services.scheduler.rules.prerequisite import Prerequisite
from services.scheduler.rules.presenter_if_need_be import PresenterIfNeedBe
from services.scheduler.rules.presenter_unavailable import PresenterUnavailable
from services.scheduler.rules.programme_dates import ProgrammeDates
from services.scheduler.rules.published import PublishedRoom, PublishedTimeslot
from services.scheduler.rules.rooms import RequiredRoomTags, RoomCapacityMinimum, RoomTakesFormat, RoomUnavailable
from services.scheduler.rules.session_fits_timeslot import SessionFitsTimeslot
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
    | AttendanceMaximisation
    | AttendeeConflict
    | PresenterIfNeedBe
    | PublishedTimeslot
    | PublishedRoom,
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
    AttendanceMaximisation(),
    AttendeeConflict(),
    PresenterIfNeedBe(),
    PublishedTimeslot(),
    PublishedRoom(),
)
"""The rules that every programme has. A policy that states a rule of the same kind replaces it."""
