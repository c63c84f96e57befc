"""What every rule of a plan is: an id, a sentence, a source, a level, a weight, a scope, and two implementations.

The first states the rule on the tables that search, what-if and the CP-SAT model share: as amounts by place of one
session (``UnaryRule``), as relations of two sessions (``PairRule``), as a whole of several (``GroupRule``) or as sums
over what each of them brings (``SumRule``). The second, ``judge``, looks at a finished plan with nothing but the
problem at hand, and finds what the rule has against it. Tests hold the two against each other; reported numbers come
from ``judge``.

A new rule is one file here, a class with both, and a line in ``catalogue``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from shared.contract.values import Id, Line, Tag, Value

if TYPE_CHECKING:
    from services.scheduler.board import Board
    from services.scheduler.entities import Session
    from services.scheduler.finished import FinishedPlan
    from services.scheduler.terms import GroupTerm, PairTerm, SumTerm

Amounts = NDArray[np.int64]
Indices = NDArray[np.int64]
NOTHING: Amounts = np.zeros((1, 1), dtype=np.int64)
"""What a rule answers for a session that does not concern it."""


class Level(StrEnum):
    """What a broken rule means."""

    MUST = "must"
    """No plan breaks it."""
    BLOCK_RELEASE = "block-release"
    """It costs its weight, and a plan that breaks it is released only by somebody who says so."""
    WARN = "warn"
    """It costs its weight."""
    IGNORE = "ignore"
    """It is switched off."""


class Scope(Value):
    """The sessions that a rule looks at; nothing named means all."""

    formats: tuple[Tag, ...] = ()
    sessions: tuple[Id, ...] = ()

    def covers(self, session: Session) -> bool:
        in_formats = not self.formats or session.format in self.formats
        return in_formats and (not self.sessions or session.id in self.sessions)


@dataclass(frozen=True)
class Finding:
    """One thing that a rule has against a finished plan.

    ``amount`` times the rule's weight is its cost in person-minutes; negative amounts are gains. ``clause`` says in
    words what is so, with ids for names: "p-004 and p-007 want both a and b".
    """

    sessions: tuple[str, ...]
    amount: int
    clause: str
    people: tuple[str, ...] = ()


class Rule(Value):
    """A rule of a plan. Its kind says what it looks at; a policy may give level, weight and scope of its own."""

    id: Id
    sentence: Line = Field(description="the rule in one plain sentence")
    source: Line = Field(default="every programme", description="who asks for it, and where it is written down")
    level: Level = Level.MUST
    weight: int = Field(default=1, ge=0, le=10**9, description="person-minutes for each unit of what it counts")
    scope: Scope = Scope()

    def judge(self, plan: FinishedPlan) -> Iterable[Finding]:
        """What this rule has against the plan, from the problem alone."""
        raise NotImplementedError

    def must_hold(self) -> bool:
        return self.level is Level.MUST

    def switched_on(self) -> bool:
        return self.level is not Level.IGNORE


class UnaryRule(Rule):
    """A rule about where one session lies, whatever the others do."""

    about_rooms: ClassVar[bool] = False
    """Whether it looks at rooms, or at times alone."""

    def amounts(self, session: Session, at: Indices, board: Board) -> Amounts:
        """By room and start, how much the rule has against this session there.

        ``at`` are indices of starts in the board's grid; the answer broadcasts to (rooms, len(at)), so that a rule
        about times alone gives (1, len(at)) and one about rooms alone (rooms, 1). Where the rule must hold, every
        amount above 0 is forbidden.
        """
        raise NotImplementedError


class PairRule(Rule):
    """A rule about how two sessions lie to each other."""

    def pairs(self, board: Board) -> Iterator[PairTerm]:
        """The relations that cost, with their amounts; where the rule must hold, that are forbidden."""
        raise NotImplementedError


class GroupRule(Rule):
    """A rule about several sessions as a whole."""

    def groups(self, board: Board) -> Iterator[GroupTerm]:
        raise NotImplementedError


class SumRule(Rule):
    """A rule about what sessions bring to groups of people in sum; what a group still misses costs ever more.

    What each session brings follows from where it lies, whatever the others do.
    """

    def sums(self, board: Board) -> Iterator[SumTerm]:
        """What each group misses while no session has a place, and from where on that counts more."""
        raise NotImplementedError

    def brought(self, session: Session, at: Indices, board: Board) -> Amounts:
        """What this session brings to each group, in the order of ``sums``, at each of these starts; never below 0."""
        raise NotImplementedError
