"""A session that cannot be placed even alone: the fewest rules that would have to give way.

Every start and room carries the set of rules against it; the smallest such set is the answer. When the presenters
come is nobody's rule to lift, so a set without it goes first, and their free time becomes the beginning of the
sentence: *its presenter is free on Fridays only, and nothing is placed on a Friday*.
"""

from __future__ import annotations

import numpy as np

from services.scheduler import wording
from services.scheduler.candidates import Candidates, Masks
from services.scheduler.problem import Problem, Session
from services.scheduler.rules import MustHold
from services.scheduler.timeline import Flags

ALL_WEEK = frozenset(range(7))


def no_start_is_free(candidates: Candidates, session: Session) -> tuple[str, tuple[str, ...]]:
    """The reason in one sentence, and the rules whose lifting would free some start."""
    if not candidates.problem.rooms:
        return "The programme has no room, and nothing can be placed without one.", ()
    options = candidates.options[session.id]
    against = options.against_time | options.against_room
    lifted = _fewest(candidates, against)
    rules = candidates.named(lifted)
    clauses = [_clause(candidates.problem, session, rule) for rule in rules]
    if _presenters_matter(candidates, against):
        clauses.insert(0, _free_time(candidates, session, lifted))
    return wording.sentence(", and ".join(clauses)), rules


def _fewest(candidates: Candidates, against: Masks) -> int:
    presenter = int(candidates.bit(MustHold.PRESENTER_UNAVAILABLE))
    masks, frequencies = np.unique(against, return_counts=True)
    ranked = [
        (bool(int(mask) & presenter), int(mask).bit_count(), -int(frequency), int(mask))
        for mask, frequency in zip(masks, frequencies, strict=True)
    ]
    return min(ranked)[-1]


def _presenters_matter(candidates: Candidates, against: Masks) -> bool:
    """Whether some start would be free were it not for the presenters, who are free at others."""
    presenter = candidates.bit(MustHold.PRESENTER_UNAVAILABLE)
    return bool((against == presenter).any()) and not (against & presenter).all()


def _presenter(session: Session) -> str:
    return "its presenter is" if len(session.presenters) == 1 else "its presenters are together"


def _never_free(problem: Problem, session: Session) -> str:
    dates = f"between {wording.day(problem.first_day)} and {wording.day(problem.last_day)}"
    return f"{_presenter(session)} free for {session.minutes} minutes at no time {dates}"


def _free_time(candidates: Candidates, session: Session, lifted: int) -> str:
    """When the presenters are free: by weekday where that says it, and honestly so."""
    time = candidates.options[session.id].against_time
    free = (time & candidates.bit(MustHold.PRESENTER_UNAVAILABLE)) == 0
    by_lifted = (time & np.uint64(lifted)) != 0
    week = _weekdays(candidates, free)
    if week < ALL_WEEK and bool(by_lifted[free].all()):
        return f"{_presenter(session)} free on {wording.weekdays(week)} only"
    others = (time & ~(np.uint64(lifted) | candidates.bit(MustHold.PRESENTER_UNAVAILABLE))) == 0
    week = _weekdays(candidates, free & others)
    if week < _weekdays(candidates, others):
        return f"at the times that the other rules leave, {_presenter(session)} free on {wording.weekdays(week)} only"
    return f"{_presenter(session)} free at few of the times that the other rules leave"


def _weekdays(candidates: Candidates, flags: Flags) -> frozenset[int]:
    first = candidates.problem.first_day.weekday()
    return frozenset(((candidates.grid.day[flags] + first) % 7).tolist())


def _clause(problem: Problem, session: Session, rule: str) -> str:
    if rule == MustHold.PRESENTER_UNAVAILABLE:
        return _never_free(problem, session)
    if rule == MustHold.PROGRAMME_DATES:
        return f"nothing is placed {_closed(problem)}"
    if rule == MustHold.ROOM_CAPACITY:
        return f"it needs a room for {session.seats}, but {_largest_room(problem, session)}"
    if rule == MustHold.ROOM_FEATURES:
        return f"it needs a room with {wording.listed(session.needs)}, but {_lacking(problem, session)}"
    if rule == MustHold.ROOM_UNAVAILABLE:
        return "no room that suits it is available then"
    told = next(one for one in problem.policy.rules if one.id == rule)
    return f"{wording.clause(told.sentence)} (rule {rule} of {problem.policy.name()})"


def _closed(problem: Problem) -> str:
    dates = f"outside {wording.day(problem.first_day)} to {wording.day(problem.last_day)}"
    reasons = wording.listed(dict.fromkeys(span.reason for span in problem.closures)) if problem.closures else ""
    return f"{dates} or in a closure ({reasons})" if reasons else dates


def _largest_room(problem: Problem, session: Session) -> str:
    suitable = [room.capacity for room in problem.rooms if set(session.needs) <= set(room.features)]
    if suitable:
        which = f"the largest room with {wording.listed(session.needs)}" if session.needs else "the largest room"
        return f"{which} holds {max(suitable)}"
    return f"the largest room holds {max(room.capacity for room in problem.rooms)}"


def _lacking(problem: Problem, session: Session) -> str:
    nowhere = [need for need in session.needs if not any(need in room.features for room in problem.rooms)]
    if nowhere:
        return f"no room has {wording.listed(nowhere)}"
    if any(set(session.needs) <= set(room.features) for room in problem.rooms):
        return f"none with {session.seats} seats has that"
    return "no room has all of that"
