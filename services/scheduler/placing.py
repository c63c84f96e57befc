"""Plans as numbers of choices, as the search has them, and as placements, as the contract has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import numpy as np

from services.scheduler.compiling import Compiled
from shared.contract.facts.scheduler import Placement


def choices_at(compiled: Compiled, placements: Iterable[Placement]) -> dict[str, int]:
    """The numbers of the choices that these placements take, as far as they are possible."""
    rooms = {room.id: number for number, room in enumerate(compiled.problem.rooms)}
    numbers: dict[str, int] = {}
    for placement in placements:
        choices = compiled.choices.get(placement.session)
        if choices is not None and placement.room in rooms:
            start = int(placement.start.timestamp())
            same = np.flatnonzero((choices.start == start) & (choices.room == rooms[placement.room]))
            if len(same):
                numbers[placement.session] = int(same[0])
    return numbers


def placements_of(compiled: Compiled, plan: Mapping[str, int]) -> tuple[Placement, ...]:
    """A plan by the numbers of its choices, in the contract's terms; in order of session."""
    return tuple(_placement(compiled, name, number) for name, number in sorted(plan.items()))


def _placement(compiled: Compiled, name: str, number: int) -> Placement:
    choices, session = compiled.choices[name], compiled.board.sessions[name]
    return Placement(
        session=name,
        proposal=session.proposal,
        room=compiled.problem.rooms[choices.room[number]].id,
        start=datetime.fromtimestamp(int(choices.start[number]), UTC),
        minutes=session.minutes,
    )
