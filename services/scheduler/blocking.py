"""A session that cannot be placed even alone: the fewest rules that would have to give way.

Every start and room carries the set of rules against it; the smallest such sets are the answer. When presenters come
is nobody's rule to lift, so sets without it go first, and their free time becomes the beginning of the sentence: *its
presenter is free on Fridays only, and nothing is placed on a Friday*.
"""

from __future__ import annotations

import numpy as np

from services.scheduler import wording
from services.scheduler.candidates import Candidates, Masks
from services.scheduler.entities import Session
from services.scheduler.problem import Problem
from services.scheduler.rules.names import MustHold

ALL_WEEK = frozenset(range(7))


def no_start_is_free(candidates: Candidates, session: Session) -> tuple[str, tuple[str, ...]]:
    """The reason in one sentence, and its rules: the smallest sets whose lifting would free some start."""
    problem = candidates.problem
    if not problem.rooms:
        return "The programme has no room, and nothing can be placed without one.", ()
    options = candidates.options(session.id)
    against = options.against_time | options.against_room
    lifted = _smallest_sets(candidates, against)
    rules = candidates.named(lifted)
    clauses = [_clause(problem, session, rule) for rule in rules if not _told_by_another(problem, session, rule, rules)]
    if not _presenters_matter(candidates, against):
        return wording.sentence(", and ".join(clauses)), rules
    week = _free_weekdays(candidates, session, lifted)
    if week < ALL_WEEK:
        clauses.insert(0, f"{_presenter(session)} free on {wording.weekdays(week)} only")
        return wording.sentence(", and ".join(clauses)), rules
    return wording.sentence(f"{_presenter(session)} free at no time that the rules leave: {'; '.join(clauses)}"), rules


def _smallest_sets(candidates: Candidates, against: Masks) -> int:
    """All rules of the smallest sets that stand against some start; sets without the presenters' time go first."""
    presenter = int(candidates.bit(MustHold.PRESENTER_UNAVAILABLE))
    ranked = sorted((bool(mask & presenter), mask.bit_count(), mask) for mask in map(int, np.unique(against)))
    lifted = 0
    for leans_on_presenter, size, mask in ranked:
        if (leans_on_presenter, size) == ranked[0][:2]:
            lifted |= mask
    return lifted


def _presenters_matter(candidates: Candidates, against: Masks) -> bool:
    """Whether some start would be free were it not for the presenters, who are free at others."""
    presenter = candidates.bit(MustHold.PRESENTER_UNAVAILABLE)
    return bool((against == presenter).any()) and not (against & presenter).all()


def _presenter(session: Session) -> str:
    return "its presenter is" if len(session.presenters) == 1 else "its presenters are together"


def _never_free(problem: Problem, session: Session) -> str:
    dates = f"between {wording.day(problem.first_day)} and {wording.day(problem.last_day)}"
    return f"{_presenter(session)} free for {session.minutes} minutes at no time {dates}"


def _free_weekdays(candidates: Candidates, session: Session, lifted: int) -> frozenset[int]:
    """The weekdays on which the presenters have time for it; the whole week where the rules leave some of it."""
    time = candidates.options(session.id).against_time
    free = (time & candidates.bit(MustHold.PRESENTER_UNAVAILABLE)) == 0
    if not ((time[free] & np.uint64(lifted)) != 0).all():
        return ALL_WEEK
    first = candidates.problem.first_day.weekday()
    return frozenset(((candidates.board.grid.day[free] + first) % 7).tolist())


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
    told = next(one for one in problem.policy.in_force() if one.id == rule)
    if told not in problem.policy.rules:
        return wording.clause(told.sentence)
    return wording.clause(problem.policy.quoted(told))


def _told_by_another(problem: Problem, session: Session, rule: str, rules: tuple[str, ...]) -> bool:
    """The size of the largest room with the features that it needs says both."""
    return rule == MustHold.ROOM_FEATURES and MustHold.ROOM_CAPACITY in rules and bool(_suitable(problem, session))


def _suitable(problem: Problem, session: Session) -> list[int]:
    """The capacities of the rooms that have what the session needs."""
    return [room.capacity for room in problem.rooms if set(session.needs) <= set(room.features)]


def _closed(problem: Problem) -> str:
    dates = f"outside {wording.day(problem.first_day)} to {wording.day(problem.last_day)}"
    reasons = wording.listed(dict.fromkeys(span.reason for span in problem.closures)) if problem.closures else ""
    return f"{dates} or in a closure ({reasons})" if reasons else dates


def _largest_room(problem: Problem, session: Session) -> str:
    suitable = _suitable(problem, session)
    if suitable and session.needs:
        return f"the largest room with {wording.listed(session.needs)} holds {max(suitable)}"
    return f"the largest room holds {max(room.capacity for room in problem.rooms)}"


def _lacking(problem: Problem, session: Session) -> str:
    nowhere = [need for need in session.needs if not any(need in room.features for room in problem.rooms)]
    if nowhere:
        return f"no room has {wording.listed(nowhere)}"
    return "none that suits it has that" if _suitable(problem, session) else "no room has all of that"
