"""One question about one session, and its whole answer: why here, why not, or what it would be worth there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.scheduler.explaining.names import Names
from services.scheduler.explaining.relocating import best_free_choices
from services.scheduler.explaining.situation import Situation, require_possible
from services.scheduler.explaining.why_here import compared, why_here
from services.scheduler.explaining.why_not import why_not
from shared.contract.commands.explaining import Comparison, Conflict, Repair, Verdict


@dataclass(frozen=True)
class Explained:
    """The answer in a sentence, and what it rests on."""

    verdict: Verdict
    sentence: str
    conflicts: tuple[Conflict, ...] = ()
    repairs: tuple[Repair, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    proven: bool = True


def explained(
    situation: Situation, name: str, names: Names, *, start: datetime | None = None, room: str | None = None
) -> Explained:
    """Why a session is where it is, when that is asked; else why it is not there, or what it would be worth there.

    Raises ``UnknownSessionError``, ``UnknownRoomError``, ``ImpossibleStartError``.
    """
    situation.session(name)
    require_possible(start)
    present = situation.placed.get(name)
    if present and start in (None, present.start) and room in (None, present.room):
        here = why_here(situation, name, names)
        return Explained(Verdict.HERE, here.sentence, comparisons=here.comparisons)
    found = why_not(situation, name, names, start=start, room=room)
    comparisons: tuple[Comparison, ...] = ()
    sentence = found.sentence
    if present and found.verdict is Verdict.POSSIBLE:
        comparisons = _there(situation, name, names, start, room)
        sentence = " ".join([sentence, *(f"On {one.sentence}" for one in comparisons)])
    return Explained(found.verdict, sentence, found.conflicts, found.repairs, comparisons, found.proven)


def _there(
    situation: Situation, name: str, names: Names, start: datetime | None, room: str | None
) -> tuple[Comparison, ...]:
    """What the plan would be worth with the session at the best place that fits the question."""
    own = situation.compiled.choices[name]
    for number in best_free_choices(situation, name, situation.at.copy()).tolist():
        at_start = start is None or int(own.start[number]) == int(start.timestamp())
        if at_start and (room is None or int(own.room[number]) == situation.room_number(room)):
            return (compared(situation, situation.chosen(name, number), names),)
    return ()
