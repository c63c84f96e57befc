"""Fairness: no school, department or working pattern misses much more of what it wants than the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field, model_validator

from services.scheduler.entities import GroupKind
from services.scheduler.rules.base import Amounts, Finding, Indices, Level, SumRule
from services.scheduler.terms import SumTerm
from services.scheduler.timeline import Standing
from services.scheduler.weights import LEVEL_SHARE, WHOLE, attendee_share
from shared.contract.values import Id, Line

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.entities import Person, Session
    from services.scheduler.finished import FinishedPlan
    from services.scheduler.problem import Problem

Group = tuple[GroupKind, str]


class Fairness(SumRule):
    """Counts the person-minutes that groups miss of what they want, those of whoever misses most more than once.

    A group wants the minutes of each session that one of its people wishes for, half of them for mere interest, and
    gets what their availability leaves of it; seats and parallel sessions are other rules' matter. What it wanted and
    got in past programmes (the problem's ledger) counts too, so that the pain goes round. Up to a first share of its
    wishes, a missed minute counts nothing; up to the second share once, up to the third twice, and so on, with
    ``steps`` equal shares: a convex cost, by which a minute for the group that is worst off is worth more than any for
    the others (with many steps: leximin; H. Moulin, Fair Division and Collective Welfare, 2003, ch. 3).
    """

    kind: Literal["fairness"] = "fairness"
    id: Id = "fairness"
    sentence: Line = "No school, department or working pattern misses much more than the others"
    level: Level = Level.WARN
    by: tuple[GroupKind, ...] = Field(default=("school", "department", "pattern"), min_length=1)
    steps: int = Field(default=5, ge=2, le=50)

    @model_validator(mode="after")
    def _is_weighed(self) -> Fairness:
        if self.must_hold():
            raise ValueError("fairness is weighed, and never must hold; set its level to warn or block-release")
        return self

    def sums(self, board: Board) -> Iterator[SumTerm]:
        wanted: dict[Group, int] = dict.fromkeys(self._stated(board), 0)
        for session in board.problem.sessions:
            if self.scope.covers(session):
                for group, wishing in self._wishing(session, board).items():
                    wanted[group] += sum(LEVEL_SHARE[level] for _, level in wishing) * session.minutes // WHOLE
        before = {(entry.kind, entry.group): entry for entry in board.problem.ledger}
        for group, minutes in wanted.items():
            carried = before.get(group)
            full = minutes + (carried.wished if carried else 0)
            missing = full - (carried.attended if carried else 0)
            yield SumTerm(missing, tuple(-(-step * full // self.steps) for step in range(1, self.steps)))

    def brought(self, session: Session, at: Indices, board: Board) -> Amounts:
        groups = self._stated(board)
        gains = np.zeros((len(groups), len(at)), dtype=np.int64)
        if not self.scope.covers(session):
            return gains
        for group, wishing in self._wishing(session, board).items():
            for person, level in wishing:
                shares = np.array([attendee_share(level, standing) for standing in Standing], dtype=np.int64)
                gains[groups.index(group)] += shares[board.standing(person, session.minutes, at)]
        return np.asarray(gains * session.minutes // WHOLE)

    def _stated(self, board: Board) -> list[Group]:
        return board.remembered((self.id, "groups"), lambda: self._groups(board.problem))

    def _groups(self, problem: Problem) -> list[Group]:
        """The groups of everybody who wants something, of each kind of which there is more than one."""
        wishing = {wish.person for wish in problem.wishes}
        found: list[Group] = []
        for kind in sorted(set(self.by)):
            names = {name for person in problem.people if person.id in wishing and (name := getattr(person, kind))}
            found += [(kind, name) for name in sorted(names)] if len(names) > 1 else []
        return found

    def _wishing(self, session: Session, board: Board) -> dict[Group, list[tuple[str, str]]]:
        """By group, its people who want a session that they do not present, with the level of the wish."""
        groups = self._stated(board)
        people = board.remembered("people", lambda: {person.id: person for person in board.problem.people})
        found: dict[Group, list[tuple[str, str]]] = {}
        for person, level in board.wishes[session.proposal]:
            if person not in session.presenters:
                for group in self._memberships(people[person]):
                    if group in groups:
                        found.setdefault(group, []).append((person, level))
        return found

    def _memberships(self, person: Person) -> Iterator[Group]:
        for kind in self.by:
            if name := getattr(person, kind):
                yield kind, name

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        for kind, name in self._groups(plan.problem):
            wished, attended = 0, 0
            for entry in plan.problem.ledger:
                if (entry.kind, entry.group) == (kind, name):
                    wished, attended = entry.wished, entry.attended
            members = {person.id for person in plan.problem.people if getattr(person, kind) == name}
            for session in plan.problem.sessions:
                if self.scope.covers(session):
                    shares, reached = _shares_of(members, session, plan)
                    wished += shares * session.minutes // WHOLE
                    attended += reached * session.minutes // WHOLE
            missed = wished - attended
            counted = sum(max(0, missed - -(-step * wished // self.steps)) for step in range(1, self.steps))
            if counted:
                yield Finding((), counted, f"{kind} {name} misses {missed} of {wished} person-minutes that it wants")


def _shares_of(members: set[str], session: Session, plan: FinishedPlan) -> tuple[int, int]:
    """Twentieths of each minute of a session that these people want, and that they can attend as it lies."""
    placed = plan.placed.get(session.id)
    wanted, reached = 0, 0
    for person, level in plan.wishes.get(session.proposal, {}).items():
        if person in members and person not in session.presenters:
            wanted += LEVEL_SHARE[level]
            reached += attendee_share(level, plan.standing(person, placed.when)) if placed else 0
    return wanted, reached
