"""Consecutive-session pause: presenters get their breath back, and the time to go from one site to another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from services.scheduler.rules.base import Finding, PairRule
from services.scheduler.rules.session_pairs import minutes_of_both
from services.scheduler.rules.tags_in_common import sharing
from services.scheduler.terms import PairTerm, Relation
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.finished import FinishedPlan, Placed


class ConsecutiveSessionsPause(PairRule):
    """Counts the minutes of two sessions of one presenter that are nearer to each other than the pause.

    Sessions that overlap have no pause at all. Between sites the other pause is asked for as well: a gap that is
    shorter than both counts for both.
    """

    kind: Literal["consecutive-sessions-pause"] = "consecutive-sessions-pause"
    id: Id = "consecutive-sessions-pause"
    sentence: Line = "Between two sessions of a presenter there is a pause, and time to travel between sites"
    minutes: int = Field(default=0, ge=0, le=1440, description="least minutes between, wherever they are")
    minutes_between_sites: int = Field(default=30, ge=0, le=1440, description="least minutes between two sites")

    def pairs(self, board: Board) -> Iterator[PairTerm]:
        sessions = {session.id: session for session in board.problem.sessions if self.scope.covers(session)}
        sites = {room.site for room in board.problem.rooms}
        for one, other in sharing((name, session.presenters) for name, session in sessions.items()):
            amount = minutes_of_both(sessions[one], sessions[other])
            if self.minutes:
                yield PairTerm(one, other, Relation.OVERLAP, amount)
                yield PairTerm(one, other, Relation.GAP_UNDER, amount, self.minutes)
            if self.minutes_between_sites and len(sites) > 1:
                yield PairTerm(one, other, Relation.GAP_UNDER_BETWEEN_SITES, amount, self.minutes_between_sites)

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        presenting: dict[str, list[Placed]] = {}
        for placed in plan.within(self.scope):
            for presenter in placed.session.presenters:
                presenting.setdefault(presenter, []).append(placed)
        judged: set[tuple[str, str]] = set()
        for presenter, sessions in presenting.items():
            for number, other in enumerate(sessions):
                for one in sessions[:number]:
                    names = one.session.id, other.session.id
                    if names not in judged and (times := self._too_near(one, other)):
                        judged.add(names)
                        clause = f"{presenter} has too short a pause between {names[0]} and {names[1]}"
                        yield Finding(names, times * minutes_of_both(one.session, other.session), clause, (presenter,))

    def _too_near(self, one: Placed, other: Placed) -> int:
        """How many of the two pauses are cut short."""
        gap = max(one.when.start, other.when.start) - min(one.when.end, other.when.end)
        short = bool(self.minutes) and gap < timedelta(minutes=self.minutes)
        elsewhere = one.room.site != other.room.site and gap >= timedelta(0)
        return short + (elsewhere and gap < timedelta(minutes=self.minutes_between_sites))
