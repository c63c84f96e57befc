"""The problem and the plan as they would be after a change: a move, a cancellation, an addition, a lost room."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from services.scheduler.choices import Choices
from services.scheduler.compiling import compile_problem
from services.scheduler.entities import Person, Session, Span
from services.scheduler.errors import SchedulerError
from services.scheduler.explaining.easing import Owner
from services.scheduler.explaining.relocating import best_free_choices
from services.scheduler.explaining.situation import Situation, require_possible
from services.scheduler.problem import Problem
from services.scheduler.resolving.disturbance import weights
from services.scheduler.resolving.fewest_moves import fewest_moves
from services.scheduler.timeline import Flags
from shared.contract.commands.explaining import AddSession, CancelSession, Change, LoseRoom, MoveSession
from shared.contract.facts.scheduler import Placement
from shared.time.intervals import local_interval
from shared.time.zones import zone


class ImpossibleChangeError(SchedulerError):
    """The change cannot be weighed: what it speaks of is missing, or is there already."""


@dataclass(frozen=True)
class Changed:
    """A problem after a change, and its plan in order of session; and whose place was given up on purpose.

    ``added`` is a session that the problem did not have before.
    """

    problem: Problem
    placements: tuple[Placement, ...]
    cancelled: str | None = None
    added: str | None = None


def changed(situation: Situation, change: Change, *, seconds: float) -> Changed:
    """Raises ``SchedulerError``."""
    if isinstance(change, MoveSession | AddSession):
        require_possible(change.start)
    match change:
        case MoveSession():
            return _moved(situation, change)
        case CancelSession():
            return _cancelled(situation, change)
        case AddSession():
            return _added(situation, change)
        case LoseRoom():
            return _room_lost(situation, change, seconds)


def _moved(situation: Situation, change: MoveSession) -> Changed:
    situation.session(change.session)
    present = situation.placed.get(change.session)
    start = change.start or (present.start if present else None)
    room = change.room or (present.room if present else None)
    if start is None or room is None:
        raise ImpossibleChangeError(f"session {change.session} has no place yet; say both start and room")
    place = situation.placement(change.session, int(start.timestamp()), situation.room_number(room))
    return Changed(situation.problem, situation.plan_with(place))


def _cancelled(situation: Situation, change: CancelSession) -> Changed:
    situation.session(change.session)
    # It stays in the problem: others may have to come after it, and those who wanted it miss it.
    left = tuple(one for one in situation.plan_with() if one.session != change.session)
    return Changed(situation.problem, left, cancelled=change.session)


def _added(situation: Situation, change: AddSession) -> Changed:
    if change.session in situation.board.sessions:
        raise ImpossibleChangeError(f"session {change.session!r} is there already; name another id")
    presenters = tuple(sorted(set(change.presenters)))
    session = Session(
        id=change.session,
        proposal=change.session,
        format=change.format,
        minutes=change.minutes,
        presenters=presenters,
        needs=tuple(dict.fromkeys(change.needs)),
        seats=change.seats,
    )
    problem = situation.problem
    unknown = tuple(Person(id=one) for one in presenters if one not in situation.board.people)
    sessions = tuple(sorted((*problem.sessions, session), key=lambda one: one.id))
    grown = problem.model_copy(update={"sessions": sessions, "people": (*problem.people, *unknown)})
    place = _place_of_new(situation, grown, session, change)
    return Changed(grown, (*situation.plan_with(), *([place] if place else [])), added=session.id)


def _place_of_new(situation: Situation, grown: Problem, session: Session, change: AddSession) -> Placement | None:
    """Where it was asked to be, or the best that is free beside the others, as its own rules see it."""
    if change.start is not None and change.room is not None:
        situation.room_number(change.room)
        return Placement(
            session=session.id,
            proposal=session.proposal,
            room=change.room,
            start=change.start,
            minutes=session.minutes,
        )
    alone = Situation(compile_problem(_by_itself(situation, grown, session), keep_published=False), {})
    own = alone.compiled.choices[session.id]
    for number in best_free_choices(alone, session.id, alone.at.copy()).tolist():
        at_start = change.start is None or int(own.start[number]) == int(change.start.timestamp())
        if at_start and (change.room is None or int(own.room[number]) == situation.room_number(change.room)):
            return alone.chosen(session.id, number)
    return None


def _by_itself(situation: Situation, grown: Problem, session: Session) -> Problem:
    """The problem of that session only: rooms are taken where others are, presenters are busy where they present."""
    taken: dict[str, list[Span]] = {}
    for name, placement in situation.placed.items():
        span = Span(start=placement.start, end=placement.start + timedelta(minutes=placement.minutes))
        for owner in (placement.room, *situation.board.sessions[name].presenters):
            taken.setdefault(owner, []).append(span)
    presenting = [one for one in grown.people if one.id in session.presenters]
    return grown.model_copy(
        update={
            "sessions": (session,),
            "wishes": (),
            "ledger": (),
            "rooms": tuple(_busy(one, "unavailable", taken.get(one.id, [])) for one in grown.rooms),
            "people": tuple(_busy(one, "no", taken.get(one.id, [])) for one in presenting),
        }
    )


def _busy(owner: Owner, field: str, spans: list[Span]) -> Owner:
    return owner.model_copy(update={field: (*getattr(owner, field), *spans)})


def _room_lost(situation: Situation, change: LoseRoom, seconds: float) -> Changed:
    """The plan that disturbs fewest people once the room is gone."""
    number, lost = situation.room_number(change.room), _lost(situation.problem, change)
    rooms = tuple(
        one.model_copy(update={"unavailable": (*one.unavailable, lost)}) if one.id == change.room else one
        for one in situation.problem.rooms
    )
    problem = situation.problem.model_copy(update={"rooms": rooms})
    choices = {
        name: one.only(~_within(one, number, lost.start, lost.end)) for name, one in situation.compiled.choices.items()
    }
    compiled = replace(situation.compiled, choices=choices)
    beside = Situation(compiled, situation.placed)
    found = fewest_moves(beside, weights(situation.problem), seconds=seconds)
    return Changed(problem, tuple(found.placed[name] for name in sorted(found.placed)))


def _within(choices: Choices, room: int, start: datetime, end: datetime) -> Flags:
    begins, ends = choices.start, choices.start + 60 * choices.session.minutes
    return np.asarray((choices.room == room) & (begins < int(end.timestamp())) & (ends > int(start.timestamp())))


def _lost(problem: Problem, change: LoseRoom) -> Span:
    local = zone(problem.zone)
    midnight = datetime.min.time()
    first = local_interval(problem.first_day, midnight, midnight, local).start - timedelta(days=1)
    last = local_interval(problem.last_day, midnight, midnight, local).end + timedelta(days=1)
    start, end = change.since or first, change.until or last
    if end <= start:
        raise ImpossibleChangeError("until must be later than since")
    return Span(start=start, end=end)
