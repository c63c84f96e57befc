"""The ids of standard rules that explanations speak of by name."""

from __future__ import annotations

from enum import StrEnum


class MustHold(StrEnum):
    """Standard rules that explanations put into words of their own."""

    PROGRAMME_DATES = "programme-dates"
    PRESENTER_UNAVAILABLE = "presenter-unavailable"
    ROOM_UNAVAILABLE = "room-unavailable"
    ROOM_CAPACITY = "room-capacity"
    ROOM_FEATURES = "room-features"
    PRESENTER_CONFLICT = "presenter-conflict"
    ROOM_CONFLICT = "room-conflict"
    PREREQUISITE = "prerequisite"
    WEEKLY_SERIES = "weekly-series"
