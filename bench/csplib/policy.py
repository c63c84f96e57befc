"""The published objective as rules of a policy: one for each term, with its weight."""

from __future__ import annotations

from bench.csplib.instance import Instance, Term
from services.scheduler.rules.base import Level, Rule
from services.scheduler.rules.catalogue import STANDARD
from services.scheduler.rules.conflicts import RoomConflict
from services.scheduler.rules.consecutive_tracks import ConsecutiveTracks
from services.scheduler.rules.parallel_cells import ChairConflict, SimilarTracks
from services.scheduler.rules.people_in_blocks import (
    AttendeesAtOneTime,
    AttendeesInOneTimeslot,
    PresentersAtOneTime,
    PresentersInOneTimeslot,
)
from services.scheduler.rules.policy import Policy
from services.scheduler.rules.programme_dates import ProgrammeDates
from services.scheduler.rules.session_costs import SessionRoomCosts, SessionTimeslotCosts
from services.scheduler.rules.session_fits_timeslot import SessionFitsTimeslot
from services.scheduler.rules.track_cell import TrackCell
from services.scheduler.rules.track_costs import TimeslotRoomCosts, TrackRoomCosts, TrackTimeslotCosts
from services.scheduler.rules.track_order import TrackOrder
from services.scheduler.rules.track_rooms import ParallelTracks, TrackRoomStability

_RULES: dict[Term, type[Rule]] = {
    Term.TRACK_SESSION: TrackTimeslotCosts,
    Term.TRACK_ROOM: TrackRoomCosts,
    Term.SESSION_ROOM: TimeslotRoomCosts,
    Term.SIMILAR_TRACKS: SimilarTracks,
    Term.ROOMS_PER_TRACK: TrackRoomStability,
    Term.PARALLEL_TRACKS: ParallelTracks,
    Term.CONSECUTIVE_TRACKS: ConsecutiveTracks,
    Term.ORDER: TrackOrder,
    Term.PRESENTER_CONFLICTS: PresentersInOneTimeslot,
    Term.ATTENDEE_CONFLICTS: AttendeesInOneTimeslot,
    Term.CHAIR_CONFLICTS: ChairConflict,
    Term.PRESENTER_CONFLICTS_IN_SLOT: PresentersAtOneTime,
    Term.ATTENDEE_CONFLICTS_IN_SLOT: AttendeesAtOneTime,
}
_KEPT = (ProgrammeDates, SessionFitsTimeslot, RoomConflict)


def policy(instance: Instance) -> Policy:
    """A term whose weight is not above 0 is no rule. Standard rules about what these conferences do not know are off.

    The costs of submissions, those of time zones among them, are in the problem with their weights.
    """
    terms = tuple(_weighed(rule, instance.weights[term]) for term, rule in _RULES.items() if instance.weights[term] > 0)
    costs = SessionTimeslotCosts(per="step"), SessionRoomCosts(per="step")
    off = tuple(rule.model_copy(update={"level": Level.IGNORE}) for rule in STANDARD if not isinstance(rule, _KEPT))
    return Policy.model_validate({"pack": "csplib", "version": 1, "rules": (TrackCell(), *costs, *terms, *off)})


def _weighed(rule: type[Rule], weight: int) -> Rule:
    return rule.model_validate({"weight": weight})
