"""The rest of an evening: talks and breaks in order, from now on, and what of them fits before the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.scheduler.running_order.evening import Break, Evening, Talk
from services.scheduler.running_order.order import BreakSlot, Slot, TalkSlot

Item = Talk | Break

MINUTE = timedelta(minutes=1)


class LineUp:
    """What can follow the slots that have ended, when the next thing begins at ``now`` (or after its change-over)."""

    def __init__(self, evening: Evening, now: datetime, past: Sequence[Slot]) -> None:
        self.evening, self.now, self._past = evening, now, past
        last = past[-1] if past else None
        self._last: Item | None = evening.talk(last.id) if last and last.kind == "talk" else None
        self._heard = {evening.talk(slot.id).presenter for slot in past if slot.kind == "talk"}

    def fitting(self, wanted: Sequence[Item]) -> list[Item]:
        """What keeps its place, with breaks as short as they may be.

        First talks of presenters who have not spoken, then other talks, then reserves; in each, the earlier first. A
        break after which nobody speaks any more is left out with those who would have.
        """
        talks = [item for item in wanted if isinstance(item, Talk)]
        kept: set[str] = set()
        claims = _claims(talks, self._heard)
        for talk in sorted(talks, key=lambda talk: claims[talk.id]):
            tried = _only(wanted, kept | {talk.id})
            if self.end(tried, shortest=True) <= self.evening.end:
                kept.add(talk.id)
        return list(wanted) if len(kept) == len(talks) and self._all_fits(wanted) else _only(wanted, kept)

    def _all_fits(self, wanted: Sequence[Item]) -> bool:
        return self.end(wanted, shortest=True) <= self.evening.end

    def end(self, items: Sequence[Item], *, shortest: bool = False) -> datetime:
        """When it all ends, with breaks at their planned or at their shortest length."""
        lengths = {
            item.id: item.shortest_minutes if shortest else item.minutes for item in items if isinstance(item, Break)
        }
        slots = self._laid(items, lengths)
        return slots[-1].end if slots else self.now

    def shortened(self, items: Sequence[Item]) -> bool:
        """Whether breaks must give for it."""
        return self.end(items) > self.evening.end

    def slots(self, items: Sequence[Item]) -> list[Slot]:
        """A time for each. The next break gives first, as far as it may; then the one after it."""
        over = max(0, (self.end(items) - self.evening.end) // MINUTE)
        lengths = {}
        for pause in items:
            if isinstance(pause, Break):
                gives = min(over, pause.minutes - pause.shortest_minutes)
                lengths[pause.id] = pause.minutes - gives
                over -= gives
        return self._laid(items, lengths)

    def in_a_row(self, items: Sequence[Item], place: int) -> bool:
        """Whether the talk at a place has the same presenter as one of its neighbours."""
        around = ([self._last] if place == 0 else [items[place - 1]]) + list(items[place + 1 : place + 2])
        one = items[place]
        return any(
            isinstance(one, Talk) and isinstance(other, Talk) and other.presenter == one.presenter for other in around
        )

    def _laid(self, items: Sequence[Item], lengths: dict[str, int]) -> list[Slot]:
        part = 1 + sum(slot.kind == "break" for slot in self._past)
        before, now = self._last, self.now
        slots: list[Slot] = []
        for item in items:
            if isinstance(item, Break):
                slots.append(BreakSlot(id=item.id, part=part, start=now, minutes=lengths[item.id]))
                part += 1
            else:
                now += MINUTE * (self.evening.changeover_before(item) if isinstance(before, Talk) else 0)
                slots.append(TalkSlot(id=item.id, part=part, start=now, minutes=item.minutes))
            before, now = item, slots[-1].end
        return slots


def _claims(talks: Sequence[Talk], heard: set[str]) -> dict[str, int]:
    """Who has the first claim on the time that is left: 0 before 1 before 2."""
    waiting = {talk.presenter for talk in talks if not talk.reserve} - heard
    claims = {}
    for talk in talks:
        claims[talk.id] = 2 if talk.reserve else 0 if talk.presenter in waiting else 1
        if not talk.reserve:
            waiting.discard(talk.presenter)
    return claims


def _only(wanted: Sequence[Item], kept: set[str]) -> list[Item]:
    """The kept talks, and the breaks up to the last of them."""
    last = max((number for number, item in enumerate(wanted) if item.id in kept), default=-1)
    return [item for item in wanted[: last + 1] if isinstance(item, Break) or item.id in kept]
