"""What a plan is worth, in person-minutes: the definitions that the model and the scorer both follow.

Attendance counts a person's minutes in full when they said *coming* and *yes*. Everything else is a share of that,
in twentieths, so that sums stay whole until the one division at the end.
"""

from __future__ import annotations

from services.scheduler.problem import Problem, Session
from services.scheduler.timeline import Standing

WHOLE = 20
LEVEL_SHARE = {"coming": 20, "interested": 10}
STANDING_SHARE = {Standing.YES: 20, Standing.UNKNOWN: 18, Standing.IF_NEED_BE: 10, Standing.NO: 0}

PRESENTER_IF_NEED_BE = 3
"""A minute at which a presenter comes only if need be counts as much as three people's minutes lost."""

MOVED_TIME = 600
MOVED_ROOM = 150
"""Person-minutes of inconvenience for each person whose published session moves in time, or only changes room."""


def attendee_share(level: str, standing: Standing) -> int:
    """Twentieths of a person-minute that one person adds to each minute of a session."""
    return LEVEL_SHARE[level] * STANDING_SHARE[standing] // WHOLE


def seats_for_attendees(session: Session, capacity: int) -> int:
    """How many can attend beside the presenters."""
    return max(0, capacity - len(session.presenters))


def disturbed_people(problem: Problem) -> dict[str, int]:
    """For each session, how many people a move of it disturbs: its presenters and those who want to come."""
    wishing: dict[str, set[str]] = {}
    for wish in problem.wishes:
        wishing.setdefault(wish.proposal, set()).add(wish.person)
    return {
        session.id: len(wishing.get(session.proposal, set()) | set(session.presenters)) for session in problem.sessions
    }


def unplaced_weight(problem: Problem, *, keep_published: bool) -> int:
    """More person-minutes than all else together can be worth, so that no session is left out to please another."""
    wishing: dict[str, int] = {}
    for wish in problem.wishes:
        wishing[wish.proposal] = wishing.get(wish.proposal, 0) + 1
    disturbed = disturbed_people(problem)
    weight = 1
    for session in problem.sessions:
        attending = wishing.get(session.proposal, 0) * session.minutes
        weight += attending * len(problem.sessions)
        weight += PRESENTER_IF_NEED_BE * session.minutes * len(session.presenters)
        if keep_published and session.published:
            weight += MOVED_TIME * disturbed[session.id]
    return weight
