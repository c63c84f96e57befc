"""What must hold in a planned order, checked on its slots alone: one sentence for each thing that does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from services.scheduler.running_order.evening import Evening, Talk
from services.scheduler.running_order.order import Slot
from services.scheduler.running_order.timing import clock, spoken


def violations(evening: Evening, slots: Sequence[Slot]) -> tuple[str, ...]:
    """Sentences; none when the order may be held as it is."""
    talks = [evening.talk(slot.id) for slot in slots if slot.kind == "talk"]
    return (
        *_breaks(evening, slots),
        *_time(evening, slots),
        *_presenters(evening, slots),
        *_talks(talks),
        *_carried_over(talks),
        *_pins(evening, talks),
    )


def _breaks(evening: Evening, slots: Sequence[Slot]) -> Iterator[str]:
    held = [slot for slot in slots if slot.kind == "break"]
    if [slot.id for slot in held] != [pause.id for pause in evening.breaks]:
        yield "The breaks are not those of the evening, in their order."
        return
    for slot, pause in zip(held, evening.breaks, strict=True):
        if slot.minutes != pause.minutes:
            yield f"The {pause.title} is planned for {spoken(pause.minutes)}, but takes {slot.minutes}."
        if pause.latest and slot.start > pause.latest:
            yield f"The {pause.title} begins at {clock(evening, slot.start)}, after {clock(evening, pause.latest)}."


def _time(evening: Evening, slots: Sequence[Slot]) -> Iterator[str]:
    if slots and slots[0].start != evening.start:
        yield f"It does not begin at {clock(evening, evening.start)}."
    if slots and slots[-1].end > evening.end:
        late = (slots[-1].end - evening.end) // timedelta(minutes=1)
        yield f"It ends at {clock(evening, slots[-1].end)}, {spoken(late)} after {clock(evening, evening.end)}."
    for slot, following in pairwise(slots):
        both_talk = slot.kind == following.kind == "talk"
        gap = evening.changeover_before(evening.talk(following.id)) if both_talk else 0
        if following.start - slot.end != timedelta(minutes=gap):
            yield f"{following.id} does not begin {spoken(gap)} after the end of {slot.id}."


def _presenters(evening: Evening, slots: Sequence[Slot]) -> Iterator[str]:
    for slot, following in pairwise(slots):
        if slot.kind == following.kind == "talk":
            presenter = evening.talk(slot.id).presenter
            if presenter == evening.talk(following.id).presenter:
                yield f"{presenter} speaks twice in a row, with {slot.id} and {following.id}."


def _talks(talks: Sequence[Talk]) -> Iterator[str]:
    for talk in talks:
        if talk.reserve:
            yield f"{talk.id} is a reserve talk, which stands by."
        if sum(talk.id == other.id for other in talks) > 1:
            yield f"{talk.id} is there twice."


def _carried_over(talks: Sequence[Talk]) -> Iterator[str]:
    free = [talk for talk in talks if not talk.pinned]
    for talk, following in pairwise(free):
        if following.carried_over and not talk.carried_over:
            yield f"{following.id} was left out last time and goes first, but {talk.id} comes before it."


def _pins(evening: Evening, talks: Sequence[Talk]) -> Iterator[str]:
    pinned = sorted((talk for talk in evening.ordinary if talk.pinned), key=lambda talk: talk.pinned or 0)
    for later, talk in enumerate(reversed(pinned)):
        due = min(talk.pinned or 0, len(talks) - later)
        if talk not in talks:
            yield f"{talk.id} is pinned to position {talk.pinned}, but left out."
        elif talks.index(talk) + 1 != due:
            yield f"{talk.id} is pinned to position {talk.pinned}, but is number {talks.index(talk) + 1}."
