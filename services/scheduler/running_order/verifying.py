"""Doing the draw again: what does not match, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from services.scheduler.running_order.drawing import (
    Commitment,
    Draw,
    commitment_of,
    differences,
    shuffled,
)
from services.scheduler.running_order.evening import Evening
from services.scheduler.running_order.fitting import fit, queue
from services.scheduler.running_order.order import Mode, RunningOrder


def verify(evening: Evening, commitment: Commitment, draw: Draw, order: RunningOrder | None = None) -> tuple[str, ...]:
    """One sentence for each thing that does not match; none when the draw is what was committed to.

    With a running order, also whether its talks are those of the draw, in drawn order, as planned (not re-flowed).
    Raises ``RunningOrderError`` when an order is given and the pinned talks of the evening cannot hold.
    """
    told = [*_programmes(evening, commitment, draw, order), *differences(evening, draw.entrants)]
    told += _commitment(commitment, draw)
    told += _shuffle(draw)
    if order and not told:
        told += _order(evening, draw, order)
    return tuple(told)


def _programmes(evening: Evening, commitment: Commitment, draw: Draw, order: RunningOrder | None) -> Iterator[str]:
    for name, given in (("commitment", commitment), ("draw", draw), ("running order", order)):
        if given and given.programme != evening.programme:
            yield f"The {name} is for {given.programme}, the evening is {evening.programme}."


def _commitment(commitment: Commitment, draw: Draw) -> Iterator[str]:
    if draw.entrants != commitment.entrants:
        yield "The entrants of the draw are not those that were published with the commitment, in their order."
    found = commitment_of(commitment.entrants, draw.seed)
    if found != commitment.commitment:
        yield (
            "The seed is not the one that was committed to: with the published entrants it gives the commitment "
            f"{found}, but {commitment.commitment} was published."
        )
    if draw.commitment != commitment.commitment:
        yield f"The draw quotes the commitment {draw.commitment}, but {commitment.commitment} was published."


def _shuffle(draw: Draw) -> Iterator[str]:
    found = shuffled(draw.entrants, seed=draw.seed, commitment=commitment_of(draw.entrants, draw.seed), word=draw.word)
    for place, (due, given) in enumerate(zip_longest(found, draw.order), 1):
        if due != given:
            yield f"Number {place} of the draw is {due or 'nobody'}, but {given or 'nobody'} was announced."
            return


def _order(evening: Evening, draw: Draw, order: RunningOrder) -> Iterator[str]:
    if order.mode is not Mode.DRAWN:
        yield "The running order was composed, not drawn."
        return
    talks, _ = fit(evening, queue(evening, draw.order))
    for place, (due, given) in enumerate(zip_longest((talk.id for talk in talks), order.talks), 1):
        if due != given:
            yield f"Talk {place} of the running order is {given or 'none'}; by the draw it is {due or 'none'}."
            return
