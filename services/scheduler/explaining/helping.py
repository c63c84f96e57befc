"""The cheapest repairs for a question: gathered by kind, each confirmed, those that trouble fewest people first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from services.scheduler.explaining.clauses import Teller
from services.scheduler.explaining.names import Names
from services.scheduler.explaining.objections import Against, against_all, all_spots
from services.scheduler.explaining.relocating import Relocation, best_free_choices
from services.scheduler.explaining.repairs import confirmed, easings, moving_others, other_places
from services.scheduler.explaining.situation import Situation
from shared.contract.commands.explaining import Repair, RepairKind

MOST_REPAIRS = 6
OTHER_PLACES = 3
RELOCATIONS = 3


@dataclass(frozen=True)
class Question:
    """A session, the start and room that were asked for, and what stands against it there."""

    teller: Teller
    alone: Against
    start: datetime | None
    room: str | None

    @property
    def situation(self) -> Situation:
        return self.teller.situation

    @property
    def names(self) -> Names:
        return self.teller.names

    @property
    def everything(self) -> Against:
        return self.teller.against

    @property
    def name(self) -> str:
        return self.everything.session.id


def repairs_for(question: Question, relocations: Iterable[Relocation]) -> tuple[Repair, ...]:
    """Confirmed repairs. One that asks nobody goes before one that asks or moves people, and what is free first."""
    found = [*_free_places(question), *_easings(question), *_relocations(question, relocations)]
    found.sort(key=lambda one: (len(one.people), len(one.kinds) + len(one.moves), _is_exception(one)))
    return tuple(found[:MOST_REPAIRS])


def _is_exception(repair: Repair) -> bool:
    return RepairKind.EXCEPTION in repair.kinds


def _free_places(question: Question) -> Iterator[Repair]:
    """Another room or the nearest times when a start was asked for; else the best place that is free."""
    situation = question.situation
    if question.start is not None:
        room = question.room or _first_room(question)
        if room is not None:
            free = against_all(situation, question.everything.session, all_spots(situation.board))
            found = other_places(situation, question.teller, question.start, room, free)
            yield from _first_confirmed(situation, found, OTHER_PLACES)
        return
    for number in best_free_choices(situation, question.name, situation.at)[:1].tolist():
        place = situation.chosen(question.name, number)
        sentence = f"{question.names.place(place)} is free for it; a search with a longer limit would place it."
        repair = Repair(kinds=(RepairKind.OTHER_TIME,), sentence=sentence, place=place)
        yield from _first_confirmed(situation, iter([repair]), 1)


def _first_room(question: Question) -> str | None:
    placed = question.situation.placed.get(question.name)
    if placed is not None:
        return placed.room
    rooms = question.situation.problem.rooms
    return rooms[0].id if rooms else None


def _first_confirmed(situation: Situation, found: Iterator[Repair], most: int) -> Iterator[Repair]:
    for repair in found:
        if most and confirmed(situation, repair):
            most -= 1
            yield repair
        if not most:
            return


def _easings(question: Question) -> Iterator[Repair]:
    for repair, objections in easings(question.situation, question.teller, question.everything):
        if confirmed(question.situation, repair, objections):
            yield repair


def _relocations(question: Question, relocations: Iterable[Relocation]) -> Iterator[Repair]:
    moving = (moving_others(question.situation, question.teller, one) for one in relocations)
    yield from _first_confirmed(question.situation, moving, RELOCATIONS)
