"""For each session, every start of the grid and every room, and the rules that stand against it there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.scheduler.board import Board
from services.scheduler.entities import Session
from services.scheduler.problem import Problem
from services.scheduler.rules.base import UnaryRule
from services.scheduler.timeline import Flags

Masks = NDArray[np.uint64]
NONE = np.uint64(0)


@dataclass(frozen=True)
class Options:
    """What stands against one session, as bits of ``Candidates.rules``: per start, and per room and start."""

    session: Session
    against_time: Masks
    against_room: Masks

    def free(self) -> Flags:
        """Per room and start, whether nothing stands against it."""
        return np.asarray((self.against_time | self.against_room) == NONE)


@dataclass(frozen=True)
class Candidates:
    """Where each session of a problem could go, seen for itself: by all rules that must hold of one session."""

    board: Board
    rules: tuple[UnaryRule, ...]

    def options(self, name: str) -> Options:
        """What stands against one session. Worked out anew each time: kept for all, it would be most of the memory."""
        session = self.board.sessions[name]
        return _options(session, self.rules, np.arange(len(self.board.grid.starts)), self.board)

    @property
    def problem(self) -> Problem:
        return self.board.problem

    def bit(self, rule: str) -> np.uint64:
        """The mask of one rule, by its id; no bit at all for a rule that does not have to hold."""
        return np.uint64(sum(1 << number for number, one in enumerate(self.rules) if one.id == rule))

    def named(self, mask: int | np.uint64) -> tuple[str, ...]:
        """The ids of the rules in a mask."""
        return tuple(rule.id for number, rule in enumerate(self.rules) if int(mask) >> number & 1)


def find_candidates(board: Board) -> Candidates:
    """Every start and room, against every rule that concerns one session by itself and must hold."""
    in_force = board.problem.policy.in_force()
    return Candidates(board, tuple(rule for rule in in_force if isinstance(rule, UnaryRule) and rule.must_hold()))


def _options(session: Session, rules: tuple[UnaryRule, ...], everywhere: NDArray[np.int64], board: Board) -> Options:
    against_time = np.zeros(len(everywhere), dtype=np.uint64)
    against_room = np.zeros((len(board.problem.rooms), len(everywhere)), dtype=np.uint64)
    for number, rule in enumerate(rules):
        if rule.scope.covers(session):
            bit = np.uint64(1 << number)
            broken = rule.amounts(session, everywhere, board) > 0
            if rule.about_rooms:
                against_room |= np.where(broken, bit, NONE)
            else:
                against_time |= np.where(broken[0], bit, NONE)
    return Options(session, against_time, against_room)
