"""What sessions bring to groups of people, stated by rules once for every start, as tables for search and model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.scheduler.board import Board
from services.scheduler.choices import Choices
from services.scheduler.rules.base import SumRule
from services.scheduler.sum_kernel import SumTables
from services.scheduler.terms import SumTerm

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Sums:
    """The sums of a problem. ``costs`` are person-minutes for each unit that a sum counts.

    ``brought`` is by session: to each sum (rows), from each start of ``at`` (columns, by number in the grid).
    """

    terms: tuple[SumTerm, ...]
    costs: tuple[int, ...]
    at: Mapping[str, Integers]
    brought: Mapping[str, Integers]

    @classmethod
    def of(cls, board: Board, choices: Mapping[str, Choices]) -> Sums:
        """As the rules in force state them, for the starts that these choices use."""
        stated = [
            (rule, terms)
            for rule in board.problem.policy.in_force()
            if isinstance(rule, SumRule) and (terms := tuple(rule.sums(board)))
        ]
        at = {name: np.unique(one.grid) for name, one in choices.items()} if stated else {}
        return cls(
            terms=tuple(term for _, terms in stated for term in terms),
            costs=tuple(rule.weight for rule, terms in stated for _ in terms),
            at=at,
            brought={
                name: np.concatenate([rule.brought(choices[name].session, starts, board) for rule, _ in stated])
                for name, starts in at.items()
            },
        )

    def by(self, name: str, choices: Choices) -> Integers:
        """What a session brings to each sum (rows) at each of these choices (columns)."""
        return np.asarray(self.brought[name][:, np.searchsorted(self.at[name], choices.grid)])

    @property
    def most(self) -> int:
        """What all sums cost at most: while no session has a place."""
        return sum(cost * term.counted(term.missing) for cost, term in zip(self.costs, self.terms, strict=True))

    def least(self, choices: Mapping[str, Choices]) -> int:
        """What all sums cost at least: with each session where it brings most to each of them."""
        most = np.zeros(len(self.terms), dtype=np.int64)
        for name, one in choices.items() if self.terms else ():
            if len(one):
                most += self.by(name, one).max(axis=1)
        each = zip(self.costs, self.terms, most.tolist(), strict=True)
        return sum(cost * term.counted(term.missing - brought) for cost, term, brought in each)

    def tables(self, choices: list[Choices]) -> SumTables:
        """As arrays for the kernel, over these choices of all sessions in order."""
        of_first, brought_first = [0], [0]
        of: list[Integers] = []
        entries: list[Integers] = []
        for one in choices:
            brought = self.by(one.session.id, one) if self.terms else np.zeros((0, len(one)), dtype=np.int64)
            rows = np.flatnonzero(brought.any(axis=1)) if len(one) else np.zeros(0, dtype=np.int64)
            of.append(rows)
            entries.append(brought[rows].T.ravel())
            of_first.append(of_first[-1] + len(rows))
            brought_first.append(brought_first[-1] + len(entries[-1]))
        missing = _integers([term.missing for term in self.terms])
        thresholds = [term.thresholds for term in self.terms]
        return SumTables(
            of_first=_integers(of_first),
            of=_joined(of),
            brought_first=_integers(brought_first),
            brought=_joined(entries),
            missing=missing,
            cost=_integers(self.costs),
            threshold_first=_integers(np.concatenate([[0], np.cumsum([len(each) for each in thresholds])])),
            threshold=_integers([threshold for each in thresholds for threshold in each]),
            seen=np.full(len(choices), -1, dtype=np.int64),
            now=missing.copy(),
        )


def _integers(values: object) -> Integers:
    return np.array(values, dtype=np.int64)


def _joined(arrays: list[Integers]) -> Integers:
    return np.concatenate([np.zeros(0, dtype=np.int64), *arrays]).astype(np.int64)
