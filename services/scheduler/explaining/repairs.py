"""What would give a session a place: the cheapest ways, each confirmed by the rules on the repaired problem."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import numpy as np

from services.scheduler.explaining.breaches import breaches
from services.scheduler.explaining.clauses import Teller, source_of
from services.scheduler.explaining.easing import eased, rule_of
from services.scheduler.explaining.mildness import mildest_first
from services.scheduler.explaining.names import listed, people
from services.scheduler.explaining.objections import Against
from services.scheduler.explaining.relocating import Relocation
from services.scheduler.explaining.situation import Situation
from services.scheduler.rules.names import MustHold
from shared.contract.commands.explaining import Objection, Repair, RepairKind
from shared.contract.facts.scheduler import Placement
from shared.time.zones import zone

EASINGS = 6
MOST_GIVE_WAY = 2
"""How many objections may have to give way at one spot for it to be offered."""


def confirmed(situation: Situation, repair: Repair, objections: Iterable[Objection] = ()) -> bool:
    """Whether on the repaired problem the session has its place, all others keep one, and no rule is newly broken."""
    plan = situation.plan_with(repair.place, *repair.moves)
    repaired = eased(situation.problem, repair.place, objections)
    kept = situation.placed.keys() <= {one.session for one in plan}
    return kept and breaches(repaired, plan) <= situation.breaches


def other_places(
    situation: Situation, teller: Teller, start: datetime, room_name: str, free: Against
) -> Iterator[Repair]:
    """Places that are free as things are: another room at that time, then the nearest times,
    one of each day, rather in that room."""
    second, present = int(start.timestamp()), situation.placed.get(free.session.id)
    open_columns = np.flatnonzero(~free.matrix.any(axis=0))
    starts = situation.board.grid.starts[free.spots.at[open_columns]]
    room = free.spots.room[open_columns]
    smallest = situation.board.capacities[room]
    order = np.lexsort((smallest, room != situation.room_number(room_name), np.abs(starts - second)))
    seen: set[tuple[RepairKind, int]] = set()
    for number in order.tolist():
        begins = int(starts[number])
        kind = RepairKind.OTHER_ROOM if begins == second else RepairKind.OTHER_TIME
        day = int(situation.board.grid.day[free.spots.at[open_columns[number]]])
        place = situation.placement(free.session.id, begins, int(room[number]))
        if (kind, day) not in seen and place != present:
            seen.add((kind, day))
            yield Repair(kinds=(kind,), sentence=f"Take {teller.names.place(place)} instead.", place=place)


def easings(situation: Situation, teller: Teller, against: Against) -> Iterator[tuple[Repair, tuple[Objection, ...]]]:
    """Spots at which only one or two things would have to give way, the best spot of each kind; others stay put."""
    about_others = np.array([bool(one.sessions) for one in against.objections], dtype=np.bool_)
    count = against.matrix.sum(axis=0)
    columns = np.flatnonzero((count >= 1) & (count <= MOST_GIVE_WAY) & ~against.matrix[about_others].any(axis=0))
    best: dict[tuple[Objection, ...], int] = {}
    for column in columns[mildest_first(situation, against, columns)].tolist():
        best.setdefault(against.at_spot(column), column)
    offered: list[set[Objection]] = []
    for key in sorted(best, key=len):
        if any(one < set(key) for one in offered) or len(offered) == EASINGS:
            continue
        offered.append(set(key))
        at, room = int(against.spots.at[best[key]]), int(against.spots.room[best[key]])
        place = situation.placement(against.session.id, int(situation.board.grid.starts[at]), room)
        yield _easing(teller, place, key), key


def _asked(teller: Teller, objections: Iterable[Objection]) -> tuple[str, ...]:
    """Who would have to agree: presenters who said no; all of the session's people where a rule about times bends."""
    asked = {person for one in objections for person in one.people}
    if any(_kind(one) is RepairKind.EXCEPTION and not one.rooms for one in objections):
        asked |= teller.situation.people(teller.against.session.id)
    return tuple(sorted(asked))


def _easing(teller: Teller, place: Placement, objections: tuple[Objection, ...]) -> Repair:
    asked = _asked(teller, objections)
    deeds = [_deed(teller, place, one) for one in objections]
    first = f"{deeds[0][:1].upper()}{deeds[0][1:]}"
    return Repair(
        kinds=tuple(dict.fromkeys(_kind(one) for one in objections)),
        sentence=f"{' and '.join((first, *deeds[1:]))}; then {teller.names.place(place)} is possible"
        f"{f' ({people(len(asked))} to ask)' if asked else ''}.",
        place=place,
        rules=tuple(dict.fromkeys(one.rule for one in objections)),
        people=asked,
    )


def _kind(objection: Objection) -> RepairKind:
    if objection.rule == MustHold.PRESENTER_UNAVAILABLE:
        return RepairKind.ASK_PRESENTER
    return RepairKind.FREE_ROOM if objection.rule == MustHold.ROOM_UNAVAILABLE else RepairKind.EXCEPTION


def _deed(teller: Teller, place: Placement, objection: Objection) -> str:
    problem = teller.situation.problem
    when = f"{_day(teller, place)} {teller.names.stretch(place)}"
    if objection.rule == MustHold.PRESENTER_UNAVAILABLE:
        return f"ask {listed(objection.people)} about {when}"
    if objection.rule == MustHold.ROOM_UNAVAILABLE:
        return f"free {listed(map(teller.names.room, objection.rooms))} on {when}"
    rule = rule_of(problem, objection.rule)
    source = source_of(problem, objection.rule) or f" (rule {objection.rule})"
    return f"make an exception to “{rule.sentence}”{source} for {teller.names.session(place.session)}"


def _day(teller: Teller, place: Placement) -> str:
    local = place.start.astimezone(zone(teller.names.zone))
    return f"{local:%A} {local.day} {local:%B}"


def moving_others(situation: Situation, teller: Teller, found: Relocation) -> Repair:
    """Other sessions go elsewhere and make room."""
    names = teller.names
    moves = listed(
        f"{names.session(one.session)} from {names.place(situation.placed[one.session])} to {names.place(one)}"
        for one in found.moves
    )
    affected = sorted(frozenset[str]().union(*(situation.people(one.session) for one in found.moves)))
    return Repair(
        kinds=(RepairKind.MOVE_OTHERS,),
        sentence=f"Move {moves}; then {names.place(found.place)} is free ({people(len(affected))} affected).",
        place=found.place,
        moves=found.moves,
        people=tuple(affected),
    )
