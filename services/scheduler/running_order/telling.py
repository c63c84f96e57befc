"""What a re-flow changes, in sentences for whoever stands in front of the room."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta
from itertools import pairwise

from services.scheduler.running_order.evening import Evening
from services.scheduler.running_order.order import RunningOrder, Slot, Why
from services.scheduler.running_order.timing import clock, spoken

MINUTE = timedelta(minutes=1)


def changes(
    evening: Evening, before: RunningOrder, after: RunningOrder, *, ended: int, late: int, no_shows: Collection[str]
) -> tuple[str, ...]:
    """A sentence for each change after the first ``ended`` slots; none when all stays as it was.

    ``late`` is by how many minutes they ended late; below zero when they ended early.
    """
    lead = f"{spoken(abs(late))} {'late' if late > 0 else 'early'}: " if late else ""
    told = [
        *_no_shows(evening, no_shows),
        *_who_comes_in(evening, before, after, lead),
        *_breaks(evening, before, after, ended, lead),
        *_next_start(evening, before, after, ended, lead),
        *_who_gives_way(evening, before, after),
        *_twice_in_a_row(evening, before, after),
        *_end(evening, before, after),
    ]
    return tuple(sentence[:1].upper() + sentence[1:] if sentence.startswith("the ") else sentence for sentence in told)


def _no_shows(evening: Evening, no_shows: Collection[str]) -> Iterator[str]:
    for name in sorted(no_shows):
        yield f"{name} is not given: {evening.talk(name).presenter} did not come."


def _who_comes_in(evening: Evening, before: RunningOrder, after: RunningOrder, lead: str) -> Iterator[str]:
    for slot in after.slots:
        if slot.kind == "break" or slot.id in before.talks:
            continue
        talk = evening.talk(slot.id)
        if talk.reserve:
            yield f"{lead}the reserve talk {slot.id} by {talk.presenter} comes in at {clock(evening, slot.start)}."
        else:
            yield f"{lead}there is time again for {slot.id} by {talk.presenter}, at {clock(evening, slot.start)}."


def _breaks(evening: Evening, before: RunningOrder, after: RunningOrder, ended: int, lead: str) -> Iterator[str]:
    now = {slot.id: slot for slot in after.slots if slot.kind == "break"}
    for slot in before.slots[ended:]:
        if slot.kind == "talk":
            continue
        pause = next(each for each in evening.breaks if each.id == slot.id)
        if slot.id not in now:
            yield f"{lead}the {pause.title} falls away, because nobody speaks after it."
            continue
        minutes = now[slot.id].minutes
        if minutes < slot.minutes:
            yield f"{lead}the {pause.title} shrinks from {slot.minutes} to {spoken(minutes)}."
        elif minutes > slot.minutes:
            yield f"{lead}the {pause.title} grows from {slot.minutes} to {spoken(minutes)}."
        begins = now[slot.id].start
        if pause.latest and begins > pause.latest and begins != slot.start:
            latest = clock(evening, pause.latest)
            yield f"The {pause.title} begins at {clock(evening, begins)}, though it should by {latest}."


def _next_start(evening: Evening, before: RunningOrder, after: RunningOrder, ended: int, lead: str) -> Iterator[str]:
    now = {slot.id: slot.start for slot in after.slots}
    for slot in before.slots[ended:]:
        if slot.id in now:
            if now[slot.id] != slot.start:
                name = _name(evening, slot)
                yield f"{lead}{name} begins at {clock(evening, now[slot.id])}, not {clock(evening, slot.start)}."
            return


def _name(evening: Evening, slot: Slot) -> str:
    if slot.kind == "talk":
        return slot.id
    return "the " + next(pause.title for pause in evening.breaks if pause.id == slot.id)


def _who_gives_way(evening: Evening, before: RunningOrder, after: RunningOrder) -> Iterator[str]:
    known = {each.talk for each in before.left_out}
    for name in before.talks:
        if evening.talk(name).reserve and name in after.standing_by:
            yield f"The reserve talk {name} gives way and stands by again."
    for each in after.left_out:
        if each.why is Why.OUT_OF_TIME and each.talk not in known:
            owed = "goes first next time" if each.first_next_time else "speaks with another talk tonight"
            yield f"There is no time left for {each.talk}: {each.presenter} {owed}."


def _twice_in_a_row(evening: Evening, before: RunningOrder, after: RunningOrder) -> Iterator[str]:
    known = set(pairwise((slot.kind, slot.id) for slot in before.slots))
    for one, other in pairwise(after.slots):
        if one.kind == other.kind == "talk" and ((one.kind, one.id), (other.kind, other.id)) not in known:
            presenter = evening.talk(one.id).presenter
            if presenter == evening.talk(other.id).presenter:
                yield f"{presenter} now speaks twice in a row, with {one.id} and {other.id}."


def _end(evening: Evening, before: RunningOrder, after: RunningOrder) -> Iterator[str]:
    if before.slots and after.slots and before.slots[-1].end != after.slots[-1].end:
        ends, planned = clock(evening, after.slots[-1].end), clock(evening, before.slots[-1].end)
        yield f"It all ends at {ends}, not {planned}."
