"""One session against many of another track, on the block model.

A session that should not overlap many of a track's may lie beside them in one timeslot only as far as the track's
cells leave steps in which the session does not go on. What does not find one of those overlaps it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from ortools.sat.python import cp_model

from services.scheduler.blocks.model import BlockModel
from services.scheduler.blocks.pairing import Pairing
from services.scheduler.terms import Relation


@dataclass(frozen=True)
class Star:
    """A session, sessions of one other track, and what each minute costs at which it overlaps one of them, at least."""

    centre: int
    track: int
    points: tuple[int, ...]
    cost: int


class StarEncoder:
    """Adds to a block model what overlaps cost that no order within the timeslots can avoid.

    Only sessions that last whole steps of their timeslots are looked at. A pair belongs to one star, and those that
    overlap in some timeslot wherever they lie in it to none, because they are priced already.
    """

    def __init__(self, model: BlockModel) -> None:
        self._model, self._programme = model, model.programme

    def encode(self) -> None:
        for star in self._stars():
            for timeslot in self._model.active[star.track]:
                if timeslot in self._model.lies[star.centre]:
                    self._encode(star, timeslot)

    def _encode(self, star: Star, timeslot: int) -> None:
        need, lies = self._programme.need, self._model.lies
        points = [row for row in star.points if timeslot in lies[row]]
        beside = int(self._programme.steps[timeslot] - need[star.centre, timeslot])
        most = int(need[points, timeslot].sum()) - beside
        if most > 0:
            taken = cp_model.LinearExpr.weighted_sum(
                [lies[row][timeslot] for row in points], [int(need[row, timeslot]) for row in points]
            )
            cells = cp_model.LinearExpr.sum(self._model.in_timeslot(star.track, timeslot))
            overlapping = self._model.cp.new_int_var(0, most, "")
            self._model.cp.add(overlapping >= taken - beside * cells).only_enforce_if(lies[star.centre][timeslot])
            self._model.costs(overlapping, star.cost * self._step_minutes(timeslot))

    def _step_minutes(self, timeslot: int) -> int:
        compiled = self._programme.compiled
        return compiled.problem.timeslots[compiled.board.timeslots[timeslot]].step_minutes or 1

    def _stars(self) -> Iterator[Star]:
        pairs = dict(self._pairs())
        track_of = self._programme.track_of
        reach = Counter((one, track_of[other]) for pair in pairs for one, other in (pair, pair[::-1]))
        points: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for (one, other), cost in pairs.items():
            if reach[one, track_of[other]] < reach[other, track_of[one]]:
                one, other = other, one  # noqa: PLW2901 -- the pair the other way round
            points.setdefault((one, track_of[other]), []).append((other, cost))
        for (centre, track), own in points.items():
            if len(own) > 1:
                yield Star(centre, track, tuple(row for row, _ in own), min(cost for _, cost in own))

    def _pairs(self) -> Iterator[tuple[tuple[int, int], int]]:
        pairing, track_of = Pairing(self._programme), self._programme.track_of
        number = self._programme.compiled.number
        for stated in self._programme.compiled.pairs:
            one, other = number[stated.term.one], number[stated.term.other]
            weighed = stated.term.relation is Relation.OVERLAP_MINUTES and stated.cost > 0 and not stated.must
            apart = track_of[one] != track_of[other] and self._lasts_whole_steps(one) and self._lasts_whole_steps(other)
            if weighed and apart and not pairing.least(stated.term).any():
                yield (one, other), stated.cost

    def _lasts_whole_steps(self, row: int) -> bool:
        minutes = self._programme.compiled.problem.sessions[row].minutes
        return all(minutes % self._step_minutes(timeslot) == 0 for timeslot in self._model.lies[row])
