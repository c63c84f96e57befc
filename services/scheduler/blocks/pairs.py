"""What two sessions do to each other by the timeslots that they lie in, on the block model."""

from __future__ import annotations

import numpy as np

from services.scheduler.blocks.model import BlockModel, Literal
from services.scheduler.blocks.pairing import Pairing
from services.scheduler.compiling import Stated
from services.scheduler.encoding import patterns
from services.scheduler.terms import PairTerm


class PairEncoder:
    """Writes the pair terms of a programme in blocks into its block model."""

    def __init__(self, model: BlockModel) -> None:
        self._model, self._programme = model, model.programme
        self._pairing = Pairing(model.programme)

    def encode(self) -> None:
        for stated in self._programme.compiled.pairs:
            if stated.must:
                self._forbid(stated.term)
            elif stated.cost:
                self._weigh(stated)

    def _forbid(self, term: PairTerm) -> None:
        self._where(term, 1, ())
        if term.requires:
            one, other = self._placed(term)
            self._model.cp.add_implication(other, one)

    def _weigh(self, stated: Stated[PairTerm]) -> None:
        """For each step in the relation's least value, a literal that is true when it is reached."""
        below = 0
        for value in sorted(set(np.unique(self._pairing.least(stated.term)).tolist()) - {0}):
            reached = self._model.literal()
            self._model.costs(reached, stated.cost * (value - below))
            self._where(stated.term, value, (reached,))
            below = value
        if stated.term.requires:
            alone, (one, other) = self._model.literal(), self._placed(stated.term)
            self._model.cp.add_bool_or(alone, one, ~other)
            self._model.costs(alone, stated.cost)

    def _where(self, term: PairTerm, value: int, otherwise: tuple[Literal, ...]) -> None:
        """The relation stays below that value, or one of the other literals is true."""
        one, other = (self._programme.compiled.number[name] for name in (term.one, term.other))
        for rows, columns in patterns(self._pairing.least(term) >= value):
            for mine in self._any(one, rows):
                for theirs in self._any(other, columns):
                    self._model.cp.add_bool_or(*otherwise, ~mine, ~theirs)

    def _placed(self, term: PairTerm) -> tuple[Literal, Literal]:
        number = self._programme.compiled.number
        return self._model.placed[number[term.one]], self._model.placed[number[term.other]]

    def _any(self, row: int, timeslots: list[int]) -> list[Literal]:
        return [self._model.lies[row][timeslot] for timeslot in timeslots if timeslot in self._model.lies[row]]
