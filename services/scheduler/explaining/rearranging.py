"""Making room by moving several others: until there is room, or proof that there is none."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from services.scheduler.choices import Choices
from services.scheduler.explaining.arranging import Answer, arranged
from services.scheduler.explaining.competing import Rivals, rivals
from services.scheduler.explaining.narrowing import NONE, in_the_way_of, narrowed, tied_to
from services.scheduler.explaining.objections import Spots
from services.scheduler.explaining.relocating import Relocation
from services.scheduler.explaining.situation import Situation

LARGEST_PART = 60_000
"""Choices of those who may move, together; beyond that a model is not built."""


@dataclass(frozen=True)
class Rearranged:
    """An arrangement that makes room, or who cannot all have a place. ``proven``: there is none, or one is told."""

    found: Relocation | None = None
    rivals: Rivals | None = None
    proven: bool = False


def rearranged(situation: Situation, name: str, asked: Spots, seconds: float) -> Rearranged:
    """Widen the part of the plan that may move until the session fits, or nobody else stands in anybody's way.

    Then nothing outside that part can change the answer: it is proven. Before that, those that a rule ties to it are
    looked at as if they were alone: where even they cannot all have a place, nothing else matters.
    """
    until = time.monotonic() + seconds
    if tied := tied_to(situation.compiled, name):
        names = sorted({name, *tied})
        if found := rivals(situation.compiled, _alone(situation, name, asked, tied), names, seconds):
            return Rearranged(rivals=found, proven=True)
    free = {name}
    while (left := until - time.monotonic()) > 0:
        more = in_the_way_of(situation, free)
        free |= more
        choices = _part(situation, name, asked, free)
        if sum(len(choices[one]) for one in free) > LARGEST_PART:
            return Rearranged()
        weights = {one: len(situation.people(one)) for one in situation.placed}
        outcome = arranged(situation, choices, name, weights, left)
        if outcome.answer is Answer.YES:
            place = next(one for one in outcome.moves if one.session == name)
            moves = tuple(one for one in outcome.moves if one.session != name)
            return Rearranged(Relocation(place, moves), proven=True)
        if outcome.answer is Answer.NO and not more:
            names = sorted(free)
            return Rearranged(rivals=rivals(situation.compiled, choices, names, until - time.monotonic()), proven=True)
        if not more:
            break
    return Rearranged()


def _alone(situation: Situation, name: str, asked: Spots, tied: Collection[str]) -> Mapping[str, Choices]:
    """All places of these sessions, and none of any other."""
    own = {other: one if other in tied else one.only(NONE) for other, one in situation.compiled.choices.items()}
    return {**own, name: _wanted(situation, situation.compiled.choices[name], asked)}


def _part(situation: Situation, name: str, asked: Spots, free: set[str]) -> Mapping[str, Choices]:
    choices = narrowed(situation, free)
    return {**choices, name: _wanted(situation, choices[name], asked)}


def _wanted(situation: Situation, own: Choices, asked: Spots) -> Choices:
    rooms = len(situation.problem.rooms)
    return own.only(np.isin(own.grid * rooms + own.room, asked.at * rooms + asked.room))
