"""Why a session has no place, in one plain sentence, with the rules behind it."""

from __future__ import annotations

from collections.abc import Iterable

from services.scheduler.blocking import no_start_is_free
from services.scheduler.candidates import Candidates
from services.scheduler.crowding import others_stand_in_the_way
from services.scheduler.entities import Session
from shared.contract.facts.scheduler import Placement, Unplaced


def reasons(candidates: Candidates, placements: Iterable[Placement]) -> tuple[Unplaced, ...]:
    """A reason for every session of the problem that these placements leave out."""
    placed = {placement.session: placement for placement in placements}
    left_out = [session for session in candidates.problem.sessions if session.id not in placed]
    return tuple(_reason(candidates, placed, session) for session in left_out)


def _reason(candidates: Candidates, placed: dict[str, Placement], session: Session) -> Unplaced:
    if candidates.options(session.id).free().any():
        sentence, rules = others_stand_in_the_way(candidates, placed, session)
    else:
        sentence, rules = no_start_is_free(candidates, session)
    return Unplaced(session=session.id, proposal=session.proposal, reason=sentence, rules=rules)
