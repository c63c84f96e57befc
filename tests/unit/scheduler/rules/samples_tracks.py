"""Samples of the rules of programmes in blocks: tracks in cells, a cell being a timeslot with steps in a room."""

from __future__ import annotations

from typing import Any

from rule_checks import Sample
from rule_problems import Dice, instant, small_problem, some

from services.scheduler.problem import Problem
from services.scheduler.rules.base import Level
from services.scheduler.rules.consecutive_tracks import ConsecutiveTracks
from services.scheduler.rules.parallel_cells import ChairConflict, SimilarTracks
from services.scheduler.rules.people_in_blocks import (
    AttendeesAtOneTime,
    AttendeesInOneTimeslot,
    PresentersAtOneTime,
    PresentersInOneTimeslot,
)
from services.scheduler.rules.session_costs import SessionRoomCosts, SessionTimeslotCosts
from services.scheduler.rules.track_cell import TrackCell
from services.scheduler.rules.track_costs import TimeslotRoomCosts, TrackRoomCosts, TrackTimeslotCosts
from services.scheduler.rules.track_order import TrackOrder
from services.scheduler.rules.track_rooms import ParallelTracks, TrackRoomStability

TRACKS = ("arts", "maths", "music")
ROOMS = ("r-0", "r-1", "r-2")
TIMESLOTS = tuple(f"t-{number}" for number in range(4))
WEIGHED = (Level.WARN,)


def in_blocks(dice: Dice) -> Problem:
    """Four timeslots of an hour, with steps of 20 minutes; the last one begins within the third."""
    begins = ((0, 9, 0), (0, 11, 0), (1, 9, 0), (1, 9, 40))
    timeslots = [
        {
            "id": name,
            "start": instant(*begin),
            "end": instant(begin[0], begin[1] + 1, begin[2]),
            "step_minutes": 20,
            "room_costs": _costs(dice, ROOMS),
        }
        for name, begin in zip(TIMESLOTS, begins, strict=True)
    ]

    def session() -> dict[str, Any]:
        return {
            "minutes": dice.choice((20, 20, 40)),
            "track": dice.choice((*TRACKS, None)),
            "position": dice.choice((None, 1, 1, 2, 3)),
            "timeslot_costs": _costs(dice, TIMESLOTS),
            "room_costs": _costs(dice, ROOMS),
        }

    tracks = [
        {
            "id": name,
            "chairs": some(dice, ("p-0", "p-1", "p-2")),
            "similar": some(dice, TRACKS),
            "similarity": _costs(dice, TRACKS),
            "timeslot_costs": _costs(dice, TIMESLOTS),
            "room_costs": _costs(dice, ROOMS),
        }
        for name in TRACKS
    ]
    plain = small_problem(dice, sessions=6).model_dump()
    sessions = [one | session() for one in plain["sessions"]]
    return Problem.model_validate(plain | {"sessions": sessions, "tracks": tracks, "timeslots": timeslots})


def without_timeslots(dice: Dice) -> Problem:
    """Every start is a timeslot of its own."""
    tracks = [{"id": name, "room_costs": _costs(dice, ROOMS), "similar": some(dice, TRACKS)} for name in TRACKS]
    return small_problem(dice, sessions=6, session=lambda _: {"track": dice.choice(TRACKS)}, tracks=tracks)


def _costs(dice: Dice, names: tuple[str, ...]) -> dict[str, int]:
    return {name: dice.choice((1, 5, 20)) for name in some(dice, names, len(names))}


SAMPLES = {
    "track-cell": Sample(TrackCell(), in_blocks),
    "track-cell without timeslots": Sample(TrackCell(), without_timeslots),
    "session-timeslot-costs": Sample(SessionTimeslotCosts(weight=2), in_blocks),
    "session-timeslot-costs for each step": Sample(SessionTimeslotCosts(per="step"), in_blocks),
    "session-room-costs": Sample(SessionRoomCosts(weight=2), in_blocks),
    "session-room-costs for each step": Sample(SessionRoomCosts(per="step"), in_blocks),
    "track-timeslot-costs": Sample(TrackTimeslotCosts(weight=2), in_blocks),
    "track-room-costs": Sample(TrackRoomCosts(weight=2), in_blocks),
    "track-room-costs without timeslots": Sample(TrackRoomCosts(), without_timeslots),
    "timeslot-room-costs": Sample(TimeslotRoomCosts(weight=2), in_blocks),
    "similar-tracks": Sample(SimilarTracks(), in_blocks),
    "similar-tracks without timeslots": Sample(SimilarTracks(), without_timeslots),
    "chair-conflict": Sample(ChairConflict(), in_blocks),
    "track-room-stability": Sample(TrackRoomStability(), in_blocks),
    "parallel-tracks": Sample(ParallelTracks(), in_blocks),
    "consecutive-tracks": Sample(ConsecutiveTracks(), in_blocks),
    "track-order": Sample(TrackOrder(), in_blocks),
    "presenters-in-one-timeslot": Sample(PresentersInOneTimeslot(), in_blocks),
    "presenters-at-one-time": Sample(PresentersAtOneTime(), in_blocks),
    "attendees-in-one-timeslot": Sample(AttendeesInOneTimeslot(), in_blocks),
    "attendees-at-one-time": Sample(AttendeesAtOneTime(), in_blocks),
}
