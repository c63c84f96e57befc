"""Starts: from who speaks in which part to a time for each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.scheduler.running_order.evening import Evening
from services.scheduler.running_order.order import BreakSlot, Slot, TalkSlot
from shared.time.zones import zone

Parts = Sequence[Sequence[str]]
"""Ids of the talks of each part, in order."""


def slots_of(evening: Evening, parts: Parts) -> tuple[Slot, ...]:
    """One after the other from the start of the evening, with change-overs between talks, and breaks in full."""
    slots: list[Slot] = []
    now = evening.start
    for number, (part, pause) in enumerate(zip(parts, (*evening.breaks, None), strict=True), 1):
        for position, name in enumerate(part):
            talk = evening.talk(name)
            now += timedelta(minutes=evening.changeover_before(talk) if position else 0)
            slots.append(TalkSlot(id=name, part=number, start=now, minutes=talk.minutes))
            now = slots[-1].end
        if pause:
            slots.append(BreakSlot(id=pause.id, part=number, start=now, minutes=pause.minutes))
            now = slots[-1].end
    return tuple(slots)


def clock(evening: Evening, instant: datetime) -> str:
    """``18:05``, in the evening's zone."""
    return f"{instant.astimezone(zone(evening.zone)):%H:%M}"


def spoken(minutes: int) -> str:
    """``1 minute``, ``4 minutes``."""
    return f"{minutes} minute{'' if minutes == 1 else 's'}"
